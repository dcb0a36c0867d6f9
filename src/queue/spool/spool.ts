import { join } from 'node:path';
import { z } from 'zod';
import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { OutputError } from '../../errors.ts';
import type { Disk } from '../../system/disk.ts';

/** A folder that a run and its workers share: of each open run a folder with what is to be read, and the journals. */
export interface Spool {
  /** Made with the folder: it shows whether a run and a worker mean the same one. */
  readonly id: string;
  readonly folder: string;
}

const fileName = 'spool.json';
const spoolSchema = z.object({ id: z.string().min(1) });

/**
 * Opens the spool in a folder, or makes it. Whoever comes first gives it its id.
 *
 * @param newId of nothing else
 * @throws OutputError when the disk refuses, or the folder's file is damaged
 */
export async function openSpool(disk: Disk, folder: string, newId: string): Promise<Spool> {
  const path = join(folder, fileName);
  const found = await disk.readFile(path);
  if (found !== undefined) return { id: parseId(path, found), folder };
  await disk.makeFolder(folder);
  const temporary = `${path}.${newId}`;
  const file = await disk.open(temporary, 'truncate');
  try {
    await file.write(Buffer.from(`${JSON.stringify({ id: newId })}\n`));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.link(temporary, path);
  await disk.remove(temporary);
  await disk.syncFolder(folder);
  return { id: parseId(path, (await disk.readFile(path)) ?? Buffer.of()), folder };
}

function parseId(path: string, text: Buffer): string {
  try {
    return parseShape(spoolSchema, parseJson(text)).id;
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot use the spool: "${path}" is damaged`, {
      cause,
      hint: 'Remove the folder when no run uses it: it holds nothing but what open runs have read',
    });
  }
}
