import { UsageError } from '../errors.ts';
import type { Row } from '../model/column.ts';
import { elementTables, filesTableName, messageSources } from '../model/table-name.ts';
import type { ArchiveHistory, ArchiveRun } from '../snapshot/archive-history.ts';
import { tableFiles, type TableFile } from '../snapshot/table-files.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import { nullableColumns } from '../tables/stored-columns.ts';

const columnNames = ['message_id', 'room_id', 'room_name', 'user_id', 'username', 'ts', 'run'];

/**
 * Rows of elements have the sender's id beside the name of somebody else: who was mentioned, or who reacted. It says nothing of
 * whose the message is.
 */
const elementColumns = columnNames.filter((name) => name !== 'username');

/** What stands in an archive's tables, read for the columns that say whose it is. */
export class OwnedRows {
  readonly #reader: TableReader;
  readonly #history: ArchiveHistory;
  /** Runs without the table of messages that they read: only elements (mentions, links…) tell of those. */
  readonly #withoutMessages: ReadonlySet<number>;
  /**
   * By table of elements the first run without it: later ones may have read messages for it once more, also such as a filter or a
   * purge had kept out of the table of messages, and wrote nothing else of them.
   */
  readonly #firstWithout: ReadonlyMap<string, number>;

  constructor(reader: TableReader, history: ArchiveHistory) {
    this.#reader = reader;
    this.#history = history;
    this.#withoutMessages = new Set(history.everyRun.filter((run) => !hasItsMessages(run)).map(({ run }) => run));
    this.#firstWithout = new Map(
      elementTables.flatMap((table) => {
        const first = history.everyRun.find(({ tables }) => !Object.hasOwn(tables, table));
        return first === undefined ? [] : [[table, first.run] as const];
      }),
    );
  }

  /**
   * At least one row of each message that has any, in every version, but for those of which only files tell.
   *
   * @throws UsageError for a file without a needed column
   */
  async *ofMessages(needed: readonly string[]): AsyncGenerator<Row> {
    for (const table of messageSources) yield* this.of(table, needed);
    for (const table of elementTables) {
      const firstWithout = this.#firstWithout.get(table) ?? Number.POSITIVE_INFINITY;
      const isAlone = (run: number): boolean => this.#withoutMessages.has(run) || run > firstWithout;
      for (const file of this.#files(table)) {
        const isOfThose = file.isOfOthers ? this.#withoutMessages.size > 0 : this.#withoutMessages.has(file.place.run);
        if (!isOfThose && !isAlone(file.place.run)) continue;
        // Version 1 of the tables had no `user_id` here, and its program read nothing once more.
        for await (const row of this.#rows([file], table, isOfThose ? needed : [], elementColumns))
          if (typeof row['run'] === 'number' && isAlone(row['run'])) yield row;
      }
    }
  }

  /** Rows with the names that rooms and people have had. */
  async *ofNames(): AsyncGenerator<Row> {
    yield* this.ofMessages([]);
    for (const table of ['users', 'room_members', 'rooms']) yield* this.of(table, []);
  }

  /** Ids of the messages whose saved files no table of messages may know, and the rooms they are in. */
  async ofFilesAlone(): Promise<Map<string, string>> {
    const rooms = new Map<string, string>();
    if (this.#withoutMessages.size === 0) return rooms;
    for await (const row of this.of(filesTableName, [])) {
      const { message_id: id, room_id: roomId } = row;
      if (typeof id === 'string' && typeof roomId === 'string' && this.#isAlone(row)) rooms.set(id, roomId);
    }
    return rooms;
  }

  /** All rows of a table; none of one that the archive does not have. @throws UsageError for a file without a needed column */
  of(table: string, needed: readonly string[], names = columnNames): AsyncGenerator<Row> {
    return this.#rows(this.#files(table), table, needed, names);
  }

  #isAlone({ run }: Row): boolean {
    return typeof run === 'number' && this.#withoutMessages.has(run);
  }

  #files(table: string): readonly TableFile[] {
    const isThere = this.#history.runs.some(({ tables }) => Object.hasOwn(tables, table));
    if (!isThere) return [];
    try {
      return tableFiles(this.#history, table);
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      // Another format helps those who read: here the files of the plug-in would stay as they are.
      throw new UsageError(cause.message, {
        cause,
        hint: 'Nothing was changed. Files of a plug-in stay when the job gets another format, and nobody else can write them again. An archive that is begun by a job without that format can be purged',
      });
    }
  }

  async *#rows(
    files: readonly TableFile[],
    table: string,
    needed: readonly string[],
    names = columnNames,
  ): AsyncGenerator<Row> {
    const columns = nullableColumns(table, new Set(names));
    for (const file of files) {
      const present = await this.#reader.columns(file);
      const missing = needed.filter((name) => present?.includes(name) === false);
      if (missing.length > 0) {
        throw new UsageError(`Cannot purge: "${file.path}" has no column "${missing.join('" and "')}"`, {
          hint: 'Rows of a job that drops these columns (`dropColumns`) do not say whose they are',
        });
      }
      for await (const batch of this.#reader.rows(file, columns)) yield* batch;
    }
  }
}

function hasItsMessages({ messageTables, tables }: ArchiveRun): boolean {
  return [...messageTables].every((table) => Object.hasOwn(tables, table));
}
