import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutputError } from '../../src/errors.ts';
import { OutputFile } from '../../src/sinks/output-file.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

describe('OutputFile', () => {
  const pathOf = temporaryFolder();

  it('writes the bytes in order, whatever the sizes of the pieces, and tells their size and SHA-256', async () => {
    const sizes = fc.array(
      fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(512 * 1024 - 1, 512 * 1024, 1024 * 1024 + 1)),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const pieces = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        const file = await OutputFile.open(countingDisk(), pathOf('pieces'));
        for (const piece of pieces) await file.write(piece);
        const digest = await file.close();
        const all = Buffer.concat(pieces);
        expect((await readFile(pathOf('pieces'))).equals(all)).toBe(true);
        expect(digest).toEqual({ sizeBytes: all.length, sha256: createHash('sha256').update(all).digest('hex') });
      }),
      { numRuns: quickOrLong(8, 20) },
    );
  });

  it('keeps no hold on the bytes it was given', async () => {
    const file = await OutputFile.open(countingDisk(), pathOf('reused'));
    const reused = Buffer.from('first');
    await file.write(reused);
    reused.write('other');
    await file.write(reused);
    await file.close();
    expect(await readFile(pathOf('reused'), 'utf8')).toBe('firstother');
  });

  it('flushes the file to the disk before it closes it', async () => {
    const order: string[] = [];
    const disk = countingDisk();
    const file = await OutputFile.open(
      {
        ...disk,
        open: () =>
          Promise.resolve({
            write: () => Promise.resolve(void order.push('write')),
            sync: () => Promise.resolve(void order.push('sync')),
            close: () => Promise.resolve(void order.push('close')),
          }),
      },
      pathOf('ordered'),
    );
    await file.write(Buffer.from('x'));
    await file.close();
    expect(order).toEqual(['write', 'sync', 'close']);
  });

  it.each(['write', 'sync', 'close'])('says so when %s fails, once, and abort does nothing more', async (failing) => {
    const disk = countingDisk(['write', 'sync', 'close'].indexOf(failing));
    const file = await OutputFile.open(disk, pathOf('failing'));
    await file.write(Buffer.from('x'));
    await expect(file.close()).rejects.toBeInstanceOf(OutputError);
    await file.abort();
    expect(disk.openHandles()).toBe(0);
  });

  it('never throws from abort', async () => {
    const disk = countingDisk(0);
    const file = await OutputFile.open(disk, pathOf('aborted'));
    await file.abort();
    await file.abort();
    expect(disk.openHandles()).toBe(0);
  });
});
