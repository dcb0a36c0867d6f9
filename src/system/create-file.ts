import { OutputError } from '../errors.ts';
import type { Disk } from './disk.ts';

/** Writes a small file that nobody may have made before, readable by its owner only. @throws OutputError when there is one */
export async function createFile(disk: Disk, path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await disk.open(temporary, 'truncate');
  try {
    await file.write(Buffer.from(content));
    await file.sync();
  } finally {
    await file.close();
  }
  const isNew = await disk.link(temporary, path);
  await disk.remove(temporary);
  if (!isNew) throw new OutputError(`Cannot make "${path}": there is such a file`, { hint: 'Name another file' });
}
