import { manifestPath } from '../../archive/paths.ts';
import type { Compaction } from '../../compaction/compact-archive.ts';
import { count, counted } from '../../model/text/counted.ts';
import { duration } from './amounts.ts';
import { textTable } from './text/text-table.ts';

/** What a compaction did, for people. @param archive as the user named it */
export function compactionReport(archive: string, compaction: Compaction, tookMs: number): string {
  return compaction.kind === 'nothing-to-do'
    ? `${archive}: nothing to do, its ${counted(compaction.files, 'file')} cannot be merged further\n${noteLines(compaction.notes)}`
    : compactedReport(archive, compaction, tookMs);
}

function compactedReport(
  archive: string,
  { manifest, filesBefore, filesAfter }: Extract<Compaction, { readonly kind: 'compacted' }>,
  tookMs: number,
): string {
  const { run, compacted, notes } = manifest;
  return [
    `${archive}: compaction ${run}, ${counted(filesBefore, 'file')} became ${count(filesAfter)}, ${duration(tookMs)}\n`,
    '\n',
    textTable(
      [
        { title: 'table' },
        { title: 'format' },
        { title: 'rows before', align: 'right' },
        { title: 'rows after', align: 'right' },
      ],
      compacted.map(({ table, extension, rowsBefore, rowsAfter }) => [
        ...[table, extension, count(rowsBefore), count(rowsAfter)],
      ]),
    ),
    '\n',
    noteLines(notes),
    `manifest: ${archive}/${manifestPath(run)}\n`,
  ].join('');
}

function noteLines(notes: readonly string[]): string {
  return notes.map((note) => `note: ${note}\n`).join('');
}
