import { OutputError } from '../errors.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import type { TypeNames } from '../schemas/type-names.ts';

/** A row of the answer to a query. */
export type QueryRow = Readonly<Record<string, unknown>>;

/** What differs between the databases, as far as loading is concerned: everything else is the same statements of SQL. */
export interface Engine {
  readonly types: TypeNames;
  /** Begins a transaction. */
  readonly begin: string;
  /** The first statement of the transaction, where `begin` alone does not keep others out. */
  readonly lock?: string;
  /** Whether tables have indexes: some engines are slower with them. */
  readonly hasIndexes: boolean;
  /**
   * Statements that make an index of unique keys, and one that finds rows by the first of them, of values of any length: after
   * an IndexLimitError. Absent: its indexes hold any.
   */
  readonly longIndexes?: LongIndexes;
  /** A column that a table has beside those of the archive, with its type. */
  readonly ownColumn?: string;
  /** Statements that make a full-text index of the column `text` of a table; none where the engine has none. */
  readonly textIndex: (table: string) => readonly string[];
  /** Statements that make it anew of the rows that are there, where it would keep words of removed ones. */
  readonly renewTextIndex: (table: string) => readonly string[];
  /** Runs a statement, or several. */
  readonly execute: (sql: string) => Promise<void>;
  /** For answers of some thousand rows at most. */
  readonly query: (sql: string) => Promise<readonly QueryRow[]>;
  readonly dropIndex: (index: string) => Promise<void>;
  /** Names of the columns of a table or view, in their order; empty: there is none. */
  readonly columns: (table: string) => Promise<readonly string[]>;
  /**
   * Replaces a view; does nothing where it is the same already, if replacing locks readers out.
   *
   * @param columns of the query, in its order, which the view may have in another
   */
  readonly replaceView: (view: string, query: string, columns: readonly string[]) => Promise<void>;
  readonly insert: (
    table: string,
    columns: readonly ColumnSpec[],
    rows: AsyncIterable<readonly Row[]>,
  ) => Promise<InsertedRows>;
  readonly close: () => Promise<void>;
}

export interface InsertedRows {
  readonly rows: number;
  /** Values with U+0000, which the engine cannot hold: there it is U+FFFD. */
  readonly replaced: number;
}

interface LongIndexes {
  readonly unique: (index: string, table: string, texts: readonly string[], others: readonly string[]) => string;
  readonly lookup: (index: string, table: string, column: string) => string;
}

/** A value is longer than an index of the engine holds. */
export class IndexLimitError extends OutputError {}
