import { dirname } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { UsageError } from '../errors.ts';
import type { Sink, TableWriter } from '../sinks/sink.ts';
import { storedRowsWriter } from '../sinks/parquet/parquet.ts';
import type { CopiedTable } from './current-table.ts';

interface WriteOptions {
  /** Looked at after every batch; when it is aborted, its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Told the rows so far. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Writes a table to a file that appears whole or not at all, and never in place of another.
 *
 * @param path absolute; folders on the way are made
 * @param temporary name for the file while it is made, in the same folder; removed whatever happens
 * @returns rows written
 * @throws UsageError when the name is taken; what the table, the sink or the disk throws
 */
export async function writeCurrentTable(
  disk: Disk,
  sink: Sink,
  table: CopiedTable,
  place: { readonly path: string; readonly temporary: string },
  options: WriteOptions,
): Promise<number> {
  const { path, temporary } = place;
  await expectNoFile(disk, path);
  await disk.makeFolder(dirname(path));
  let rows: number;
  try {
    rows = await copyRows(sink, table, temporary, options);
    // One step that makes the name or finds it taken: whatever came there meanwhile stays.
    if (!(await disk.link(temporary, path))) nameIsTaken(path);
  } catch (error) {
    // What went wrong outweighs what goes wrong with tidying up.
    await disk.remove(temporary).catch(() => undefined);
    throw error;
  }
  await disk.remove(temporary);
  await disk.syncFolder(dirname(path));
  return rows;
}

/** Writes a table to where nothing has to appear at once: `path` is whatever the sink's disk makes of it. */
export async function copyRows(
  sink: Sink,
  table: CopiedTable,
  path: string,
  { signal, onRows }: WriteOptions,
): Promise<number> {
  let writer: TableWriter | undefined;
  try {
    const { name, columns, metadata } = table;
    writer = await sink.open(path, { table: name, columns, metadata });
    let written = 0;
    for await (const rows of writtenPieces(writer, table)) {
      written += rows;
      onRows?.(written);
      signal?.throwIfAborted();
    }
    await writer.close();
    return written;
  } catch (error) {
    await writer?.abort();
    throw error;
  }
}

/** Writes a piece and yields how many rows it had. */
async function* writtenPieces(writer: TableWriter, { rows, pieces }: CopiedTable): AsyncGenerator<number> {
  const columnWriter = storedRowsWriter(writer);
  if (columnWriter === undefined) {
    for await (const batch of rows) {
      await writer.write(batch);
      yield batch.length;
    }
    return;
  }
  for await (const piece of pieces) {
    if (piece.kind === 'rows') await writer.write(piece.rows);
    else await columnWriter.writeStored(piece.rows, piece.rows.rows);
    yield piece.kind === 'rows' ? piece.rows.length : piece.rows.keptRows();
  }
}

/** @throws UsageError when the name is taken */
export async function expectNoFile(disk: Disk, path: string): Promise<void> {
  if ((await disk.sizeBytes(path)) !== undefined) nameIsTaken(path);
}

function nameIsTaken(path: string): never {
  throw new UsageError(`Cannot write "${path}": there is such a file, and no file is ever overwritten`, {
    hint: 'Remove it, or choose another name',
  });
}
