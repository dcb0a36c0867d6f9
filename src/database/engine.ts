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
  /** Names of the columns of a table, in their order; empty: there is no such table. */
  readonly columns: (table: string) => Promise<readonly string[]>;
  /** Replaces a view; does nothing where it is the same already, if replacing locks readers out. */
  readonly replaceView: (view: string, query: string) => Promise<void>;
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
