import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { intactHistory } from '../../snapshot/intact/intact-history.ts';
import { expectColumns } from '../../snapshot/expect-columns.ts';
import { messageFiles } from '../../snapshot/numbers/message-files.ts';
import type { Numbering } from '../../snapshot/numbers/numbering.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { nullableColumns } from '../../tables/stored-columns.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import { rowColumns } from './message-row.ts';
import type { Names } from './names.ts';
import { lineOfRow } from './row-line.ts';

/** What came of it. */
interface GatheredRows {
  readonly rows: number;
  /** Rows that have no place, because they lack an id or a time. */
  readonly misplaced: number;
}

/** Where the rows go. */
interface Gathering {
  readonly sort: Pick<ExternalSort, 'add'>;
  /** Of which messages the rows are handed to the sort; absent: of all. */
  readonly isWanted?: (messageId: string) => boolean;
  readonly numbering: Numbering;
  readonly names: Names;
  /** What a run counts as, where rows of several archives come together; absent: as itself. */
  readonly rankOf?: (run: number) => number;
  readonly onRows: (rows: number) => void;
}

const needed = new Set(['message_id', 'room_id', 'ts', 'run', 'op']);

/** Reads every row of the message tables once, numbers the messages and hands the rows that are not superseded to the sort. */
export async function gatherRows(
  reader: TableReader,
  history: ArchiveHistory,
  { sort, numbering, names, isWanted, rankOf, onRows }: Gathering,
): Promise<GatheredRows> {
  let [rows, misplaced] = [0, 0];
  const intact = await intactHistory(reader, history, (one) => messageFiles(one).map(({ file }) => file));
  for (const { source, file } of messageFiles(intact)) {
    const columns = nullableColumns(source, rowColumns);
    await expectColumns(
      reader,
      file,
      columns.filter(({ name }) => needed.has(name)),
    );
    for await (const batch of reader.rows(file, columns)) {
      for (const row of batch) {
        const { message_id: id, run, op } = row;
        // What is only known to be gone is no message of this archive.
        if (op !== 'delete' && typeof id === 'string') numbering.note(id, typeof run === 'number' ? run : 0);
        if (typeof run === 'number' && history.superseded.runs.has(run)) continue;
        if (isWanted !== undefined && typeof id === 'string' && !isWanted(id)) continue;
        const ranked = rankOf === undefined || typeof run !== 'number' ? row : { ...row, run: rankOf(run) };
        const line = lineOfRow(source, ranked);
        if (line === undefined) {
          misplaced += 1;
          continue;
        }
        names.note(ranked);
        const adding = sort.add(line);
        if (adding !== undefined) await adding;
      }
      rows += batch.length;
      onRows(rows);
    }
  }
  return { rows, misplaced };
}
