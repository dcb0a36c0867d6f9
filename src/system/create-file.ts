import { OutputError } from '../errors.ts';
import type { Disk } from './disk.ts';

/** Writes a small file that nobody may have made before, readable by its owner only. @throws OutputError when there is one */
export async function createFile(disk: Disk, path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  let isNew: boolean;
  try {
    const file = await disk.open(temporary, 'truncate');
    try {
      await file.write(Buffer.from(content));
      await file.sync();
    } finally {
      await file.close();
    }
    isNew = await disk.link(temporary, path);
  } finally {
    // Also where the disk is full: it may hold half of a private key.
    await disk.remove(temporary);
  }
  if (!isNew) throw new OutputError(`Cannot make "${path}": there is such a file`, { hint: 'Name another file' });
}
