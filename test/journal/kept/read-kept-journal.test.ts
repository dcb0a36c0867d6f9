import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodeFrame } from '../../../src/journal/frame.ts';
import { compressJournals } from '../../../src/journal/kept/compress-journals.ts';
import { readKeptJournal } from '../../../src/journal/kept/read-kept-journal.ts';
import { nodeDisk, replaceFile } from '../../../src/system/disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';

const inFolder = temporaryFolder();
const bodies = Array.from({ length: 40 }, (_, at) => `page ${at} ${'x'.repeat(at * 5_000)}`);
const journal = Buffer.concat(
  bodies.map((body) => encodeFrame({ kind: 'answer', endpoint: 'me', params: {} }, Buffer.from(body))),
);

async function bodiesOf(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { body } of readKeptJournal(nodeDisk, path)) found.push(body.toString());
  return found;
}

/** The journal and another one, kept. */
async function kept(name: string, names?: readonly string[]): Promise<string> {
  const [from, to] = [inFolder(name, 'journal'), inFolder(name, 'raw')];
  await nodeDisk.makeFolder(from);
  await replaceFile(nodeDisk, join(from, '0001.pages'), journal);
  await replaceFile(nodeDisk, join(from, '0002.pages'), '');
  await nodeDisk.makeFolder(to);
  await replaceFile(nodeDisk, join(to, 'of-an-attempt-that-was-cut'), '');
  await compressJournals(nodeDisk, from, to, names);
  return to;
}

describe('a journal that is kept', () => {
  it('is read as it was written, compressed or as earlier builds kept it', async () => {
    const to = await kept('whole');
    expect(await nodeDisk.list(to)).toEqual(['0001.pages.gz', '0002.pages.gz']);
    expect(await bodiesOf(join(to, '0001.pages.gz'))).toEqual(bodies);
    expect(await bodiesOf(join(to, '../journal/0001.pages'))).toEqual(bodies);
    expect(await bodiesOf(join(to, '0002.pages.gz'))).toEqual([]);
    expect(await nodeDisk.list(await kept('some', ['0002.pages']))).toEqual(['0002.pages.gz']);
  });

  it('is what gunzip makes of it, has no name, time or system in it, and the same bytes each time', async () => {
    const path = join(await kept('once'), '0001.pages.gz');
    expect(execFileSync('gunzip', ['-c', path], { maxBuffer: 1 << 26 }).equals(journal)).toBe(true);
    const bytes = await readFile(path);
    expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    expect((await readFile(join(await kept('twice'), '0001.pages.gz'))).equals(bytes)).toBe(true);
  });

  it('is refused with its name where it was damaged or cut', async () => {
    const path = join(await kept('damaged'), '0001.pages.gz');
    const bytes = await readFile(path);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 6] = (flipped[bytes.length - 6] ?? 0) ^ 1;
    for (const damaged of [flipped, bytes.subarray(0, -20), Buffer.from('no gzip file')]) {
      await writeFile(path, damaged);
      await expect(bodiesOf(path)).rejects.toMatchObject({
        message: `Cannot read "${path}": it is no gzip file, or damaged`,
        hint: 'Restore the file from a backup; `verify` names every file that is not what it was',
      });
    }
  });

  it('is not called damaged where the disk fails', async () => {
    for (const broken of [new Error('the disk fails'), Object.assign(new Error('the disk fails'), { code: 'EIO' })]) {
      const readChunks = async function* (): AsyncGenerator<Uint8Array> {
        yield await Promise.reject<Uint8Array>(broken);
      };
      await expect(readKeptJournal({ readChunks }, '/0001.pages.gz').next()).rejects.toBe(broken);
    }
  });
});
