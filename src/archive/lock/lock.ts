import { join } from 'node:path';
import type { Clock, Every } from '../../system/clock.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { StoppedError } from '../../errors.ts';
import { sha256 } from '../hash-file.ts';
import { holderText, parseHolder, sharePids, type LockHolder } from './lock-holder.ts';
import { archivePaths } from '../paths.ts';

export interface Lock {
  /** Aborted with a StoppedError as soon as it shows that another process has taken the lock over. */
  readonly lost: AbortSignal;
  /** @throws StoppedError when the lock is no longer ours */
  look(): Promise<void>;
  /** Gives the archive back. Leaves a lock alone that is no longer ours. */
  release(): Promise<void>;
}

/** What a taker needs of its environment. */
export interface LockSurroundings {
  readonly disk: Disk;
  readonly clock: Pick<Clock, 'sleep'>;
  /** In real time, whatever clock the run has: other processes watch it. */
  readonly every: Every;
  /** Whether a holder that shares our pids still runs; asked for no other. */
  readonly isAlive: (holder: LockHolder) => boolean;
  /** Ends the waiting for a holder that may be dead. */
  readonly signal?: AbortSignal;
  /** Called before that wait; null: the record cannot be read. */
  readonly onWatch?: (holder: LockHolder | null) => void;
}

interface Taker extends LockSurroundings {
  readonly archive: string;
  readonly holder: LockHolder;
  readonly content: string;
}

const renewalMs = 15_000;
const lookMs = 5_000;
/** 60 s: a holder that lives has renewed its lock by then, even if its disk was slow for two renewals. */
const looks = 12;

/** Every file of the lock but the lock: temporary files, claims, the heartbeat. */
const isLeftover = (name: string): boolean => name.startsWith('_lock.') && name !== archivePaths.lock;

/**
 * What a holder writes anew every 15 s. Beside the lock, not in it: the record of a holder never changes, so that nobody
 * can overwrite another's by renewing late.
 */
const heartbeatPath = (archive: string): string => join(archive, '_lock.heartbeat');

/** So that takers in one process, too, have names of their own. */
let temporaryFiles = 0;

/**
 * Puts the taker's record at `path`, in one step: `link` returns false when the name is taken, `replace` overwrites.
 * Returns undefined when the temporary file was swept away meanwhile by a new holder.
 */
async function place(taker: Taker, path: string, how: 'link' | 'replace'): Promise<boolean | undefined> {
  const { disk, archive, content } = taker;
  const temporary = join(archive, `_lock.${sha256(content).slice(0, 16)}-${(temporaryFiles += 1)}.tmp`);
  try {
    const file = await disk.open(temporary, 'truncate');
    try {
      await file.write(Buffer.from(content));
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      if (how === 'link') return await disk.link(temporary, path);
      await disk.rename(temporary, path);
      return true;
    } catch (error) {
      if ((await disk.sizeBytes(temporary)) === undefined) return undefined;
      throw error;
    }
  } finally {
    await disk.remove(temporary);
  }
}

/** All by which a living holder shows. */
interface Sign {
  readonly record: Buffer;
  readonly heartbeat: Buffer;
}

async function readSign({ disk, archive }: Taker, path: string): Promise<Sign | undefined> {
  const record = await disk.readFile(path);
  const heartbeat = (await disk.readFile(heartbeatPath(archive))) ?? Buffer.of();
  return record && { record, heartbeat };
}

function isSame(one: Sign, other: Sign | undefined): boolean {
  return other !== undefined && one.record.equals(other.record) && one.heartbeat.equals(other.heartbeat);
}

/**
 * Waits whether a holder that we cannot ask for (another container or machine, or a record that cannot be read) renews
 * its lock. Looks are counted, not clocks compared: clocks differ, are set, and stop while a machine sleeps.
 */
async function watch(taker: Taker, path: string, first: Sign): Promise<'alive' | 'silent' | 'gone'> {
  taker.onWatch?.(parseHolder(first.record) ?? null);
  for (let look = 0; look < looks; look += 1) {
    await taker.clock.sleep(lookMs, taker.signal);
    const sign = await readSign(taker, path);
    if (sign === undefined) return 'gone';
    if (!isSame(first, sign)) return 'alive';
  }
  return 'silent';
}

function heldBy(archive: string, holder: LockHolder | undefined): StoppedError {
  const who =
    holder === undefined
      ? 'another process is writing to it'
      : `process ${holder.pid} on "${holder.host}" has been writing to it since ${holder.startedAt}`;
  return new StoppedError(`Cannot write to "${archive}": ${who}`, {
    hint: 'Wait until it has ended, then run the same command again',
  });
}

/**
 * A dead holder's file may be replaced only by the one who holds the claim on exactly this record: a lock of its own,
 * named after the record's hash, taken by the same rules (a claimer may die, too). Under the claim the file is read
 * again; as long as it still holds the dead record, nobody else can replace it, for a dead process writes no more and
 * no record ever comes twice.
 */
async function take(taker: Taker, path: string): Promise<void> {
  const { disk, archive, holder, isAlive } = taker;
  for (;;) {
    if (await place(taker, path, 'link')) return;
    const found = await readSign(taker, path);
    if (found === undefined) continue;
    const other = parseHolder(found.record);
    if (other !== undefined && sharePids(other, holder)) {
      if (isAlive(other)) throw heldBy(archive, other);
    } else {
      const seen = await watch(taker, path, found);
      if (seen === 'alive') throw heldBy(archive, other);
      if (seen === 'gone') continue;
    }
    const claim = join(archive, `_lock.${sha256(found.record).slice(0, 32)}.json`);
    await take(taker, claim);
    try {
      const isUntouched = isSame(found, await readSign(taker, path));
      if (isUntouched && (await place(taker, path, 'replace')) === true) return;
    } finally {
      await disk.remove(claim);
    }
  }
}

/**
 * Makes this process the only one that writes to an archive, and makes the archive's folder. A lock whose holder died is
 * taken over: at once where pids mean the same to both, else (another container, another machine) when it has not been
 * renewed for 60 s.
 *
 * @param archive absolute path
 * @throws StoppedError when a live process holds the lock; OutputError when the disk refuses; the signal's reason
 */
export async function acquireLock(archive: string, holder: LockHolder, surroundings: LockSurroundings): Promise<Lock> {
  const { disk, every } = surroundings;
  await disk.makeFolder(archive);
  const content = holderText(holder);
  const path = join(archive, archivePaths.lock);
  await take({ ...surroundings, archive, holder, content }, path);

  const lost = new AbortController();
  async function look(): Promise<void> {
    lost.signal.throwIfAborted();
    const found = await disk.readFile(path);
    if (found?.equals(Buffer.from(content)) === true) return;
    const other = found && parseHolder(found);
    const taken = other ? `process ${other.pid} on "${other.host}" took it over at ${other.startedAt}` : 'it is gone';
    const error = new StoppedError(`Lost the lock of "${archive}": ${taken}; nothing was published since`, {
      hint: 'This process was stopped for a minute, or its disk was: run the same command again when nobody writes',
    });
    lost.abort(error);
    throw error;
  }

  let renewals = 0;
  let renewing: Promise<void> | undefined;
  async function renew(): Promise<void> {
    await look();
    renewals += 1;
    await replaceFile(disk, heartbeatPath(archive), `${sha256(content).slice(0, 16)} ${renewals}\n`);
  }
  // What goes wrong here, except for a lost lock, goes wrong for the work as well, which reports it better.
  const tick = (): void =>
    void (renewing ??= renew()
      .catch(() => undefined)
      .finally(() => (renewing = undefined)));
  const stopRenewing = every(renewalMs, tick);

  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    stopRenewing();
    await renewing;
    if ((await disk.readFile(path))?.equals(Buffer.from(content)) !== true) return;
    await disk.remove(heartbeatPath(archive));
    await disk.remove(path);
  };
  try {
    // What killed takers left. One that is still trying loses its files, finds us, and gives up.
    for (const name of (await disk.list(archive)) ?? []) if (isLeftover(name)) await disk.remove(join(archive, name));
  } catch (error) {
    await release();
    throw error;
  }
  return { lost: lost.signal, look, release };
}
