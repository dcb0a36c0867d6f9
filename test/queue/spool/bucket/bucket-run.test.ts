import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../../src/archive/hash-file.ts';
import { StreamJournal } from '../../../../src/journal/stream-journal.ts';
import { BucketRun } from '../../../../src/queue/spool/bucket/bucket-run.ts';
import { openBucketSpool } from '../../../../src/queue/spool/bucket/open-bucket-spool.ts';
import { clearSpool } from '../../../../src/queue/spool/clear-spool.ts';
import type { Spool } from '../../../../src/queue/spool/spool.ts';
import type { Bucket } from '../../../../src/storage/client/bucket.ts';
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
    /** Removes an object, whatever the spool thinks of it. */
    lose: async (name: string) => (await openBucketAt(store.variables, 's3://archives/spool')).remove(name, true),
    keys: () => {
      const held = [...store.bucket('archives').versions].filter(([, versions]) => versions.length > 0);
      return held.map(([one]) => one).sort();
    },
  };
}

/** A journal with so many pages, closed, as an attempt leaves it; or one that was cut. */
async function attempt(disk: MemoryDisk, spool: Spool, name: string, pages: number, isCut = false): Promise<string> {
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
  if (!isCut) await written.end(readTo(pages));
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

  it('holds nothing of a run that was cut while it was removed, in a bucket with versions', async () => {
    const { disk, open, keys, lose } = await opened({ buckets: { archives: { versioned: true } } });
    const spool = await open('run');
    const run = spool.run(key);
    await run.create(order);
    await run.handIn(journal, await attempt(disk, spool, '1', 1));
    await lose(`${key}/order.json`);
    await run.remove();
    expect(keys()).toEqual(['spool/spool.json']);
  });

  it('takes no journal for whole that was never closed, or behind whose end something stands', async () => {
    const { disk, open } = await opened();
    const spool = await open('run');
    const copy = (of: string) => spool.run(of).copyTo(journal, '/archive.pages', { takesPart: true, leastBytes: 0 });
    const handIn = async (of: string, path: string) => {
      await spool.run(of).create(order);
      await spool.run(of).handIn(journal, path);
    };
    await handIn(key, await attempt(disk, spool, 'cut', 2, true));
    expect(await copy(key)).toBeUndefined();
    const path = await attempt(disk, spool, 'whole', 2);
    await (await disk.open(path, 'append')).write(Buffer.from('more'));
    const other = 'b'.repeat(20);
    await handIn(other, path);
    expect(await copy(other)).toBeUndefined();
    expect(await disk.list('/')).toEqual(['scratch']);
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
    // What a copy that was cut has left.
    await (await disk.open('/archive.pages.tmp', 'truncate')).write(Buffer.from('half'));
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

/** A bucket that has the order of the run, and what it is asked for. */
function fakeBucket(answers: Partial<Pick<Bucket, 'readRange' | 'create'>> & { readonly sizeBytes?: number } = {}) {
  const asked: unknown[][] = [];
  const bucket: Pick<Bucket, 'head' | 'create' | 'createOfParts' | 'readRange'> = {
    head: (name) => {
      asked.push(['head', name]);
      const head = { sizeBytes: answers.sizeBytes ?? 1, sha256: undefined, modifiedMs: 0, nowMs: 0 };
      const isThere = name.endsWith('order.json') || answers.sizeBytes !== undefined;
      return Promise.resolve(isThere ? { ...head, lockedUntilMs: undefined, isVersioned: false } : undefined);
    },
    create: (name, bytes, hash) => {
      asked.push(['create', name, bytes.length]);
      return answers.create?.(name, bytes, hash) ?? Promise.resolve('created');
    },
    createOfParts: async (name, parts) => {
      const sizes: number[] = [];
      for await (const part of parts) sizes.push(part.length);
      asked.push(['parts', name, ...sizes]);
      return 'created';
    },
    readRange: (name, from, to) => {
      asked.push(['range', from, to]);
      return answers.readRange?.(name, from, to) ?? Promise.resolve(Buffer.alloc(to - from));
    },
  };
  return { asked, bucket: bucket as Bucket };
}

describe('a journal on its way to a bucket', () => {
  const mebi = 1 << 20;
  /** Files of so many zeros, read in pieces. */
  function zeros(sizeBytes: number): MemoryDisk {
    const disk = new MemoryDisk();
    const piece = Buffer.alloc(mebi);
    disk.sizeBytes = () => Promise.resolve(sizeBytes);
    disk.readFile = () => Promise.resolve(Buffer.alloc(sizeBytes));
    disk.readChunks = async function* () {
      for (let left = sizeBytes; left > 0; left -= mebi) yield await Promise.resolve(piece.subarray(0, left));
    };
    return disk;
  }

  it.each([
    [8 * mebi, [['create', `${key}/whole/${journal}`, 8 * mebi]]],
    [8 * mebi + 1, [['parts', `${key}/whole/${journal}`, 8 * mebi, 1]]],
    [16 * mebi, [['parts', `${key}/whole/${journal}`, 8 * mebi, 8 * mebi]]],
  ])('is sent in parts of eight mebibytes where it is larger than one: %d', async (sizeBytes, sent) => {
    const { asked, bucket } = fakeBucket();
    expect(await new BucketRun(bucket, zeros(sizeBytes), '/scratch', key).handIn(journal, '/journal')).toBe(true);
    // Whether the run still waits is asked right before it: it is the one who wrote it then.
    expect(asked).toEqual([['head', `${key}/order.json`], ...sent]);
  });

  it('is not handed in where another was first, and that one was taken meanwhile', async () => {
    const { bucket } = fakeBucket({ create: () => Promise.resolve('taken') });
    expect(await new BucketRun(bucket, zeros(3), '/scratch', key).handIn(journal, '/journal')).toBe(false);
  });

  it('is copied in ranges, and not at all where it goes away meanwhile', async () => {
    const options = { takesPart: true, leastBytes: 0 };
    const { asked, bucket } = fakeBucket({ sizeBytes: 16 * mebi });
    const disk = new MemoryDisk();
    expect(await new BucketRun(bucket, disk, '/scratch', key).copyTo(journal, '/copy', options)).toBeUndefined();
    expect(asked.slice(1)).toEqual([
      ['range', 0, 8 * mebi],
      ['range', 8 * mebi, 16 * mebi],
    ]);
    let open = 0;
    const openFile = disk.open;
    disk.open = async (path, mode) => {
      open += 1;
      return { ...(await openFile(path, mode)), close: () => Promise.resolve(void (open -= 1)) };
    };
    const gone = fakeBucket({ sizeBytes: 3, readRange: () => Promise.resolve(undefined) });
    expect(await new BucketRun(gone.bucket, disk, '/scratch', key).copyTo(journal, '/copy', options)).toBeUndefined();
    expect([await disk.sizeBytes('/copy'), open]).toEqual([undefined, 0]);
  });
});

describe('the file of a spool in a bucket', () => {
  const client = { addressOf: (name = '') => `s3://archives/${name}` };

  it('is made where there is none, and then read as what is there', async () => {
    for (const [isThere, made] of [
      [false, ['spool.json']],
      [true, []],
    ] as const) {
      const created: string[] = [];
      const bucket = {
        client,
        head: () => Promise.resolve(isThere ? {} : undefined),
        create: (name: string, bytes: Uint8Array, hash: string) => {
          expect(hash).toBe(sha256(bytes));
          created.push(name);
          return Promise.resolve('created');
        },
        read: () => Promise.resolve({ bytes: Buffer.from('{"id":"first"}') }),
      } as unknown as Bucket;
      expect((await openBucketSpool(bucket, new MemoryDisk(), 'own', '/scratch')).id).toBe('first');
      expect(created).toEqual(made);
    }
  });

  it('is missed where the store does not keep it, with a hint', async () => {
    const bucket = {
      client,
      head: () => Promise.resolve(undefined),
      create: () => Promise.resolve('created'),
      read: () => Promise.resolve(undefined),
    } as unknown as Bucket;
    await expect(openBucketSpool(bucket, new MemoryDisk(), 'own', '/scratch')).rejects.toMatchObject({
      message: 'Cannot use the spool: "s3://archives/spool.json" was made and is not there',
      hint: 'Name a bucket of a store that keeps what is written',
    });
  });
});
