import { describe, expect, it } from '@jest/globals';
import { StreamJournal } from '../../../../src/journal/stream-journal.ts';
import { openBucketSpool } from '../../../../src/queue/spool/bucket/open-bucket-spool.ts';
import { clearSpool } from '../../../../src/queue/spool/clear-spool.ts';
import type { Spool } from '../../../../src/queue/spool/spool.ts';
import { MemoryDisk } from '../../../support/disk/memory-disk.ts';
import { sampleRunPlan } from '../../../support/plans/sample-run-plan.ts';
import { readTo, sampleStream } from '../../../support/plans/sample-stream.ts';
import { openBucketAt } from '../../../support/storage/open-bucket.ts';
import { startedStores } from '../../../support/storage/started-store.ts';

const startStore = startedStores();
const { journal } = sampleStream();
const key = 'a'.repeat(20);
const order = {
  ...{ host: 'here', archive: '/archive', longestPage: { rows: 100 } },
  runPlan: sampleRunPlan({ streams: [sampleStream()] }),
};

async function opened(options: Parameters<typeof startStore>[0] = {}) {
  const store = await startStore(options);
  const disk = new MemoryDisk();
  const open = async (id: string): Promise<Spool> =>
    openBucketSpool(await openBucketAt(store.variables, 's3://archives/spool'), disk, id, `/scratch/${id}`);
  return {
    disk,
    open,
    keys: () => {
      const held = [...store.bucket('archives').versions].filter(([, versions]) => versions.length > 0);
      return held.map(([one]) => one).sort();
    },
  };
}

/** A journal with so many pages, closed, as an attempt leaves it. */
async function attempt(disk: MemoryDisk, spool: Spool, name: string, pages: number): Promise<string> {
  const path = await spool.run(key).beginPart(journal, name);
  const { journal: written } = await StreamJournal.open(disk, path, () => 0);
  for (let at = 0; at < pages; at += 1) {
    await written.page(
      {
        ...{ asked: { kind: 'offset', offset: at, count: 1, order: 'ts' }, rows: 1, total: null, from: 0, to: 1 },
        ...{ skip: [], versions: 0, repaired: 0, first: null, last: null, cursor: readTo(at) },
      },
      Buffer.from(`{"messages":[{"_id":"m${at}"}]}`),
    );
  }
  await written.end(readTo(pages));
  await written.close();
  return path;
}

describe('a spool in a bucket', () => {
  it('gets its id from whoever comes first, and has the journal of whoever hands one in first', async () => {
    const { disk, open } = await opened();
    const [run, one, two] = [await open('run'), await open('one'), await open('two')];
    expect([one.id, two.id]).toEqual([run.id, run.id]);
    await run.run(key).create(order);
    expect(await one.run(key).order()).toEqual(order);
    const paths = [await attempt(disk, one, '1', 2), await attempt(disk, two, '2', 3)] as const;
    expect(await one.run(key).handIn(journal, paths[0])).toBe(true);
    expect(await two.run(key).handIn(journal, paths[1])).toBe(false);
    expect([...(await run.run(key).wholeJournals())]).toEqual([journal]);
    const taken = await run.run(key).copyTo(journal, '/archive.pages', { takesPart: true, leastBytes: 0 });
    expect(taken?.pages).toHaveLength(2);
    for (const spool of [one, two]) await spool.close();
    expect(await disk.list('/scratch')).toEqual([]);
  });

  it.each([{ versioned: false }, { versioned: true }])('holds nothing of a run that is over: %o', async (archives) => {
    const { disk, open, keys } = await opened({ buckets: { archives } });
    const spool = await open('run');
    const run = spool.run(key);
    await run.create(order);
    await run.handIn(journal, await attempt(disk, spool, '1', 1));
    const late = await attempt(disk, spool, '2', 1);
    await run.remove();
    await expect(run.handIn(journal, late)).rejects.toThrow('its run is over');
    expect(await run.isOpen()).toBe(false);
    expect(keys()).toEqual(['spool/spool.json']);
  });

  it('takes a journal once, also when the answer to its first request was lost, and copies no less than is there', async () => {
    const { disk, open } = await opened();
    const spool = await open('run');
    const run = spool.run(key);
    await run.create(order);
    expect(await run.hasWhole(journal)).toBe(false);
    const path = await attempt(disk, spool, '1', 2);
    await disk.link(path, '/again');
    expect(await run.handIn(journal, path)).toBe(true);
    expect(await run.handIn(journal, '/again')).toBe(true);
    expect(await run.hasWhole(journal)).toBe(true);
    const copy = (leastBytes: number) => run.copyTo(journal, '/archive.pages', { takesPart: false, leastBytes });
    const sizeBytes = (await copy(0))?.sizeBytes ?? 0;
    expect(await disk.sizeBytes('/archive.pages')).toBe(sizeBytes);
    expect(await copy(sizeBytes)).toBeUndefined();
    expect(await copy(sizeBytes - 1)).toBeDefined();
  });

  it('has nothing of a run that was never in it, and takes a journal that is not closed for none', async () => {
    const { disk, open } = await opened();
    const spool = await open('run');
    const run = spool.run(key);
    expect([await run.order(), await run.isOpen()]).toEqual([undefined, false]);
    await run.create(order);
    const copy = () => run.copyTo(journal, '/archive.pages', { takesPart: true, leastBytes: 0 });
    expect(await copy()).toBeUndefined();
    const file = await disk.open('/begun.pages', 'truncate');
    await file.write(Buffer.from('nothing that was closed'));
    await run.handIn(journal, '/begun.pages');
    expect(await copy()).toBeUndefined();
    expect(await disk.sizeBytes('/archive.pages')).toBeUndefined();
    expect(spool.shown).toBe('"s3://archives/spool"');
  });

  it('is cleared of runs of the same archive that nobody resumes', async () => {
    const { open } = await opened();
    const spool = await open('run');
    const other = 'b'.repeat(20);
    for (const [name, archive] of [
      [key, '/archive'],
      ['c'.repeat(20), '/archive'],
      [other, '/other'],
    ] as const)
      await spool.run(name).create({ ...order, archive });
    await clearSpool(spool, order, key);
    expect(await spool.keys()).toEqual([key, other]);
  });
});
