import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { Disk } from '../system/disk.ts';
import { isReadableFormat, type ReadableFormat } from '../readers/data-file.ts';
import { describeDataFile, type DataFileDescription } from '../readers/describe-data-file.ts';
import type { SinkOptions } from '../model/sink-options.ts';
import type { ColumnSpec } from '../model/column.ts';
import { storedColumns } from '../tables/stored-columns.ts';
import { schemaVersion } from '../tables/tables.ts';
import { checkFile } from './check-file.ts';

/** What the rows of two files must have in common to stand in one. */
export interface StoredSchema {
  readonly format: ReadableFormat;
  readonly columns: readonly ColumnSpec[];
  /** Of the sink that wrote the file, as far as the file shows them. */
  readonly options: SinkOptions;
  /** Of Parquet; does not keep files apart. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Why a file cannot be rewritten: what it holds is not known well enough to be written again. */
export interface Unknown {
  readonly kind: 'unknown';
  /** Goes on from "files of …". */
  readonly because: string;
}

interface KnownSchema {
  readonly kind: 'known';
  readonly schema: StoredSchema;
}

/** @throws DifferenceError when the file is not what its manifest says; OutputError when it cannot be read all the same */
export async function schemaOf(disk: Disk, archive: string, file: ArchiveFile): Promise<KnownSchema | Unknown> {
  const { format } = file;
  if (!isReadableFormat(format)) return unknown('only the sink that wrote them knows the format');
  // Columns of older versions are read as those of this one, and get its others: see upgradeSchemas.
  if (file.schemaVersion > schemaVersion) {
    return unknown(`their columns are of version ${file.schemaVersion}, and this program knows ${schemaVersion}`);
  }
  const { columns, options, metadata } = await describe(disk, archive, { ...file, format });
  const specs = columnsByTable.get(file.table);
  if (specs === undefined) return unknown('this program does not know the table');
  const known: ColumnSpec[] = [];
  for (const name of columns ?? []) {
    const spec = specs.get(name);
    if (spec === undefined) {
      // A damaged header is the likelier reason.
      await checkFile(disk, archive, file);
      return unknown(`this program does not know their column "${name}"`);
    }
    known.push(spec);
  }
  return { kind: 'known', schema: { format, columns: known, options, metadata } };
}

async function describe(
  disk: Disk,
  archive: string,
  file: ArchiveFile & { readonly format: ReadableFormat },
): Promise<DataFileDescription> {
  try {
    return await describeDataFile(disk, { path: join(archive, file.path), format: file.format });
  } catch (error) {
    // A file that was damaged is the likelier reason, and the better message.
    await checkFile(disk, archive, file);
    throw error;
  }
}

export function haveSameSchema(a: StoredSchema, b: StoredSchema): boolean {
  return isDeepStrictEqual([a.format, a.columns, a.options], [b.format, b.columns, b.options]);
}

const unknown = (because: string): Unknown => ({ kind: 'unknown', because });

const columnsByTable: ReadonlyMap<string, ReadonlyMap<string, ColumnSpec>> = new Map(
  [...storedColumns].map(([table, columns]) => [table, new Map(columns.map((column) => [column.name, column]))]),
);

export interface FileWithSchema {
  readonly file: ArchiveFile;
  readonly schema: StoredSchema;
}
