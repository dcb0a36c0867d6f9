import { resolve } from 'node:path';
import { expectArchive } from '../archive/expect-archive.ts';
import { underLock } from '../archive/lock/under-lock.ts';
import type { PurgeManifest } from '../archive/manifest/manifest.ts';
import { readPendingManifest } from '../archive/manifest/run-manifests.ts';
import { expectSigner } from '../archive/publish/expect-signer.ts';
import { finishPublishing } from '../archive/publish/publish.ts';
import { publishPurge } from '../archive/publish/publish-purge.ts';
import { readStoredState } from '../archive/state/read-stored-state.ts';
import { addUp } from '../compaction/add-up.ts';
import type { CompactionEnvironment } from '../compaction/compact-archive.ts';
import { clearWork, refuseOpenRun } from '../compaction/quiet-archive.ts';
import { InterruptedError, UsageError } from '../errors.ts';
import { defaultRowsPerFile } from '../job/job.ts';
import { purgeCheck } from '../model/run/purge-rule.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import { messageSources } from '../snapshot/numbers/message-files.ts';
import { writeNumbers } from '../snapshot/numbers/number-ledger.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import { writeViews } from '../views/write-views.ts';
import { findPurged, type Purged } from './find-purged.ts';
import { recordedHolds } from './recorded-holds.ts';
import { purgedFiles } from './purge-files.ts';
import { purgeRaw } from './purge-raw.ts';
import { purgeRules } from './purge-rules.ts';
import { purgeTables } from './purge-tables.ts';
import type { Holds, PurgeTarget } from './purge-target.ts';

/** What a caller asks of a purge, and what replaces parts of the environment. */
interface PurgeOptions extends Partial<CompactionEnvironment> {
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

/** What a purge did. `held`: messages that stay because something holds them. */
export type Purge =
  | { readonly kind: 'purged'; readonly manifest: PurgeManifest; readonly held: number }
  | { readonly kind: 'nothing-to-do'; readonly held: number };

/**
 * Removes messages from an archive for good: from all tables in all formats, from kept journals, and from what was made of the
 * archive. A link of the chain says why and on whose word, and by it later runs leave out the same. All or nothing, like a
 * compaction: killed at any moment, the archive is what it was, or the next command brings it to its end.
 *
 * @param folder that a job names as its output
 * @throws UsageError when there is no archive, or no such message or person, when something is held, when tables lack the
 *   columns that tell, or for a signed archive without its key; StoppedError when a run was cut and must be resumed first, or
 *   somebody else writes; DifferenceError for a file that is not what its manifest says; OutputError when the disk refuses.
 *   Nothing is changed then
 */
export async function purgeArchive(folder: string, target: PurgeTarget, options: PurgeOptions): Promise<Purge> {
  const { reason, by } = options;
  const environment = { ...systemSurroundings(), ...omitUndefined(options) };
  const { signer, onViewFailure = () => undefined } = environment;
  const archive = resolve(folder);
  await expectArchive(environment.disk, archive, 'purge');
  return underLock(archive, environment, async ({ disk, lost }) => {
    const signal = AbortSignal.any([lost, ...(environment.signal ? [environment.signal] : [])]);
    await finishPublishing(disk, archive);
    await expectSigner(disk, archive, signer, 'command');
    await refuseOpenRun(disk, archive, 'purge');
    await clearWork(disk, archive);
    try {
      const done = await purge(archive, target, { ...environment, reason, by, disk, signal });
      await writeViews(disk, archive, onViewFailure);
      return done;
    } catch (error) {
      const isCommitted = await readPendingManifest(disk, archive).then(
        (pending) => pending !== undefined,
        () => true,
      );
      if (!isCommitted) await clearWork(disk, archive).catch(() => undefined);
      throw error instanceof InterruptedError ? new InterruptedError(error.signal, 'the archive is as it was') : error;
    }
  });
}

async function purge(
  archive: string,
  target: PurgeTarget,
  { clock, disk, signal, random, signer, reason, by, ...rest }: Purging,
): Promise<Purge> {
  const startedAt = new Date(clock.now()).toISOString();
  const state = await readStoredState(disk, archive);
  const run = state.run + 1;
  const history = await readArchiveHistory(disk, archive);
  const reader = new TableReader(disk, archive, history);
  const holds = rest.holds ?? (await recordedHolds(disk, archive));
  const purged = await findPurged(reader, history, target, holds);
  expectSomething(archive, target, purged);
  const rules = purgeRules(target, purged, startedAt, random);
  const metadata = { schemaVersion: String(schemaVersion), tool: `${tool.name} ${tool.version}`, run: String(run) };
  const context = { disk, archive, run, rowsPerFile: defaultRowsPerFile, metadata, signal };
  const rewritten = await purgeTables(context, reader, history, purged);
  const journals = await purgeRaw(disk, archive, purgeCheck(rules), run);
  if (rewritten.length === 0 && journals.raw.length === 0) {
    await clearWork(disk, archive);
    return { kind: 'nothing-to-do', held: purged.held };
  }
  const attachments = await purgedFiles(disk, archive, reader, history, purged);
  const sums = addUp(rewritten);
  // Numbers follow from the rows: those of messages whose rows go would be given anew.
  const takesMessages = messageSources.some((table) => (sums.dropped[table] ?? 0) > 0);
  const numbers = takesMessages ? await writeNumbers(disk, archive, history, run) : undefined;
  const manifest = await publishPurge(
    disk,
    archive,
    {
      ...{ tool, schemaVersion, startedAt, finishedAt: new Date(clock.now()).toISOString(), reason, by, rules },
      messages: purged.messageIds.size,
      notes: disk.shortcomings(archive),
      ...sums,
      ...omitUndefined({ numbers }),
      files: rewritten.flatMap(({ files }) => files),
      raw: journals.raw,
      replacedFiles: rewritten.flatMap(({ replaces }) => replaces),
      removed: [...journals.replaces, ...attachments],
      state,
    },
    signer,
  );
  return { kind: 'purged', manifest, held: purged.held };
}

type Purging = PurgeOptions & Required<Pick<PurgeOptions, 'clock' | 'random' | 'disk' | 'signal'>>;

/** A name that is mistyped, and what is held, must not pass for a purge. */
function expectSomething(archive: string, target: PurgeTarget, { messageIds, userIds, held }: Purged): void {
  if (target.kind === 'before') return;
  if (held > 0) {
    throw new UsageError(`Cannot purge from "${archive}": ${held} of the messages are held`, {
      hint: 'Nothing was changed. Take the room or the person out of `hold` first',
    });
  }
  if (target.kind === 'user' && userIds.size > 0) return;
  const missing = target.kind === 'messages' ? target.ids.find((id) => !messageIds.has(id)) : target.name;
  if (missing === undefined) return;
  const what = target.kind === 'user' ? 'user' : 'message';
  throw new UsageError(`Cannot purge ${what} "${missing}": the archive does not have it`, {
    hint: 'Nothing was changed. `latest` shows the ids',
  });
}
