import type { ColumnDescription } from '../model/column.ts';
import type { TableName } from '../model/table-name.ts';

/** What the files of a table are, by the endings of their names. */
export const fileExtensions = ['parquet', 'jsonl', 'jsonl.gz', 'jsonl.zst', 'csv', 'csv.gz', 'csv.zst'] as const;

export type FileExtension = (typeof fileExtensions)[number];

export type FilesFormat = 'parquet' | 'jsonl' | 'csv';

/** A table as an engine is told of it. */
export interface SchemaTable {
  readonly name: TableName;
  /** One sentence. */
  readonly meaning: string;
  /** Those of rows of older schemas included: what these lack is nullable. */
  readonly columns: readonly ColumnDescription[];
}

/** What a schema is written for. */
export interface SchemaRequest {
  readonly tables: readonly SchemaTable[];
  readonly files: FileExtension;
  /** Where the archive lies, without a slash at its end: `s3://bucket/archive`. */
  readonly location: string;
  /** The folders that the job makes of each table but those of rooms, users and members. */
  readonly partition: 'room' | 'month' | null;
}

/** A file that is written, by its path within whatever folder it goes to. */
export interface SchemaFile {
  readonly path: string;
  readonly text: string;
}

/** One engine or tool that schemas can be written for. */
export interface SchemaFormat {
  /** Which of the archive's formats it can load without loss; the first is the default. */
  readonly reads: readonly FilesFormat[];
  /** Why it reads no others; only where it does not read all. */
  readonly because?: string;
  /** Stands for the place of the archive where nobody says one. */
  readonly location: string;
  readonly write: (request: SchemaRequest) => readonly SchemaFile[];
}

export function filesFormat(files: FileExtension): FilesFormat {
  return files === 'parquet' ? files : files.startsWith('csv') ? 'csv' : 'jsonl';
}

/** `room` or `month` where the files of the table are in such folders: tables made from lists never are. */
export function folderColumn(table: SchemaTable, { partition }: SchemaRequest): 'room' | 'month' | null {
  return ['rooms', 'users', 'room_members'].includes(table.name) ? null : partition;
}
