import type { FileCoverage } from '../../archive/manifest/coverage.ts';

/** What a run could not save of the files of messages, in a sentence. */
export function fileNotes(
  files:
    | { readonly kind: 'unlooked'; readonly because: string }
    | { readonly kind: 'saved'; readonly coverage: Pick<FileCoverage, 'notSaved'> }
    | undefined,
): readonly string[] {
  if (files === undefined) return [];
  if (files.kind === 'unlooked') {
    return [`No file of a message was saved: which ones the archive has could not be looked up: ${files.because}.`];
  }
  const counts = Object.entries(files.coverage.notSaved);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const said = counts.map(([status, count]) => `${count} ${status}`).join(', ');
  return [
    `${total === 1 ? 'One file' : `${total} files`} of messages ${total === 1 ? 'is' : 'are'} not in the archive (${said}): the table "files" says why, and the next run tries again.`,
  ];
}
