import { ownCopy } from '../../model/text/own-copy.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { supersedes } from '../../snapshot/versions/newest-version.ts';
import { SeenIds } from '../../snapshot/versions/seen-ids.ts';
import { filesOfRuns, tableFiles, type TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { stepFiles } from '../load/step-files.ts';

/** Elements of a message as a target has them: those at the positions from 0 up to the count. */
interface Elements {
  readonly run: number;
  readonly count: number;
}

/** What stands in a table of elements: of a message that comes again, how many there were, so that those too many go. */
export class ElementCounts {
  readonly #reader: TableReader;
  readonly #known = new Map<string, Elements>();

  private constructor(reader: TableReader) {
    this.#reader = reader;
  }

  /**
   * Takes 16 bytes for each row that comes, and some hundred for each message that comes again.
   *
   * @param emitted number of the last link of which the target has the rows
   */
  static async since(
    emitted: number,
    { reader, history }: { readonly reader: TableReader; readonly history: ArchiveHistory },
    table: TableName,
  ): Promise<ElementCounts> {
    const counts = new ElementCounts(reader);
    const having = history.runs.filter(({ tables }) => (tables[table] ?? 0) > 0);
    const coming = having.filter(({ run }) => run > emitted);
    const seen = new SeenIds(coming.reduce((sum, { tables }) => sum + (tables[table] ?? 0), 0));
    for (const { run } of coming) {
      for await (const { id } of counts.#elements(stepFiles(history, table, new Set([run])))) {
        const first = seen.note(id, run);
        if (first !== undefined && first !== run) counts.#raise(id, { run: 0, count: 0 });
      }
    }
    const before = new Set(having.filter(({ run }) => run <= emitted).map(({ run }) => run));
    for await (const { id, ...elements } of counts.#elements(filesOfRuns(tableFiles(history, table), before))) {
      if (seen.has(id)) counts.#raise(id, elements);
    }
    return counts;
  }

  /**
   * Notes what a run brings.
   *
   * @param files with the rows of one run
   * @returns the positions that are gone, by message; a position of a message once
   */
  async replace(files: readonly TableFile[]): Promise<readonly { readonly id: string; readonly position: number }[]> {
    const coming = new Map<string, Elements>();
    for await (const { id, run, count } of this.#elements(files)) {
      if (!this.#known.has(id)) continue;
      coming.set(id, { run, count: Math.max(count, coming.get(id)?.count ?? 0) });
    }
    return [...coming].flatMap(([id, elements]) => {
      const before = this.#known.get(id)?.count ?? 0;
      this.#known.set(id, elements);
      const gone = Math.max(before - elements.count, 0);
      return Array.from({ length: gone }, (_, at) => ({ id, position: elements.count + at }));
    });
  }

  #raise(id: string, elements: Elements): void {
    const known = this.#known.get(id);
    if (!supersedes({ run: elements.run, isDeleted: elements.count === 0 }, known?.run)) return;
    const count = known?.run === elements.run ? Math.max(known.count, elements.count) : elements.count;
    this.#known.set(ownCopy(id), { run: elements.run, count });
  }

  async *#elements(files: readonly TableFile[]): AsyncGenerator<Elements & { readonly id: string }> {
    for (const file of files) {
      for await (const batch of this.#reader.rows(file, elementColumns)) {
        for (const row of batch) {
          const { message_id: id, run } = row;
          if (typeof id === 'string' && typeof run === 'number') yield { id, run, count: countUpTo(row) };
        }
      }
    }
  }
}

function countUpTo({ op, position }: Row): number {
  return op === 'delete' || typeof position !== 'number' ? 0 : position + 1;
}

const elementColumns: readonly ColumnSpec[] = [
  { name: 'message_id', type: { kind: 'string' }, nullable: true },
  { name: 'position', type: { kind: 'int' }, nullable: true },
  { name: 'op', type: { kind: 'string' }, nullable: true },
  { name: 'run', type: { kind: 'int' }, nullable: true },
];
