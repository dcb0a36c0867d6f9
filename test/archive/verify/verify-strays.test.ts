import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findStrays } from '../../../src/archive/verify/verify-strays.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

/** What is found in an archive that holds these files; `messages/known.csv` is in a manifest. */
async function strays(paths: readonly string[], links: readonly string[] = []) {
  const disk = new MemoryDisk();
  await disk.makeFolder('/archive');
  for (const path of paths) {
    await disk.makeFolder(dirname(`/archive/${path}`));
    await (await disk.open(`/archive/${path}`, 'truncate')).write(Buffer.from('four'));
  }
  disk.isLink = (path) => Promise.resolve(links.includes(path));
  const named = ['messages/known.csv', 'KNOWN.txt'];
  return findStrays(disk, '/archive', (path) => named.includes(path), named);
}

describe('what lies in an archive and is in no manifest', () => {
  it('is a difference in a folder, however deep: readers of the table would take it for data', async () =>
    expect(await strays(['messages/known.csv', 'messages/more.csv', 'messages/month=1/x.csv', '_raw/run/x'])).toEqual({
      differences: ['_raw/run/x', 'messages/month=1/x.csv', 'messages/more.csv'].map((path) => ({
        path,
        problem: 'stray',
        expected: 'no such file: no manifest names it',
        actual: '4 bytes',
      })),
      skipped: [],
      notes: [],
    }));

  it('is worth a note beside the folders, where no reader of a table looks', async () =>
    expect(await strays(['README.txt', 'KNOWN.txt', '_state.json', '_lock.json'])).toEqual({
      differences: [],
      skipped: [],
      notes: ['"README.txt" is not part of the archive'],
    }));

  it.each(['.snapshot', '.Trash-0', 'lost+found'])(
    'is worth a note as %s, and is not looked into: it is the file system’s own, maybe huge or closed to us',
    async (name) =>
      expect(await strays([`${name}/messages/run-000001-0001.csv`, `${name}/x`])).toEqual({
        differences: [],
        skipped: [],
        notes: [`"${name}" is not part of the archive`],
      }),
  );

  it('is neither a difference nor a note in the folder of what is made from the archive, and that is said', async () =>
    expect(await strays(['_view/schema/views.sql', '_views/x'])).toEqual({
      differences: [expect.objectContaining({ path: '_views/x', problem: 'stray' })],
      skipped: ['_view'],
      notes: [],
    }));

  it('is nobody’s business in the folder of work, and beside a lock', async () =>
    expect(await strays(['_work/parts/x.csv', '_lock.heartbeat', '_lock.1-2.tmp'])).toEqual({
      differences: [],
      skipped: [],
      notes: [],
    }));

  it('is found behind a folder of a table that was made a link: readers of the table follow it', async () =>
    expect(await strays(['messages/known.csv', 'messages/zz-forged.csv'], ['/archive/messages'])).toMatchObject({
      differences: [{ path: 'messages/zz-forged.csv', problem: 'stray' }],
      notes: [],
    }));

  it('is found behind a link of a table that the archive lacks, too', async () =>
    expect((await strays(['mentions/x.csv'], ['/archive/mentions'])).differences).toMatchObject([
      { path: 'mentions/x.csv', problem: 'stray' },
    ]));

  it('is not looked for behind a link', async () =>
    expect(await strays(['linked/x.csv'], ['/archive/linked'])).toEqual({
      differences: [],
      skipped: [],
      notes: ['"linked" is a symbolic link: what lies behind it beside the files of the archive is not looked at'],
    }));
});
