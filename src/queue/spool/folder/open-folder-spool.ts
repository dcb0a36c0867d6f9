import { join } from 'node:path';
import type { Disk } from '../../../system/disk.ts';
import { isRunKey, type Spool } from '../spool.ts';
import { parseSpoolId, spoolFileName, spoolIdText } from '../spool-id.ts';
import { FolderRun } from './folder-run.ts';

/**
 * Opens the spool in a folder, or makes it. Whoever comes first gives it its id.
 *
 * @param newId of nothing else
 * @throws OutputError when the disk refuses, or the folder's file is damaged
 */
export async function openFolderSpool(disk: Disk, folder: string, newId: string): Promise<Spool> {
  const path = join(folder, spoolFileName);
  const found = await disk.readFile(path);
  if (found !== undefined) return folderSpool(disk, folder, parseSpoolId(path, found));
  await disk.makeFolder(folder);
  const temporary = `${path}.${newId}`;
  const file = await disk.open(temporary, 'truncate');
  try {
    await file.write(Buffer.from(spoolIdText(newId)));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.link(temporary, path);
  await disk.remove(temporary);
  await disk.syncFolder(folder);
  return folderSpool(disk, folder, parseSpoolId(path, (await disk.readFile(path)) ?? Buffer.of()));
}

function folderSpool(disk: Disk, folder: string, id: string): Spool {
  return {
    id,
    shown: `"${folder}"`,
    run: (key) => new FolderRun(disk, folder, key),
    keys: async () => ((await disk.list(folder)) ?? []).filter(isRunKey),
    close: () => Promise.resolve(),
  };
}
