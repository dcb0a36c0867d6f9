import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { acquireLock } from '../../src/archive/lock.ts';
import type { Lock, LockHolder } from '../../src/archive/lock.ts';
import { nodeDisk } from '../../src/disk.ts';
import type { Disk } from '../../src/disk.ts';
import { OutputError, StoppedError } from '../../src/errors.ts';
import { faultDisk } from './fault-disk.ts';
import { MemoryDisk } from './memory-disk.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

// Thousands of small steps: a busy machine may need longer than the default five seconds.
jest.setTimeout(60_000);

const holder = (pid: number, host = 'here'): LockHolder => ({
  pid,
  host,
  startedAt: '2024-02-01T02:15:00.000Z',
  processStartId: `boot/${pid}`,
});
const everybodyLives = (): boolean => true;
const everybodyIsDead = (): boolean => false;

/** A lock whose holder was killed. */
async function leaveDeadLock(disk: Disk, archive: string, pid = 1): Promise<void> {
  await acquireLock(disk, archive, holder(pid), everybodyIsDead);
}

describe('acquireLock', () => {
  it('makes the archive, says who holds it, and leaves nothing behind when released', async () => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'new/archive');
      const lock = await acquireLock(nodeDisk, archive, holder(42), everybodyLives);
      expect(await readdir(archive)).toEqual(['_lock.json']);
      expect(JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'))).toEqual(holder(42));
      await lock.release();
      expect(await readdir(archive)).toEqual([]);
    });
  });

  it('turns away a second taker with the pid, the host and the time of the first', async () => {
    await inTemporaryFolder(async (archive) => {
      await acquireLock(nodeDisk, archive, holder(42), everybodyLives);
      const second = acquireLock(nodeDisk, archive, holder(43), everybodyLives);
      await expect(second).rejects.toThrow(StoppedError);
      await expect(second).rejects.toThrow(/process 42 on "here" has been writing to it since 2024-02-01T02:15:00/);
      expect(await readdir(archive)).toEqual(['_lock.json']);
    });
  });

  it('takes over from a dead holder on this host', async () => {
    await inTemporaryFolder(async (archive) => {
      await leaveDeadLock(nodeDisk, archive);
      const lock = await acquireLock(nodeDisk, archive, holder(43), ({ pid }) => pid !== 1);
      expect(JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'))).toEqual(holder(43));
      expect(await readdir(archive)).toEqual(['_lock.json']);
      await lock.release();
      expect(await readdir(archive)).toEqual([]);
    });
  });

  it('never breaks the lock of another host, and names the file to remove', async () => {
    await inTemporaryFolder(async (archive) => {
      await acquireLock(nodeDisk, archive, holder(42, 'elsewhere'), everybodyIsDead);
      const error: unknown = await acquireLock(nodeDisk, archive, holder(43), everybodyIsDead).catch(
        (it: unknown) => it,
      );
      expect(error).toBeInstanceOf(StoppedError);
      expect(error).toMatchObject({ hint: expect.stringContaining(`remove "${join(archive, '_lock.json')}"`) });
      expect(await readFile(join(archive, '_lock.json'), 'utf8')).toContain('elsewhere');
    });
  });

  it('does not guess who holds a damaged lock', async () => {
    await inTemporaryFolder(async (archive) => {
      await writeFile(join(archive, '_lock.json'), '{"pid": ');
      const attempt = acquireLock(nodeDisk, archive, holder(43), everybodyIsDead);
      await expect(attempt).rejects.toThrow(OutputError);
      await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining('_lock.json') });
      expect(await readFile(join(archive, '_lock.json'), 'utf8')).toBe('{"pid": ');
    });
  });

  it('does not release a lock that is no longer its own', async () => {
    await inTemporaryFolder(async (archive) => {
      const lock = await acquireLock(nodeDisk, archive, holder(42), everybodyLives);
      await acquireLock(nodeDisk, archive, holder(43), everybodyIsDead);
      await lock.release();
      expect(await readFile(join(archive, '_lock.json'), 'utf8')).toContain('43');
    });
  });

  it('releases once only', async () => {
    await inTemporaryFolder(async (archive) => {
      const lock = await acquireLock(nodeDisk, archive, holder(42), everybodyLives);
      await lock.release();
      await acquireLock(nodeDisk, archive, holder(42), everybodyLives);
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
          acquireLock(nodeDisk, archive, holder(index + 2), ({ pid }) => pid !== 1),
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
              lock = await acquireLock(disk, '/archive', holder(pid), (other) => !dead.has(other.pid));
            } catch (error) {
              if (!(error instanceof StoppedError)) dead.add(pid);
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
          const lock = await acquireLock(memory, '/archive', holder(100), (other) => !dead.has(other.pid));
          expect(await memory.list('/archive')).toEqual(['_lock.json']);
          await lock.release();
          expect(await memory.list('/archive')).toEqual([]);
          if (lives.every(({ diesAtStep }) => diesAtStep === null)) expect(everHeld).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 },
    );
  });
});

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
    list: (folder) => turn(() => disk.list(folder)),
    sizeBytes: (path) => turn(() => disk.sizeBytes(path)),
    truncate: (path, sizeBytes) => turn(() => disk.truncate(path, sizeBytes)),
    rename: (from, to) => turn(() => disk.rename(from, to)),
    link: (from, to) => turn(() => disk.link(from, to)),
    remove: (path) => turn(() => disk.remove(path)),
    makeFolder: (path) => turn(() => disk.makeFolder(path)),
    syncFolder: (path) => turn(() => disk.syncFolder(path)),
  };
}
