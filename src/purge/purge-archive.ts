import { resolve } from 'node:path';
import { expectArchive } from '../archive/expect-archive.ts';
import { underLock, type WriterEnvironment } from '../archive/lock/under-lock.ts';
import { expectSigner } from '../archive/publish/expect-signer.ts';
import { finishPublishing } from '../archive/publish/publish.ts';
import { readPurge } from '../archive/purges/read-purges.ts';
import { refuseOpenRun } from '../compaction/quiet-archive.ts';
import { InterruptedError, UsageError } from '../errors.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { makeViews } from '../views/make-views.ts';
import { makePurge, type Purge } from './make-purge.ts';
import { isSamePurge } from './purged-before.ts';
import type { Holds, PurgeTarget } from './purge-target.ts';

/** What a caller asks of a purge, and what replaces parts of the environment. */
export interface PurgeOptions extends Partial<WriterEnvironment> {
  /** Why, and on whose word: they stand in the manifest for good. */
  readonly reason: string;
  readonly by: string;
  /** What must stay. Default: what the job of the newest run holds. */
  readonly holds?: Holds;
  /** Signs the purge; a signed archive is not purged without. */
  readonly signer?: LinkSigner;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Aborting it ends the purge; until it is committed, the archive stays as it was. */
  readonly signal?: AbortSignal;
  /** Called when the archive is as asked for, but the folder `_view/<view>` could not be made again. */
  readonly onViewFailure?: (view: string, error: unknown) => void;
}

/**
 * Removes messages from an archive for good: from all tables in all formats, from kept journals, and from what was made of the
 * archive. A link of the chain says why and on whose word, and by it later runs leave out the same. All or nothing, like a
 * compaction: killed at any moment, the archive is what it was, or the next command brings it to its end.
 *
 * @param folder that a job names as its output
 * @throws UsageError when there is no archive, or no such message or person, for a username that several have had and a time
 *   to come, when something is held, when tables lack the columns that tell, or for a signed archive without its key;
 *   StoppedError when a run was cut and must be resumed first, or
 *   somebody else writes; DifferenceError for a file that is not what its manifest says; OutputError when the disk refuses.
 *   Nothing is changed then
 */
export async function purgeArchive(folder: string, target: PurgeTarget, options: PurgeOptions): Promise<Purge> {
  const { reason, by } = options;
  const environment = { ...systemSurroundings(), ...omitUndefined(options) };
  const { signer, onViewFailure = () => undefined } = environment;
  const archive = resolve(folder);
  if (target.kind === 'before') expectPast(target.beforeMs, environment.clock.now());
  await expectArchive(environment.disk, archive, 'purge');
  return underLock(archive, environment, async ({ disk, lost }) => {
    const signal = AbortSignal.any([lost, ...(environment.signal ? [environment.signal] : [])]);
    const finished = await finishPublishing(disk, archive);
    await expectSigner(disk, archive, signer, 'command');
    await refuseOpenRun(disk, archive, 'purge');
    // Its after-work also where the call then ends with an error: the pages went with the purge that was cut.
    if (finished?.kind === 'purge') await makeViews(disk, archive, signal, onViewFailure);
    if (finished?.kind === 'purge' && isSamePurge(finished, target, options)) {
      return { kind: 'purged-before', manifest: await readPurge(disk, archive, finished.run), held: 0 };
    }
    const purging = { ...environment, reason, by, disk, signal };
    const done = await makePurge(archive, target, purging).catch((error: unknown) => {
      throw error instanceof InterruptedError ? new InterruptedError(error.signal, 'the archive is as it was') : error;
    });
    if (done.kind === 'purged') await makeViews(disk, archive, signal, onViewFailure);
    return done;
  });
}

function expectPast(beforeMs: number, nowMs: number): void {
  if (beforeMs <= nowMs) return;
  throw new UsageError(`Cannot purge messages sent before ${new Date(beforeMs).toISOString()}: that is still to come`, {
    hint: 'Nothing was changed. Later runs leave out what is purged: until then nothing would come into the archive',
  });
}
