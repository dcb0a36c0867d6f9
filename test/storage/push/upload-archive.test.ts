import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exitCodes } from '../../../src/errors.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { publishRows, rowOf } from '../../support/archives/rows-archive.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { failure } from '../../support/failure.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { here } from '../../support/runs/run-here.ts';
import { instantly } from '../../support/storage/open-bucket.ts';
import { objectsIn, pullHere, pushHere, verifyThere } from '../../support/storage/push-here.ts';
import { startedStores } from '../../support/storage/started-store.ts';
import type { Fault, StrictS3 } from '../../support/storage/strict-s3.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const storeWith = startedStores();
const dayMs = 86_400_000;
let archives = 0;
const newFolder = (): string => inFolder(`archive-${++archives}`);

/** A run with one message. */
async function publishMessage(archive: string, id: string, text = id): Promise<void> {
  const message = rowOf('messages', { message_id: id, room_id: 'r', text, run: 1 });
  await publishRows(archive, [{ table: 'messages', rows: [message] }], [{ format: 'csv' }]);
}

async function archiveOf(...ids: string[]): Promise<string> {
  const archive = newFolder();
  for (const id of ids) await publishMessage(archive, id);
  return archive;
}

function copyOf(archive: string): string {
  const copy = newFolder();
  cpSync(archive, copy, { recursive: true });
  return copy;
}

const purgeOf = (archive: string, id: string) =>
  purgeArchive(archive, { kind: 'messages', ids: [id] }, { ...here, reason: 'erasure', by: 'DPO' });

/** Path → content of all files of an archive that are pushed. */
function filesIn(archive: string): Readonly<Record<string, string>> {
  const names = readdirSync(archive, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(archive.length + 1))
    .filter((name) => !/^_(view|work|lock)/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(archive, name), 'latin1')]));
}

function pushedFiles(store: StrictS3, prefix = 'nightly/'): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectsIn(store, prefix)).filter(([key]) => key !== '_pushed.json'));
}

describe('a push', () => {
  it('copies all that is published, kept journals, signatures and state, and what comes later', async () => {
    const store = await storeWith({ pageSize: 3 });
    const archive = newFolder();
    await publishRuns(nodeDisk, archive, 2, true, sampleKey(1).signer);
    expect(await pushHere(archive, store.variables)).toMatchObject({ links: 2, newest: 2, isConditional: true });
    expect(pushedFiles(store)).toEqual(filesIn(archive));
    expect(Object.keys(pushedFiles(store)).filter((key) => /^_raw|\.sshsig$/.test(key)).length).toBeGreaterThan(3);
    expect(await verifyThere(store.variables)).toMatchObject({ runs: 2, differences: [], signatures: { links: 2 } });
    writeFileSync(join(archive, '_manifest/run-000001.json.tsr'), 'a time stamp that came late');
  });

  it('asks six things when nothing is new', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a', 'b');
    expect(await pushHere(archive, store.variables)).toMatchObject({ links: 2, files: 2 });
    const before = store.requests.length;
    expect(await pushHere(archive, store.variables)).toMatchObject({ links: 0, files: 0 });
    expect(store.requests.slice(before).map((request) => request.split(' ', 1)[0])).toEqual(
      Array.from({ length: 6 }, () => 'GET'),
    );
  });

  it('writes data first, the manifest behind it, then SHA256SUMS, the state and the pointer', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a');
    await pushHere(archive, store.variables);
    const puts = store.requests
      .filter((request) => request.startsWith('PUT'))
      .map((request) => request.slice('PUT archives/nightly/'.length));
    expect(puts).toEqual([
      ...['_pushed.json', '_pushed.json', 'messages/run-000001-0001.csv', '_manifest/run-000001.json'],
      ...['_manifest/SHA256SUMS', '_state.json', '_pushed.json'],
    ]);
  });

  it('sends large files in parts', async () => {
    const store = await storeWith({ buckets: { archives: { minPartBytes: 50 } } });
    const archive = await archiveOf('a');
    await pushHere(archive, store.variables, { partBytes: 50 });
    expect(store.requests.filter((request) => request.includes('partNumber=')).length).toBeGreaterThan(10);
    expect(pushedFiles(store)).toEqual(filesIn(archive));
  });

  it('puts again what somebody removed there, also where no link is new', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a', 'b');
    await pushHere(archive, store.variables);
    for (const path of ['messages/run-000001-0001.csv', 'SHA256SUMS', '_state.json', '_manifest/run-000001.json']) {
      store.bucket('archives').versions.delete(`nightly/${path}`);
      await pushHere(archive, store.variables);
      expect(pushedFiles(store)).toEqual(filesIn(archive));
    }
  });

  longIt('puts again what somebody removed there, with what is new', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a', 'b');
    await pushHere(archive, store.variables);
    store.bucket('archives').versions.delete('nightly/messages/run-000001-0001.csv');
    expect((await verifyThere(store.variables)).differences).toMatchObject([{ problem: 'missing' }]);
    await publishMessage(archive, 'c');
    await pushHere(archive, store.variables);
    expect(pushedFiles(store)).toEqual(filesIn(archive));
  });

  it('does not send a file that is not what its manifest says', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a');
    appendFileSync(join(archive, 'messages/run-000001-0001.csv'), 'more');
    // Of the size that the manifest says, it is read; the hash is of what was sent.
    const size = readFileSync(join(archive, 'messages/run-000001-0001.csv'));
    size[0] = (size[0] ?? 0) ^ 1;
    writeFileSync(join(archive, 'messages/run-000001-0001.csv'), size);
    expect(await failure(pushHere(archive, store.variables))).toMatchObject({ exitCode: exitCodes.difference });
    expect(Object.keys(objectsIn(store))).toEqual(['_pushed.json']);
  });

  it('says that a store knows no conditions', async () => {
    const store = await storeWith();
    const objects = store.bucket('archives');
    const put = objects.put.bind(objects);
    objects.put = (key, bytes, headers) => put(key, bytes, { 'x-amz-meta-sha256': headers['x-amz-meta-sha256'] ?? '' });
    expect(await pushHere(await archiveOf('a'), store.variables)).toMatchObject({ isConditional: false });
  });

  it('refuses an archive without runs, and a folder that is none', async () => {
    const store = await storeWith();
    expect(await failure(pushHere(newFolder(), store.variables))).toMatchObject({ exitCode: exitCodes.usage });
    expect(store.requests).toEqual([]);
  });
});

describe('a push that is refused changes nothing', () => {
  async function refused(store: StrictS3, archive: string, message: RegExp, exitCode: number): Promise<void> {
    const before = objectsIn(store);
    const seen = store.requests.length;
    const error = await failure(pushHere(archive, store.variables));
    expect(error).toMatchObject({ exitCode, message: expect.stringMatching(message), hint: expect.any(String) });
    expect(objectsIn(store)).toEqual(before);
    expect(store.requests.slice(seen).filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);
  }

  it('where the prefix holds another archive', async () => {
    const store = await storeWith();
    await pushHere(await archiveOf('a', 'b'), store.variables);
    await refused(store, await archiveOf('x', 'y', 'z'), /holds another archive/, exitCodes.difference);
  });

  it('where the archive is older than what is there', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a');
    const older = copyOf(archive);
    await publishMessage(archive, 'b');
    await pushHere(archive, store.variables);
    await refused(store, older, /ends with run-000001, and there are manifests up to run-000002/, exitCodes.difference);
  });

  it('where a copy was continued elsewhere', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a');
    const copy = copyOf(archive);
    await publishMessage(archive, 'b');
    await publishMessage(copy, 'x');
    await pushHere(archive, store.variables);
    await refused(store, copy, /went different ways/, exitCodes.difference);
    await publishMessage(copy, 'y');
    await refused(store, copy, /went different ways/, exitCodes.difference);
  });

  it('where the bucket is not there', async () => {
    const store = await storeWith({ buckets: {} });
    const error = await failure(pushHere(await archiveOf('a'), store.variables));
    expect(error).toMatchObject({
      exitCode: exitCodes.unreachable,
      message: expect.stringContaining('has no bucket "archives"'),
    });
  });
});

describe('what compactions and purges replace', () => {
  it('leaves the bucket', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a', 'b');
    await pushHere(archive, store.variables);
    await compactHere(archive);
    expect(await pushHere(archive, store.variables)).toMatchObject({ links: 1, removed: 2, locked: 0 });
    expect(pushedFiles(store)).toEqual(filesIn(archive));
    await publishMessage(archive, 'c');
    await purgeOf(archive, 'a');
    await pushHere(archive, store.variables);
    expect(pushedFiles(store)).toEqual(filesIn(archive));
    expect(await verifyThere(store.variables)).toMatchObject({ runs: 5, differences: [] });
    expect(JSON.stringify(objectsIn(store))).not.toContain('"a"');
  });

  it('leaves a bucket that keeps versions with all of its versions, lest what was purged stay behind a mark', async () => {
    const store = await storeWith({ buckets: { archives: { versioned: true } } });
    const archive = await archiveOf('secret-1', 'b');
    await pushHere(archive, store.variables);
    await purgeOf(archive, 'secret-1');
    await pushHere(archive, store.variables);
    const versions = [...store.bucket('archives').versions].filter(([key]) => key.startsWith('nightly/messages/'));
    expect(versions.flatMap(([, all]) => all.map(({ bytes }) => bytes?.toString() ?? '')).join()).not.toContain(
      'secret-1',
    );
  });

  longIt('stays while it is locked: a compaction is pushed all the same, and a later push removes it', async () => {
    let now = Date.now();
    const store = await storeWith({ buckets: { archives: { objectLock: true } }, now: () => now });
    const clock = { ...instantly.clock, now: () => now };
    const archive = await archiveOf('a', 'b');
    await pushHere(archive, store.variables, { objectLock: { years: 0, days: 7 }, clock });
    for (const key of ['nightly/messages/run-000001-0001.csv', 'nightly/_manifest/run-000001.json']) {
      expect(store.bucket('archives').current(key)?.lockedUntilMs).toBeGreaterThan(now + 6.9 * dayMs);
    }
    expect(store.bucket('archives').current('nightly/_state.json')?.lockedUntilMs).toBeUndefined();
    await compactHere(archive);
    expect(await pushHere(archive, store.variables, { clock })).toMatchObject({ links: 1, removed: 0, locked: 2 });
    const report = await verifyThere(store.variables);
    expect(report.differences).toEqual([]);
    expect(report.notes.join()).toContain('2 objects were replaced and are still there');
    now += 8 * dayMs;
    await publishMessage(archive, 'c');
    expect(await pushHere(archive, store.variables, { clock })).toMatchObject({ removed: 2, locked: 0 });
    expect(pushedFiles(store)).toEqual(filesIn(archive));
  });

  it('and is locked: a purge is refused, names what is locked, and writes nothing', async () => {
    const store = await storeWith({ buckets: { archives: { objectLock: true } } });
    const archive = await archiveOf('a', 'b');
    await pushHere(archive, store.variables, { objectLock: { years: 7, days: 0 } });
    await purgeOf(archive, 'a');
    const before = objectsIn(store);
    expect(await failure(pushHere(archive, store.variables, { objectLock: { years: 7, days: 0 } }))).toMatchObject({
      exitCode: exitCodes.output,
      message: expect.stringMatching(/purge run-000003: "s3:.*run-000001-0001\.csv" is locked until 20\d\d-/),
    });
    expect(objectsIn(store)).toEqual(before);
  });
});

describe('two pushes at once', () => {
  it('of one archive both end, and it is there once', async () => {
    const store = await storeWith();
    const archive = await archiveOf('a', 'b', 'c');
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => pushHere(archive, store.variables)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ exitCode: exitCodes.stopped });
    }
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(pushedFiles(store)).toEqual(filesIn(archive));
    expect(await pushHere(archive, store.variables)).toMatchObject({ links: 0 });
  });

  it('of which the newer one purged: whatever request of the older one is late, nothing of it comes back', async () => {
    const archive = await archiveOf('a', 'b');
    const newer = copyOf(archive);
    await purgeOf(newer, 'a');
    let late = Number.POSITIVE_INFINITY;
    let wait = Promise.resolve();
    let hold: () => void = () => undefined;
    const delay = (at: number): Promise<void> | undefined => {
      if (at !== late) return undefined;
      hold();
      return wait;
    };
    const store = await storeWith({ delay });
    for (let at = 1, isLast = false; !isLast; at += quickOrLong(15, 1)) {
      const to = `s3://archives/late-${at}`;
      let release: () => void = () => undefined;
      const isHeld = new Promise<void>((resolve) => (hold = resolve));
      wait = new Promise<void>((resolve) => (release = resolve));
      late = store.requests.length + at;
      const older = pushHere(archive, store.variables, { to }).then(
        () => 0,
        (error: unknown) => (error as { exitCode: number }).exitCode,
      );
      isLast = (await Promise.race([older, isHeld])) !== undefined;
      late = Number.POSITIVE_INFINITY;
      await pushHere(newer, store.variables, { to });
      release();
      expect([0, exitCodes.difference, exitCodes.stopped]).toContain(await older);
      expect(pushedFiles(store, `late-${at}/`)).toEqual(filesIn(newer));
      expect(await verifyThere(store.variables, to)).toMatchObject({ runs: 3, differences: [] });
      expect(await pushHere(newer, store.variables, { to })).toMatchObject({ links: 0, files: 0 });
    }
  });

  it.each(Array.from({ length: quickOrLong(1, 24) }, (_, at) => at))(
    'of copies that went different ways: one wins, none mixes (%d)',
    async (seed) => {
      const store = await storeWith();
      const first = await archiveOf('a');
      const second = copyOf(first);
      await pushHere(first, store.variables);
      for (const id of ['b', 'c']) await publishMessage(first, id);
      for (const id of ['x', 'y', 'z']) await publishMessage(second, id);
      /** Lets other requests go first, a few times more for one of them. */
      const late = (turns: number) => ({
        ...instantly,
        proxyFor: () => undefined,
        random: () => turns / 30,
      });
      const outcomes = await Promise.allSettled([
        pushHere(first, store.variables, late(seed)),
        pushHere(second, store.variables, late(0)),
      ]);
      const won = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []));
      expect(won.length).toBe(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect([2, 75]).toContain((outcome.reason as { exitCode: number }).exitCode);
      }
      const winner = won[0] === 0 ? first : second;
      const report = await verifyThere(store.variables);
      expect(report.differences).toEqual([]);
      expect(pushedFiles(store)).toMatchObject(filesIn(winner));
    },
  );
});

describe('a push that is cut', () => {
  /** What is there, what is to be pushed: a run, a compaction that replaces its file, and one more run. */
  async function scene() {
    const archive = await archiveOf('a', 'b');
    const before = copyOf(archive);
    await publishMessage(archive, 'c');
    await compactHere(archive);
    await publishMessage(archive, 'd');
    return { before, archive };
  }
  // Behind the first request that is cut all others are cut before they arrive, in either case.
  const faults = quickOrLong<readonly Exclude<Fault, undefined>[]>(['cut-after'], ['cut-before', 'cut-after']);

  it.each(faults)('at any request, %s, shows readers whole runs, and is finished by the next', async (fault) => {
    const { before, archive } = await scene();
    const expected = filesIn(archive);
    const first = await storeWith();
    await pushHere(before, first.variables);
    const pushed = first.bucket('archives').versions;
    const step = quickOrLong(21, 1);
    let isOver = false;
    for (let cutAt = 1; !isOver; cutAt += step) {
      let from = Number.POSITIVE_INFINITY;
      const store = await storeWith({ fault: (at) => (at === from ? fault : at > from ? 'cut-before' : undefined) });
      for (const [key, versions] of pushed) store.bucket('archives').versions.set(key, [...versions]);
      from = store.requests.length + cutAt;
      isOver = await pushHere(archive, store.variables).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ exitCode: exitCodes.unreachable });
          return false;
        },
      );
      from = Number.POSITIVE_INFINITY;
      const between = await verifyThere(store.variables);
      expect({ cutAt, differences: between.differences }).toEqual({ cutAt, differences: [] });
      expect([2, 5]).toContain(between.runs);
      const pulled = newFolder();
      await pullHere(store.variables, pulled);
      expect(filesIn(pulled)).toEqual(filesIn(between.runs === 2 ? before : archive));
      rmSync(pulled, { recursive: true });
      await pushHere(archive, store.variables);
      expect(pushedFiles(store)).toEqual(expected);
      expect(await verifyThere(store.variables)).toMatchObject({ runs: 5, differences: [] });
      await store.close();
    }
  });

  it('and whose archive was compacted and purged since, leaves nothing of what was purged', async () => {
    const archive = await archiveOf('a', 'b');
    let from = Number.POSITIVE_INFINITY;
    const store = await storeWith({ fault: (at) => (at >= from ? 'cut-before' : undefined) });
    for (let cutAt = 3; cutAt < 16; cutAt += quickOrLong(13, 1)) {
      const target = `s3://archives/cut-${cutAt}`;
      const copy = copyOf(archive);
      from = store.requests.length + cutAt;
      await pushHere(copy, store.variables, { to: target }).catch(() => undefined);
      from = Number.POSITIVE_INFINITY;
      await compactHere(copy);
      await purgeOf(copy, 'a');
      await pushHere(copy, store.variables, { to: target });
      expect(pushedFiles(store, `cut-${cutAt}/`)).toEqual(filesIn(copy));
    }
  });

  longIt('for good: another copy is refused for a day, and then what was cut is removed', async () => {
    let now = Date.now();
    let from = Number.POSITIVE_INFINITY;
    const store = await storeWith({
      now: () => now,
      buckets: { archives: { minPartBytes: 50 } },
      fault: (at) => (at >= from ? 'cut-before' : undefined),
    });
    const options = { clock: { ...instantly.clock, now: () => now }, partBytes: 50 };
    const archive = await archiveOf('a');
    const other = copyOf(archive);
    await pushHere(archive, store.variables, options);
    for (const id of ['b', 'b2']) await publishMessage(archive, id);
    await publishMessage(other, 'x');
    from = store.requests.length + 12;
    await failure(pushHere(archive, store.variables, options));
    from = Number.POSITIVE_INFINITY;
    expect(store.bucket('archives').uploads.size).toBeGreaterThan(0);
    now += dayMs - 60_000;
    expect(await failure(pushHere(other, store.variables, options))).toMatchObject({
      exitCode: exitCodes.stopped,
      message: expect.stringContaining('another push is open there since'),
    });
    store.bucket('archives').put('nightly/messages/notes.txt', Buffer.from('not ours'), {});
    store.bucket('archives').put('nightly/messages/run-000009-0001.csv', Buffer.from('not by a push'), {});
    now += 120_000 + dayMs;
    await pushHere(other, store.variables, options);
    expect(store.bucket('archives').uploads.size).toBe(0);
    expect(pushedFiles(store)).toEqual({
      ...filesIn(other),
      'messages/notes.txt': 'not ours',
      'messages/run-000009-0001.csv': 'not by a push',
    });
    expect(existsSync(join(other, 'messages/run-000002-0001.csv'))).toBe(true);
  });
});
