import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { OutputError } from '../../../src/errors.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { writeTranscript } from '../../../src/transcript/write-transcript.ts';
import { publishFixture } from '../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { hostileRuns } from '../../support/transcripts/hostile-runs.ts';
import { messageFixture } from '../../support/transcripts/message-fixture.ts';

const run = promisify(execFile);

/** The files of a folder by path, with their hashes. */
async function hashesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const hashes = paths.map(async (path) => [path.slice(folder.length + 1), sha256(await readFile(path))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}

describe('a transcript in one file', () => {
  it('is a bag that unzip and sha256sum accept, of the same pages, and of the same bytes each time', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, hostileRuns());
      await writeTranscript(archive, join(folder, 'one.zip'), { zip: true });
      await writeTranscript(archive, join(folder, 'other name'), { zip: true });
      await writeTranscript(archive, join(folder, 'pages'));
      expect(await readFile(join(folder, 'other name'))).toEqual(await readFile(join(folder, 'one.zip')));

      await run('unzip', ['-q', join(folder, 'one.zip'), '-d', join(folder, 'unpacked')]);
      const bag = join(folder, 'unpacked/transcript');
      expect(await hashesIn(join(bag, 'data'))).toEqual(await hashesIn(join(folder, 'pages')));
      expect((await readdir(bag)).sort()).toEqual([
        ...['bag-info.txt', 'bagit.txt', 'data', 'manifest-sha256.txt', 'tagmanifest-sha256.txt'],
      ]);
      expect(await readFile(join(bag, 'bagit.txt'), 'utf8')).toBe(
        'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
      );
      const sums = ['--strict', '--quiet', '-c', 'manifest-sha256.txt', 'tagmanifest-sha256.txt'];
      expect((await run('sha256sum', sums, { cwd: bag })).stdout).toBe('');
      const listed = (await readFile(join(bag, 'manifest-sha256.txt'), 'utf8')).match(/ {2}data\/.*$/gm) ?? [];
      const bytes = await Promise.all(listed.map(async (line) => (await readFile(join(bag, line.slice(2)))).length));
      const oxum = `${bytes.reduce((sum, one) => sum + one, 0)}.${Object.keys(await hashesIn(join(bag, 'data'))).length}`;
      expect(await readFile(join(bag, 'bag-info.txt'), 'utf8')).toContain(`Payload-Oxum: ${oxum}\n`);

      await writeFile(join(bag, 'data/style.css'), '');
      await expect(run('sha256sum', sums, { cwd: bag })).rejects.toMatchObject({
        stdout: expect.stringContaining('style.css: FAILED'),
      });
    }));

  it('leaves nothing behind when a page cannot be read, and says which', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, [{ tables: { messages: { first: [messageFixture('a')] } } }]);
      let reads = 0;
      const disk: Disk = {
        ...nodeDisk,
        readChunks: (path, from) => {
          if (path.endsWith('style.css')) reads += 1;
          if (reads === 2) throw new OutputError(`Cannot read "${path}": it is gone`);
          return nodeDisk.readChunks(path, from);
        },
      };
      const writing = writeTranscript(archive, join(folder, 'one.zip'), { zip: true, disk });
      await expect(writing).rejects.toThrow(/style\.css": it is gone/);
      expect(await readdir(folder)).toEqual(['archive']);
    }));
});
