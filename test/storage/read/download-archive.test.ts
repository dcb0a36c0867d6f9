import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { downloadArchive } from '../../../src/storage/read/download-archive.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { failure } from '../../support/failure.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { here } from '../../support/runs/run-here.ts';
import { openBucketAt } from '../../support/storage/open-bucket.ts';
import { pullHere, pushHere } from '../../support/storage/push-here.ts';
import { startedStores } from '../../support/storage/started-store.ts';
import type { StrictS3Options } from '../../support/storage/strict-s3.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const storeWith = startedStores();
const { signer, publicPem } = sampleKey(1);
let folders = 0;
const newFolder = (): string => inFolder(`folder-${++folders}`);

async function pushed(options: StrictS3Options = {}) {
  const store = await storeWith(options);
  const archive = newFolder();
  await publishRuns(nodeDisk, archive, 2, true, signer);
  await pushHere(archive, store.variables);
  return { store, archive };
}

describe('a pull', () => {
  it('makes an archive like any other, and is continued like it: its next run can be pushed', async () => {
    const { store } = await pushed();
    const folder = newFolder();
    mkdirSync(folder);
    expect(await pullHere(store.variables, folder)).toMatchObject({ runs: 2 });
    expect(await verifyArchive(folder, { publicKey: publicPem })).toMatchObject({
      runs: 2,
      differences: [],
      notes: [],
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('_lock'))).toEqual([]);
    expect(await pushHere(folder, store.variables)).toMatchObject({ links: 0 });
  });

  it.each(quickOrLong([9], [2, 3, 5, 7, 9, 11, 14, 17, 20]))(
    'that is cut at request %d leaves no archive, and is continued',
    async (cutAt) => {
      let from = Number.POSITIVE_INFINITY;
      const { store } = await pushed({ fault: (at) => (at >= from ? 'cut-before' : undefined) });
      const folder = newFolder();
      from = store.requests.length + cutAt;
      expect(await failure(pullHere(store.variables, folder))).toMatchObject({ exitCode: 69 });
      expect(await nodeDisk.list(folder)).toBeUndefined();
      from = Number.POSITIVE_INFINITY;
      await pullHere(store.variables, folder);
      expect(await verifyArchive(folder)).toMatchObject({ runs: 2, differences: [], notes: [] });
      expect(await nodeDisk.list(`${folder}.pulling`)).toBeUndefined();
    },
  );

  it('keeps no object that is not what its manifest says', async () => {
    const { store } = await pushed();
    const objects = store.bucket('archives');
    const key = [...objects.versions.keys()].find((name) => name.startsWith('nightly/messages/')) ?? '';
    objects.put(key, Buffer.alloc(objects.current(key)?.bytes?.length ?? 0), {});
    const folder = newFolder();
    expect(await failure(pullHere(store.variables, folder))).toMatchObject({ exitCode: 2 });
    expect(await nodeDisk.list(folder)).toBeUndefined();
  });

  it.each(quickOrLong(['version-1/compacted'], ['version-1/compacted', 'version-1/published', 'version-2']))(
    'brings archives of %s as they were',
    async (name) => {
      const store = await storeWith();
      const archive = join(import.meta.dirname, '../../fixtures', name);
      await pushHere(archive, store.variables);
      const folder = newFolder();
      await pullHere(store.variables, folder);
      const filesIn = (place: string): readonly string[] =>
        readdirSync(place, { recursive: true, encoding: 'utf8' })
          .filter((path) => statSync(join(place, path)).isFile())
          .map((path) => `${path} ${readFileSync(join(place, path), 'latin1')}`)
          .sort();
      expect(filesIn(folder)).toEqual(filesIn(archive));
    },
  );

  it('writes into nothing that is there', async () => {
    const { store, archive } = await pushed();
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const file = newFolder();
    writeFileSync(file, 'mine');
    for (const place of [archive, join(archive, 'inner'), folder, file]) {
      expect(await failure(pullHere(store.variables, place))).toMatchObject({ exitCode: 73, hint: expect.any(String) });
    }
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  longIt('removes nothing that lies in <output>.pulling and that no pull has left there', async () => {
    const { store } = await pushed();
    const folder = newFolder();
    mkdirSync(`${folder}.pulling/mine`, { recursive: true });
    writeFileSync(join(`${folder}.pulling`, 'mine/thesis.txt'), 'mine');
    expect(await failure(pullHere(store.variables, folder))).toMatchObject({
      exitCode: 73,
      message: expect.stringContaining(`"${folder}.pulling"`),
    });
    expect(readFileSync(join(`${folder}.pulling`, 'mine/thesis.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(`${folder}.pulling`)).toEqual(['mine']);
  });

  it('ends with 64 where there is no archive, and leaves nothing', async () => {
    const store = await storeWith();
    const folder = newFolder();
    expect(await failure(pullHere(store.variables, folder))).toMatchObject({
      exitCode: 64,
      message: 'Cannot pull "s3://archives/nightly": no archive was pushed there',
    });
    expect(await nodeDisk.list(`${folder}.pulling`)).toBeUndefined();
  });

  it('ends in order when it is interrupted', async () => {
    const { store } = await pushed();
    const folder = newFolder();
    const cut = new AbortController();
    const { disk, clock, process, isAlive } = here;
    const options = { disk, clock, process, isAlive, signal: cut.signal, onProgress: () => cut.abort() };
    expect(await failure(downloadArchive(await openBucketAt(store.variables), folder, options))).toMatchObject({
      exitCode: 75,
    });
    expect(await nodeDisk.list(folder)).toBeUndefined();
    await pullHere(store.variables, folder);
  });
});
