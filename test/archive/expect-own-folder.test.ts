import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectOwnFolder } from '../../src/archive/expect-own-folder.ts';
import { OutputError } from '../../src/errors.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';

async function outcome(files: readonly string[], output: string): Promise<unknown> {
  return inTemporaryFolder(async (folder) => {
    for (const file of files) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), '');
    }
    const error: unknown = await expectOwnFolder(nodeDisk, join(folder, output)).catch((reason: unknown) => reason);
    if (error === undefined) return 'fine';
    if (!(error instanceof OutputError) || error.hint === undefined) return error;
    return error.message.replaceAll(folder, '');
  });
}

describe('a run into a folder that is not its own', () => {
  const inAnother =
    'Cannot write an archive to "/n1/messages/more": it lies in the archive "/n1", which holds the files of its runs only';
  it.each([
    ['published', ['n1/_manifest/run-000001.json']],
    ['with a state', ['n1/_state.json']],
    ['whose first run is open', ['n1/_work/run.json']],
    ['also where an archive lies there already', ['n1/_state.json', 'n1/messages/more/_manifest/run-000001.json']],
  ])('is refused in another archive, %s', async (_case, files) => {
    expect(await outcome(files, 'n1/messages/more')).toBe(inAnother);
  });

  it.each([
    [['out/a/_state.json'], 'the archive "a"'],
    [['out/notes.txt', 'out/.DS_Store'], '"notes.txt"'],
    [['out/1', 'out/2', 'out/3', 'out/4'], '"1", "2", "3"… (4 names)'],
    [['out/messages/rows.csv', 'out/_work/old'], '"messages"'],
  ])('is refused where the folder holds %j', async (files, what) => {
    expect(await outcome(files, 'out')).toBe(
      `Cannot begin an archive in "/out": it holds ${what}, and no archive shares its folder`,
    );
  });

  it('is refused where a file has its name, by check, too, which makes no folder', async () => {
    expect(await outcome(['out'], 'out')).toBe('Cannot begin an archive in "/out": it is a file');
  });

  it.each([
    ['absent', []],
    ['beside another archive', ['other/_state.json', 'other/_manifest/run-000001.json']],
    ['with the files of a system', ['out/.DS_Store', 'out/lost+found/1']],
    ['cut before its plan was written', ['out/_lock.json', 'out/_work/run.json.tmp']],
    ['cut in its first run', ['out/_work/run.json', 'out/messages/rows.csv']],
    ['an archive with files of people', ['out/_manifest/run-000001.json', 'out/notes.txt']],
    [
      'an archive whose manifests are gone, which has an error of its own',
      ['out/_manifest/SHA256SUMS', 'out/messages/1'],
    ],
    ['below what only has the names of an archive', ['_work/1/a', '_manifest/spdx_2.2/manifest.spdx.json']],
  ])('goes on: %s', async (_case, files) => {
    expect(await outcome(files, 'out')).toBe('fine');
  });
});
