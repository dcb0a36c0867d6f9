import { filesTableName, wholeMessageTables } from '../model/table-name.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import type { Completion } from '../model/run/load-result.ts';
import type { ArchiveHistory, ArchiveRun } from '../snapshot/archive-history.ts';
import { droppedColumns } from '../snapshot/superseded/dropped-columns.ts';

/**
 * The runs that read messages, did not look for all of their files that the job asks for, and have no rows that show which
 * those are: a job that begins to save files, or saves more of them, finds those of earlier messages by their rows.
 */
export function unshownFiles(
  { runs, forgotten }: Pick<ArchiveHistory, 'runs' | 'forgotten'>,
  asked: AttachmentOptions,
): Completion['columns'] {
  const unshown = runs.filter((run) => run.run > forgotten && !looksForAll(run.attachments, asked) && !showsFiles(run));
  const reasons = [
    ['they saved no files', unshown.filter(({ attachments }) => attachments === null)],
    ['they looked for fewer files than the job does now', unshown.filter(({ attachments }) => attachments !== null)],
  ] as const;
  return reasons.flatMap(([because, of]) => {
    if (of.length === 0) return [];
    return [
      {
        table: filesTableName,
        columns: null,
        runs: of.map(({ run }) => run),
        because: `${because}, and no table of theirs shows those of their messages (\`messages\` with \`attachments\`, or the table \`attachments\`): after \`state forget\` the next run reads every room again and saves them`,
      },
    ];
  });
}

/** Not by size: what was too large has a row in the table of files. */
function looksForAll(earlier: AttachmentOptions | null, asked: AttachmentOptions): boolean {
  if (earlier === null) return false;
  const isExclusion = (pattern: string): boolean => pattern.startsWith('!');
  const chosen = ({ rooms = [] }: AttachmentOptions): readonly string[] => rooms.filter((room) => !isExclusion(room));
  const excluded = ({ rooms = [] }: AttachmentOptions): readonly string[] => rooms.filter(isExclusion);
  return (
    holds(earlier.types ?? [], asked.types ?? []) &&
    holds(chosen(earlier), chosen(asked)) &&
    excluded(earlier).every((room) => excluded(asked).includes(room))
  );
}

/** Whether some patterns find whatever others do, as far as that is plain; none finds all. */
function holds(some: readonly string[], others: readonly string[]): boolean {
  const reaches = (pattern: string, other: string): boolean =>
    pattern === other || (/^[^*?[]*\*$/.test(pattern) && other.startsWith(pattern.slice(0, -1)));
  const all = others.length === 0 ? ['*'] : others;
  return some.length === 0 || all.every((other) => some.some((pattern) => reaches(pattern, other)));
}

function showsFiles({ messageTables, tables, steps }: ArchiveRun): boolean {
  const dropped = droppedColumns({ steps });
  const isMade = (table: string): boolean => Object.hasOwn(tables, table);
  if (isMade('attachments') && !dropped.includes('file_id') && !dropped.includes('kind')) return true;
  if (dropped.includes('attachments')) return messageTables.size === 0;
  return wholeMessageTables.every((table) => !messageTables.has(table) || isMade(table));
}
