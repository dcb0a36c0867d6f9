import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holderText, type LockHolder } from '../../../src/archive/lock/lock-holder.ts';
import { heldDisk } from '../../../src/archive/lock/held-disk.ts';
import { acquireLock, type Lock, type LockSurroundings } from '../../../src/archive/lock/lock.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { InterruptedError, OutputError, StoppedError } from '../../../src/errors.ts';
import { virtualClock, type VirtualClock } from '../../support/clocks/virtual-clock.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

// Thousands of small steps: a busy machine may need longer than the default five seconds.

const holder = (pid: number, fields: Partial<LockHolder> = {}): LockHolder => ({
  pid,
  host: 'here',
  startedAt: '2024-02-01T02:15:00.000Z',
  processStartId: `boot/${pid}`,
  pidNamespace: 'pid:[1]',
  bootId: 'boot',
  ...fields,
});
const everybodyLives = (): boolean => true;
const everybodyIsDead = (): boolean => false;
const never = (): (() => void) => () => undefined;

/** Takers that share their pids need no time. */
function acquire(
  disk: Disk,
  archive: string,
  who: LockHolder,
  isAlive: LockSurroundings['isAlive'],
  more: Partial<LockSurroundings> = {},
): Promise<Lock> {
  const clock = { sleep: () => Promise.reject(new Error('Nobody should wait')) };
  return acquireLock(archive, who, { disk, clock, every: never, isAlive, ...more });
}

/** A lock whose holder was killed. */
async function leaveDeadLock(disk: Disk, archive: string, fields: Partial<LockHolder> = {}): Promise<void> {
  await acquire(disk, archive, holder(1, fields), everybodyIsDead);
}

/** Time of a test, for those who wait and those who renew. */
function inTime(clock: VirtualClock): Pick<LockSurroundings, 'clock' | 'every'> {
  return {
    clock,
    every: (ms, tick) => {
      const stop = new AbortController();
      const go = async (): Promise<void> => {
        for (;;) {
          await clock.sleep(ms, stop.signal);
          tick();
        }
      };
      go().catch(() => undefined);
      return () => stop.abort(new Error('stopped'));
    },
  };
}

describe('acquireLock', () => {
  it('makes the archive, says who holds it, and leaves nothing behind when released', async () => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'new/archive');
      const lock = await acquire(nodeDisk, archive, holder(42), everybodyLives);
      expect(await readdir(archive)).toEqual(['_lock.json']);
      expect(JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'))).toEqual(holder(42));
      await lock.release();
      expect(await readdir(archive)).toEqual([]);
    });
  });

  it('tries once more where a new holder has swept its file away', async () => {
    const { disk, memory } = slowDisk();
    let links = 0;
    const swept: Disk = {
      ...disk,
      link: async (from, to) => {
        if ((links += 1) === 1) await memory.remove(from);
        return disk.link(from, to);
      },
    };
    await acquire(swept, '/archive', holder(42), everybodyLives);
    expect(links).toBe(2);
    expect((await memory.readFile('/archive/_lock.json'))?.toString()).toBe(holderText(holder(42)));
  });

  it('turns away a second taker with the pid, the host and the time of the first', async () => {
    await inTemporaryFolder(async (archive) => {
      await acquire(nodeDisk, archive, holder(42), everybodyLives);
      const second = acquire(nodeDisk, archive, holder(43), everybodyLives);
      await expect(second).rejects.toThrow(StoppedError);
      await expect(second).rejects.toThrow(/process 42 on "here" has been writing to it since 2024-02-01T02:15:00/);
      await expect(second).rejects.toMatchObject({
        hint: 'Wait until it has ended, then run the same command again',
      });
      expect(await readdir(archive)).toEqual(['_lock.json']);
    });
  });

  it('is in place whole, flushed and closed, in one step', async () => {
    const { disk, memory, counts } = slowDisk();
    await memory.makeFolder('/archive');
    const seen: unknown[] = [];
    const watching: Disk = {
      ...disk,
      link: async (from, to) => {
        const whole = (await memory.readFile(from))?.toString();
        await memory.syncFolder('/');
        await memory.syncFolder('/archive');
        const cut = memory.copy();
        cut.cutPower();
        seen.push(counts.open, whole, (await cut.readFile(from))?.toString());
        return disk.link(from, to);
      },
    };
    await acquire(watching, '/archive', holder(42), everybodyLives);
    expect(seen).toEqual([0, holderText(holder(42)), holderText(holder(42))]);
    expect(await memory.list('/archive')).toEqual(['_lock.json']);
  });

  it('lets go of its file where the disk is full, and leaves nothing behind', async () => {
    const { disk, memory, counts } = slowDisk();
    await memory.makeFolder('/archive');
    const full: Disk = {
      ...disk,
      open: async (path, mode) => {
        const file = await disk.open(path, mode);
        return { ...file, write: () => Promise.reject(new OutputError('Cannot write: ENOSPC')) };
      },
    };
    await expect(acquire(full, '/archive', holder(42), everybodyLives)).rejects.toThrow('ENOSPC');
    expect([counts.open, await memory.list('/archive')]).toEqual([0, []]);
  });

  it('fails as its disk does, at whichever step, and the next taker gets in', async () => {
    for (const isTaken of [false, true]) {
      let step = 1;
      for (let reached = true; reached; step += 1) {
        const memory = new MemoryDisk();
        await memory.makeFolder('/archive');
        if (isTaken) await leaveDeadLock(memory, '/archive');
        const { disk } = faultDisk(memory, 'fails', step);
        const taken = await acquire(disk, '/archive', holder(2), everybodyIsDead).catch((error: unknown) => error);
        reached = taken instanceof Error;
        if (reached) expect(taken).toMatchObject({ message: `The disk fails at step ${step}` });
        await acquire(memory, '/archive', holder(3), everybodyIsDead);
        expect(await memory.list('/archive')).toEqual(['_lock.json']);
        expect(await textOf(memory, '_lock.json')).toBe(holderText(holder(3)));
      }
      expect(step).toBeGreaterThan(isTaken ? 10 : 5);
    }
  });

  it('takes over from a dead holder on this host', async () => {
    await inTemporaryFolder(async (archive) => {
      await leaveDeadLock(nodeDisk, archive);
      const lock = await acquire(nodeDisk, archive, holder(43), ({ pid }) => pid !== 1);
      expect(JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'))).toEqual(holder(43));
      expect(await readdir(archive)).toEqual(['_lock.json']);
      await lock.release();
      expect(await readdir(archive)).toEqual([]);
    });
  });

  it('knows two containers of one host name apart, and refuses while the first renews its lock', async () => {
    await onMemoryDisk(async (memory, archive) => {
      const clock = virtualClock(0);
      const first = await acquire(memory, archive, holder(1), everybodyIsDead, inTime(clock));
      const watched: unknown[] = [];
      const second = acquire(memory, archive, holder(1, { pidNamespace: 'pid:[2]' }), everybodyIsDead, {
        ...inTime(clock),
        onWatch: (seen) => watched.push(seen),
      });
      const refusal = expect(second).rejects.toThrow(/process 1 on "here" has been writing to it since 2024-02-01/);
      await clock.passUntil(20_000);
      await refusal;
      await expect(second).rejects.toBeInstanceOf(StoppedError);
      expect(watched).toEqual([holder(1)]);
      await first.look();
      expect(await memory.list(archive)).toEqual(['_lock.heartbeat', '_lock.json']);
      await first.release();
      expect(await memory.list(archive)).toEqual([]);
    });
  });

  it.each([
    ['another container', { pidNamespace: 'pid:[2]' }],
    ['another host', { host: 'elsewhere' }],
    ['another machine of the same name', { bootId: 'other' }],
    ['a program that did not know its namespace', { pidNamespace: null }],
  ])('takes over from %s when the lock was not renewed for 60 s, and not before', async (_, fields) => {
    await onMemoryDisk(async (memory, archive) => {
      // Whether a process of that pid lives here must not matter.
      await leaveDeadLock(memory, archive, fields);
      const clock = virtualClock(0);
      const taking = acquire(memory, archive, holder(2), everybodyLives, inTime(clock));
      await clock.passUntil(59_000);
      expect(await textOf(memory, '_lock.json')).toMatch(/"pid": ?1,/);
      await clock.passUntil(61_000);
      await taking;
      expect(await textOf(memory, '_lock.json')).toMatch(/"pid": ?2,/);
      expect(await memory.list(archive)).toEqual(['_lock.json']);
    });
  });

  it('takes over a damaged lock that nobody renews, and leaves one alone that somebody does', async () => {
    await onMemoryDisk(async (memory, archive) => {
      await put(memory, '_lock.json', '{"pid": ');
      const clock = virtualClock(0);
      let isRenewed = true;
      const renewing = async (ms: number, signal?: AbortSignal): Promise<void> => {
        await clock.sleep(ms, signal);
        if (isRenewed) await put(memory, '_lock.heartbeat', String(clock.now()));
      };
      const refused = acquire(memory, archive, holder(2), everybodyIsDead, { clock: { sleep: renewing } });
      const refusal = expect(refused).rejects.toThrow('another process is writing to it');
      await clock.passUntil(10_000);
      await refusal;
      expect(await textOf(memory, '_lock.json')).toBe('{"pid": ');
      isRenewed = false;
      const taking = acquire(memory, archive, holder(2), everybodyIsDead, { clock });
      await clock.passUntil(80_000);
      await taking;
      expect(await textOf(memory, '_lock.json')).toMatch(/"pid": ?2,/);
    });
  });

  it('stops waiting for a holder when it is interrupted', async () => {
    await onMemoryDisk(async (memory, archive) => {
      await leaveDeadLock(memory, archive, { host: 'elsewhere' });
      const stop = new AbortController();
      const clock = virtualClock(0);
      const taking = acquire(memory, archive, holder(2), everybodyIsDead, { clock, signal: stop.signal });
      const interrupted = expect(taking).rejects.toBeInstanceOf(InterruptedError);
      await clock.passUntil(30_000);
      stop.abort(new InterruptedError('SIGTERM'));
      await interrupted;
      expect(await memory.list(archive)).toEqual(['_lock.json']);
    });
  });

  it('shows a holder that was stopped for a minute that it has lost the lock, and lets it change nothing', async () => {
    await onMemoryDisk(async (memory, archive) => {
      const clock = virtualClock(0);
      let renew: () => void = () => undefined;
      // Stopped: its renewals come only when the test says so.
      const every: LockSurroundings['every'] = (_, tick) => {
        renew = tick;
        return () => undefined;
      };
      const stopped = await acquire(memory, archive, holder(1), everybodyIsDead, { every });
      const disk = heldDisk(memory, stopped, () => clock.now());
      const file = await disk.open(join(archive, 'page'), 'append');
      await file.write(Buffer.from('before'));
      const taking = acquire(memory, archive, holder(2, { host: 'there' }), everybodyIsDead, inTime(clock));
      await clock.passUntil(61_000);
      const taker = await taking;

      await expect(file.write(Buffer.from('after'))).rejects.toThrow(
        /Lost the lock of .*: process 2 on "there" took it over at 2024/,
      );
      await file.close();
      expect(await textOf(memory, 'page')).toBe('before');
      for (const change of [
        disk.rename(join(archive, 'page'), join(archive, 'other')),
        disk.remove(join(archive, 'page')),
        disk.link(join(archive, 'page'), join(archive, 'other')),
        disk.open(join(archive, 'new'), 'truncate'),
      ]) {
        await expect(change).rejects.toMatchObject({ kind: 'stopped', exitCode: 75 });
      }
      expect(stopped.lost.reason).toBeInstanceOf(StoppedError);
      renew();
      await stopped.release();
      await taker.look();
      expect(((await memory.list(archive)) ?? []).filter((name) => name !== '_lock.heartbeat')).toEqual([
        '_lock.json',
        'page',
      ]);
    });
  });

  it('notices within 15 s that the lock is lost, also when nothing is written meanwhile', async () => {
    await onMemoryDisk(async (memory, archive) => {
      const clock = virtualClock(0);
      const lock = await acquire(memory, archive, holder(1), everybodyIsDead, inTime(clock));
      await put(memory, '_lock.json', JSON.stringify(holder(2)));
      await clock.passUntil(16_000);
      expect(lock.lost.reason).toMatchObject({ message: expect.stringContaining('process 2 on "here"') });
    });
  });

  it('is lost when somebody removes it, and released all the same', async () => {
    await onMemoryDisk(async (memory, archive) => {
      const lock = await acquire(memory, archive, holder(1), everybodyIsDead);
      await lock.look();
      await memory.remove(join(archive, '_lock.json'));
      await expect(lock.look()).rejects.toMatchObject({
        message: 'Lost the lock of "/archive": it is gone; nothing was published since',
        hint: 'This process was stopped for a minute, or its disk was: run the same command again when nobody writes',
      });
      await put(memory, '_lock.heartbeat', 'of another');
      await lock.release();
      expect(await memory.list(archive)).toEqual(['_lock.heartbeat']);
    });
  });

  it('is taken at once when its holder gives it back while another one waits', async () => {
    await onMemoryDisk(async (memory, archive) => {
      await leaveDeadLock(memory, archive, { host: 'elsewhere' });
      const clock = virtualClock(0);
      const taking = acquire(memory, archive, holder(2), everybodyIsDead, { clock });
      await clock.passUntil(12_000);
      await memory.remove(join(archive, '_lock.json'));
      await clock.passUntil(15_000);
      await taking;
      expect(await textOf(memory, '_lock.json')).toBe(holderText(holder(2)));
    });
  });

  it('is given back where what others left cannot be swept away', async () => {
    await onMemoryDisk(async (memory, archive) => {
      await put(memory, '_lock.left.tmp', 'x');
      const disk: Disk = {
        ...faultDisk(memory, 'fails', Number.POSITIVE_INFINITY).disk,
        remove: (path) =>
          path.endsWith('left.tmp') ? Promise.reject(new OutputError('Cannot remove: EIO')) : memory.remove(path),
      };
      await expect(acquire(disk, archive, holder(1), everybodyIsDead)).rejects.toThrow('EIO');
      expect(await memory.list(archive)).toEqual(['_lock.left.tmp']);
      const unlisted: Disk = { ...disk, list: () => Promise.resolve(undefined) };
      await (await acquire(unlisted, archive, holder(1), everybodyIsDead)).release();
      expect(await memory.list(archive)).toEqual(['_lock.left.tmp']);
    });
  });

  it('does not release a lock that is no longer its own', async () => {
    await inTemporaryFolder(async (archive) => {
      const lock = await acquire(nodeDisk, archive, holder(42), everybodyLives);
      await acquire(nodeDisk, archive, holder(43), everybodyIsDead);
      await lock.release();
      expect(await readFile(join(archive, '_lock.json'), 'utf8')).toContain('43');
    });
  });

  it('releases once only', async () => {
    await inTemporaryFolder(async (archive) => {
      const lock = await acquire(nodeDisk, archive, holder(42), everybodyLives);
      await lock.release();
      await acquire(nodeDisk, archive, holder(42), everybodyLives);
      await lock.release();
      expect(await readdir(archive)).toEqual(['_lock.json']);
    });
  });

  it('lets one of many takers win, with real files', async () => {
    await inTemporaryFolder(async (folder) => {
      for (let round = 0; round < 10; round += 1) {
        const archive = join(folder, String(round));
        await mkdir(archive);
        await leaveDeadLock(nodeDisk, archive);
        const takers = Array.from({ length: 40 }, (_, index) =>
          acquire(nodeDisk, archive, holder(index + 2), ({ pid }) => pid !== 1),
        );
        const results = await Promise.allSettled(takers);
        const winners = results.filter((result) => result.status === 'fulfilled');
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        expect(winners).toHaveLength(1);
        for (const reason of reasons) expect(reason).toBeInstanceOf(StoppedError);
        expect(await readdir(archive)).toEqual(['_lock.json']);
      }
    });
  });

  it('is held by one process at most, however takers interleave, die and come again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ diesAtStep: fc.option(fc.integer({ min: 1, max: 25 })), holds: fc.nat(3) }), {
          minLength: 2,
          maxLength: 5,
        }),
        async (scheduler, lives) => {
          const memory = new MemoryDisk();
          const dead = new Set([1]);
          await leaveDeadLock(memory, '/archive');
          let holders = 0;
          let everHeld = 0;

          const live = async (pid: number, diesAtStep: number | null, holds: number): Promise<void> => {
            const own = faultDisk(memory, 'dies-before', diesAtStep ?? Number.POSITIVE_INFINITY).disk;
            const disk = scheduled(own, scheduler);
            let lock: Lock;
            try {
              lock = await acquire(disk, '/archive', holder(pid), (other) => !dead.has(other.pid));
            } catch (error) {
              if (error instanceof StoppedError) return;
              // Only its own disk may end a taker: any other error is one of the lock.
              expect(error).toMatchObject({ message: expect.stringMatching(/^The disk (is gone|fails at step)/) });
              dead.add(pid);
              return;
            }
            holders += 1;
            everHeld += 1;
            expect(holders).toBe(1);
            for (let turn = 0; turn < holds; turn += 1) await scheduler.schedule(Promise.resolve());
            holders -= 1;
            await lock.release().catch(() => dead.add(pid));
          };
          const all = lives.map(({ diesAtStep, holds }, index) => live(index + 2, diesAtStep, holds));
          await scheduler.waitFor(Promise.all(all));

          // Whatever they left, the next one gets in: all are dead or done.
          for (const index of lives.keys()) dead.add(index + 2);
          const lock = await acquire(memory, '/archive', holder(100), (other) => !dead.has(other.pid));
          expect(await memory.list('/archive')).toEqual(['_lock.json']);
          await lock.release();
          expect(await memory.list('/archive')).toEqual([]);
          if (lives.every(({ diesAtStep }) => diesAtStep === null)) expect(everHeld).toBeGreaterThan(0);
        },
      ),
      { numRuns: quickOrLong(60, 2_000) },
    );
  });

  it('is held by one process at most that may still write, of containers that die, are stopped and come again', async () => {
    const life = fc.record({
      startsAtMs: fc.nat(200_000),
      holdsMs: fc.nat(200_000),
      ends: fc.constantFrom('released', 'killed', 'stopped for two minutes'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: 5 }), async (lives) => {
        const disk = new MemoryDisk();
        const clock = virtualClock(0);
        const writers = new Set<number>();
        let everHeld = 0;

        const live = async ({ startsAtMs, holdsMs, ends }: (typeof lives)[number], index: number): Promise<void> => {
          await clock.sleep(startsAtMs);
          const { every } = inTime(clock);
          let isStopped = false;
          const who = holder(1, { pidNamespace: `pid:[${index}]`, startedAt: new Date(clock.now()).toISOString() });
          const lock = await acquire(disk, '/archive', who, everybodyLives, {
            clock,
            every: (ms, tick) => every(ms, () => (isStopped ? undefined : tick())),
          }).catch((error: unknown) => error);
          if (lock instanceof StoppedError) return;
          if (lock instanceof Error) throw lock;
          const held = lock as Lock;
          everHeld += 1;
          expect([...writers]).toEqual([]);
          writers.add(index);
          await clock.sleep(holdsMs);
          writers.delete(index);
          isStopped = ends !== 'released';
          if (ends === 'killed') return;
          if (ends === 'stopped for two minutes') await clock.sleep(120_000);
          const mayWrite = await held.look().then(
            () => true,
            () => false,
          );
          if (mayWrite) expect([...writers]).toEqual([]);
          await held.release();
        };
        const all = Promise.all(lives.map(live));
        for (let untilMs = 5_000; untilMs <= 1_500_000; untilMs += 5_000) await clock.passUntil(untilMs);
        await all;
        expect(everHeld).toBeGreaterThan(0);
      }),
      { numRuns: quickOrLong(8, 200) },
    );
  });
});

/** Steps of a real disk take their time; these are done before the test's clock goes on. */
async function onMemoryDisk(use: (memory: MemoryDisk, archive: string) => Promise<void>): Promise<void> {
  const memory = new MemoryDisk();
  await memory.makeFolder('/archive');
  await use(memory, '/archive');
}

/** A disk that takes its time over every step, as a real one does, and counts the files that are open. */
function slowDisk() {
  const memory = new MemoryDisk();
  const counts = { open: 0 };
  const disk: Disk = {
    ...faultDisk(memory, 'fails', Number.POSITIVE_INFINITY).disk,
    open: async (path, mode) => {
      await setImmediate();
      const file = await memory.open(path, mode);
      counts.open += 1;
      return {
        write: (bytes) => setImmediate().then(() => file.write(bytes)),
        sync: () => setImmediate().then(() => file.sync()),
        close: () => setImmediate().then(() => void (counts.open -= 1)),
      };
    },
  };
  return { disk, memory, counts };
}

async function textOf(memory: MemoryDisk, name: string): Promise<string | undefined> {
  return (await memory.readFile(`/archive/${name}`))?.toString();
}

async function put(memory: MemoryDisk, name: string, text: string): Promise<void> {
  const file = await memory.open(`/archive/${name}`, 'truncate');
  await file.write(Buffer.from(text));
}

/** Lets the scheduler decide when each call of a taker goes on. */
function scheduled(disk: Disk, scheduler: fc.Scheduler): Disk {
  const turn = async <T>(action: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve());
    return action();
  };
  return {
    open: (path, mode) => turn(() => disk.open(path, mode)),
    readFile: (path) => turn(() => disk.readFile(path)),
    readChunks: (path, fromByte) => disk.readChunks(path, fromByte),
    openToRead: (path) => disk.openToRead(path),
    list: (folder) => turn(() => disk.list(folder)),
    sizeBytes: (path) => turn(() => disk.sizeBytes(path)),
    freeBytes: (folder) => turn(() => disk.freeBytes(folder)),
    isLink: (path) => turn(() => disk.isLink(path)),
    shortcomings: (folder) => disk.shortcomings(folder),
    truncate: (path, sizeBytes) => turn(() => disk.truncate(path, sizeBytes)),
    rename: (from, to) => turn(() => disk.rename(from, to)),
    link: (from, to) => turn(() => disk.link(from, to)),
    remove: (path) => turn(() => disk.remove(path)),
    makeFolder: (path) => turn(() => disk.makeFolder(path)),
    removeEmptyFolder: (path) => turn(() => disk.removeEmptyFolder(path)),
    syncFolder: (path) => turn(() => disk.syncFolder(path)),
  };
}
