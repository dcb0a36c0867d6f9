import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashFile, sha256 } from '../../src/archive/hash-file.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { OutputError } from '../../src/errors.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';

describe('hashFile', () => {
  it.each([0, 1, (1 << 20) - 1, 1 << 20, (1 << 21) + 17])(
    'agrees with a hash of the whole for %d bytes',
    async (size) => {
      await inTemporaryFolder(async (folder) => {
        const bytes = randomBytes(size);
        await writeFile(join(folder, 'file'), bytes);
        let largest = 0;
        const disk = {
          ...nodeDisk,
          async *readChunks(path: string, fromByte?: number) {
            for await (const chunk of nodeDisk.readChunks(path, fromByte)) {
              largest = Math.max(largest, chunk.length);
              yield chunk;
            }
          },
        };
        expect(await hashFile(disk, join(folder, 'file'))).toBe(sha256(bytes));
        expect(largest).toBeLessThanOrEqual(1 << 20);
      });
    },
  );

  it('says which file it cannot read', async () => {
    await inTemporaryFolder(async (folder) => {
      const reading = hashFile(nodeDisk, join(folder, 'nothing'));
      await expect(reading).rejects.toThrow(OutputError);
      await expect(reading).rejects.toThrow(/nothing": ENOENT/);
    });
  });
});
