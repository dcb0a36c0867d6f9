import type { FileCoverage } from '../archive/manifest/coverage.ts';
import type { HashedFile } from '../archive/manifest/manifest.ts';
import { hasNoPicture } from '../model/files/avatar.ts';
import { type FileOutcome, fileStatuses, isSaved } from '../model/files/file-reference.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import type { ExportedFile } from '../tables/files.ts';
import type { ArchivedFiles, UnsavedFile } from './archived-files.ts';
import type { WantedFiles } from './wanted-files.ts';

/** What a run made of the files it set out to save. */
interface FilesResult {
  /** Those that the table lacks: of a file of which nothing new is known it has a row. */
  readonly rows: readonly ExportedFile[];
  readonly attachments: readonly HashedFile[];
  readonly coverage: FileCoverage;
  /** Of the files that the messages of this run show. */
  readonly shownNotSaved: number;
}

type Shown = NonNullable<LoadResult['shown']>;

/** More are in the table. */
const mostNamed = 100;

/**
 * Puts together what is said of files, in the order in which they were wanted, whatever the order in which they came.
 *
 * @param shown by the messages of the run, and which of these are deleted
 */
export function filesResult(
  run: number,
  { wanted, isSavedBefore }: WantedFiles,
  outcomes: ReadonlyMap<string, FileOutcome>,
  archived: ArchivedFiles,
  { files: shown, goneMessageIds }: Shown,
): FilesResult {
  const gone = new Set([...archived.goneMessageIds, ...goneMessageIds]);
  const rows: ExportedFile[] = [];
  const attachments: HashedFile[] = [];
  const unsaved = new Map<string, UnsavedFile>(archived.unsaved);
  for (const { reference } of wanted) {
    const { fileId, messageId } = reference;
    const came = outcomes.get(fileId);
    if (came === undefined) continue;
    const isGone = came.status === 'missing' && messageId !== null && gone.has(messageId);
    const outcome: FileOutcome = isGone ? { ...came, status: 'gone', error: 'its message was deleted' } : came;
    const known = archived.unsaved.get(fileId);
    const isNews = known?.status !== outcome.status || known.error !== outcome.error;
    if (isNews) rows.push({ reference, outcome, run });
    const { path, sizeBytes, sha256, status, error } = outcome;
    if (isSaved(outcome)) unsaved.delete(fileId);
    else unsaved.set(fileId, { reference, status, error });
    if (path !== null && sizeBytes !== null && sha256 !== null) attachments.push({ path, sizeBytes, sha256 });
  }
  const saved = new Set(rows.filter(({ outcome }) => isSaved(outcome)).map(({ reference }) => reference.fileId));
  const lacking = shown.filter(({ fileId }) => !saved.has(fileId) && !isSavedBefore(fileId));
  return {
    rows,
    attachments,
    coverage: coverageOf(attachments, [...unsaved.values()]),
    shownNotSaved: lacking.length,
  };
}

function coverageOf(attachments: readonly HashedFile[], notSaved: readonly UnsavedFile[]): FileCoverage {
  const unsaved = notSaved.filter((file) => !hasNoPicture(file));
  const counts = fileStatuses.map(
    (status) => [status, unsaved.filter((file) => file.status === status).length] as const,
  );
  return {
    saved: attachments.length,
    savedBytes: attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    notSaved: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    named: unsaved.slice(0, mostNamed).map(({ reference: { fileId, roomId, name }, status, error }) => {
      return { fileId, roomId, name, status, error };
    }),
  };
}
