import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { OutputError, StoppedError } from '../errors.ts';
import { toJsonText } from './canonical-json.ts';
import { sha256 } from './hash-file.ts';
import { JsonNode, JsonShapeError } from './json-node.ts';
import { archivePaths } from './paths.ts';

/** Who holds an archive. No two processes may ever write the same record: the start makes it unique. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Tells a process from a later one with the same pid, where the system can; else null. */
  readonly processStartId: string | null;
}

export interface Lock {
  /** Gives the archive back. Leaves a lock alone that is no longer ours. */
  release(): Promise<void>;
}

interface Taker {
  readonly disk: Disk;
  readonly archive: string;
  readonly holder: LockHolder;
  readonly content: string;
  readonly isAlive: (holder: LockHolder) => boolean;
}

/** Every file of the lock but the lock: temporary files and claims. */
const isLeftover = (name: string): boolean => name.startsWith('_lock.') && name !== archivePaths.lock;

function parseHolder(bytes: Uint8Array): LockHolder {
  const node = JsonNode.parse(bytes);
  return {
    pid: node.get('pid').count(1),
    host: node.get('host').string(),
    startedAt: node.get('startedAt').string(),
    processStartId: node.get('processStartId').nullable((id) => id.string()),
  };
}

function readHolder(path: string, bytes: Uint8Array): LockHolder {
  try {
    return parseHolder(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    // The file appears whole or not at all, even in a power cut: whoever damaged it, we cannot know who holds the lock.
    throw new OutputError(`Cannot read the lock "${path}": ${cause.message}`, {
      cause,
      hint: `Make sure that no other run writes to this archive, then remove "${path}"`,
    });
  }
}

/** So that takers in one process, too, have names of their own. */
let temporaryFiles = 0;

/**
 * Puts the taker's record at `path`, in one step: `link` answers false when the name is taken, `replace` overwrites.
 * Answers undefined when the temporary file was swept away meanwhile by a new holder.
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
    const found = await disk.readFile(path);
    if (found === undefined) continue;
    const other = readHolder(path, found);
    if (other.host !== holder.host || isAlive(other)) {
      throw new StoppedError(
        `Cannot write to "${archive}": process ${other.pid} on "${other.host}" has been writing to it since ${other.startedAt}`,
        {
          hint:
            other.host === holder.host
              ? 'Wait until it has ended, then run the same command again'
              : `Wait until it has ended; if that host is gone for good, remove "${path}"`,
        },
      );
    }
    const claim = join(archive, `_lock.${sha256(found).slice(0, 32)}.json`);
    await take(taker, claim);
    try {
      const again = await disk.readFile(path);
      if (again?.equals(found) === true && (await place(taker, path, 'replace')) === true) return;
    } finally {
      await disk.remove(claim);
    }
  }
}

/** Does the work under the archive's lock. What went wrong with the work outweighs what goes wrong with the release. */
export async function withLock<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // A lock that stays behind is taken over as soon as this process has ended.
    await lock.release().catch(() => undefined);
    throw error;
  }
  await lock.release();
  return result;
}

/**
 * Makes this process the only one that writes to an archive, and makes the archive's folder. A lock whose holder died
 * on this host is taken over; one of another host never is, for nobody here can tell whether that process lives.
 *
 * @param archive absolute path
 * @param isAlive whether a holder on this host still runs; asked for no other host's
 * @throws StoppedError when a live process, or one on another host, holds the lock; OutputError for a damaged lock file
 */
export async function acquireLock(
  disk: Disk,
  archive: string,
  holder: LockHolder,
  isAlive: (holder: LockHolder) => boolean,
): Promise<Lock> {
  await disk.makeFolder(archive);
  const { pid, host, startedAt, processStartId } = holder;
  const content = toJsonText({ pid, host, startedAt, processStartId });
  const path = join(archive, archivePaths.lock);
  await take({ disk, archive, holder, content, isAlive }, path);

  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    if ((await disk.readFile(path))?.equals(Buffer.from(content)) === true) await disk.remove(path);
  };
  try {
    // What killed takers left. One that is still trying loses its files, finds us, and gives up.
    for (const name of (await disk.list(archive)) ?? []) if (isLeftover(name)) await disk.remove(join(archive, name));
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}
