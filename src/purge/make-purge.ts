import { readPurge } from '../archive/purges/read-purges.ts';
import { recordedHolds } from '../archive/purges/recorded-holds.ts';
import { publishPurge } from '../archive/publish/publish-purge.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import type { PurgeManifest } from '../archive/manifest/manifest.ts';
import { addUp } from '../compaction/add-up.ts';
import { clearWork, withClearWork } from '../compaction/clear-work.ts';
import { UsageError } from '../errors.ts';
import { defaultRowsPerFile } from '../job/job.ts';
import { purgeCheck, type PurgeCheck } from '../model/run/purge-rule.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import { readArchiveHistory, wholeHistory } from '../snapshot/archive-history.ts';
import { writeNumbers } from '../snapshot/numbers/number-ledger.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tool } from '../version.ts';
import { findPurged, type Purged } from './find-purged.ts';
import { HeldNames } from './holds/held-names.ts';
import { purgedBefore, type PurgedBefore } from './purged-before.ts';
import { purgedFiles } from './purge-files.ts';
import { purgeRaw } from './purge-raw.ts';
import { purgeRules } from './purge-rules.ts';
import { purgeTables } from './purge-tables.ts';
import { isTold } from './same-people.ts';
import type { Holds, PurgeTarget } from './purge-target.ts';
import { stillShown } from './still-shown.ts';

/** What a purge did. `held`: messages that stay because something holds them. */
export type Purge =
  | { readonly kind: 'purged'; readonly manifest: PurgeManifest; readonly held: number }
  /** Nothing: an earlier call did all of it, and this one has brought it to its end where it was cut. */
  | { readonly kind: 'purged-before'; readonly manifest: PurgeManifest; readonly held: 0 }
  | { readonly kind: 'nothing-to-do'; readonly held: number };

interface Purging {
  /** Why, and on whose word: they stand in the manifest for good. */
  readonly reason: string;
  readonly by: string;
  /** Name of the job whose retention it is. */
  readonly job?: string;
  /** What must stay. Default: what the job of the newest run holds. */
  readonly holds?: Holds;
  /** A signed archive is not purged without. */
  readonly signer?: LinkSigner;
  readonly clock: Pick<Clock, 'now'>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly disk: Disk;
  readonly signal: AbortSignal;
}

/**
 * Removes messages and publishes the link that says so, as `purgeArchive` does, for whoever holds the lock of an archive in
 * which nothing is half published and no run is open.
 *
 * @throws as `purgeArchive`
 */
export function makePurge(archive: string, target: PurgeTarget, purging: Purging): Promise<Purge> {
  return withClearWork(purging.disk, archive, () => purge(archive, target, purging));
}

async function purge(
  archive: string,
  target: PurgeTarget,
  { clock, disk, signal, random, signer, reason, by, job, holds: given }: Purging,
): Promise<Purge> {
  const startedAt = new Date(clock.now()).toISOString();
  const state = await readStoredState(disk, archive);
  const run = state.run + 1;
  const history = wholeHistory(await readArchiveHistory(disk, archive));
  const reader = new TableReader(disk, archive, history);
  const holds = given ?? (await recordedHolds(disk, archive));
  const held = new HeldNames(holds);
  // Ids of direct rooms are pseudonyms in rows: a name that only the state knows must not pass for one that is held.
  if (history.everyRun.every(isTold)) {
    held.noteLists(Object.values(state.lists).filter(({ roomType }) => roomType !== 'direct'));
  }
  const purged = await findPurged(reader, history, target, held, Date.parse(startedAt));
  const before = await purgedBefore(disk, archive, state);
  expectSomething(archive, target, purged, before);
  if (purged.messageIds.size === 0 && purged.userIds.size === 0) {
    const earlier = before.of(target);
    if (earlier !== undefined)
      return { kind: 'purged-before', manifest: await readPurge(disk, archive, earlier.run), held: 0 };
  }
  // Kept journals are not gone over for each run of a job: they hold more than the tables only where a step drops messages.
  if (job !== undefined && purged.messageIds.size === 0) return { kind: 'nothing-to-do', held: purged.heldIds.size };
  const rules = purgeRules(target, purged, startedAt, random);
  const metadata = { schemaVersion: String(schemaVersion), tool: `${tool.name} ${tool.version}`, run: String(run) };
  const context = { disk, archive, run, rowsPerFile: defaultRowsPerFile, metadata, signal };
  const shown = await stillShown(reader, history, purged);
  const rewritten = await purgeTables(context, reader, history, purged, shown);
  const attachments = await purgedFiles(disk, archive, reader, history, purged, shown);
  const removed = {
    check: byIdToo(purged, purgeCheck(rules)),
    paths: new Set(attachments.map(({ path }) => path)),
  };
  const journals = await purgeRaw(disk, archive, removed, run);
  if (rewritten.length === 0 && journals.raw.length === 0) {
    await clearWork(disk, archive);
    return { kind: 'nothing-to-do', held: purged.heldIds.size };
  }
  const sums = addUp(rewritten);
  const numbers = await writeNumbers(disk, archive, history, run, sums.dropped);
  const manifest = await publishPurge(
    disk,
    archive,
    {
      tool,
      schemaVersion,
      startedAt,
      finishedAt: new Date(clock.now()).toISOString(),
      reason,
      by,
      rules,
      messages: purged.messageIds.size,
      notes: [...purged.notes, ...disk.shortcomings(archive)],
      ...sums,
      ...omitUndefined({ numbers, job }),
      files: rewritten.flatMap(({ files }) => files),
      raw: journals.raw,
      replacedFiles: rewritten.flatMap(({ replaces }) => replaces),
      removed: [...journals.replaces, ...attachments],
      state,
    },
    signer,
  );
  return { kind: 'purged', manifest, held: purged.heldIds.size };
}

/**
 * Kept responses may have a person whom rows, and so the rule, know by a pseudonym, or a message whose sender or time a step of
 * one's own changed: what is held, and what goes, is known by its id there.
 */
function byIdToo({ heldIds, messageIds }: Pick<Purged, 'heldIds' | 'messageIds'>, check: PurgeCheck): PurgeCheck {
  const message: PurgeCheck['message'] = (one) => {
    const id = one.versionOf ?? one.id;
    return !heldIds.has(id) && (messageIds.has(id) || check.message(one));
  };
  return { ...check, message };
}

/** A name that is mistyped, and what is held, must not pass for a purge. */
function expectSomething(archive: string, target: PurgeTarget, purged: Purged, before: PurgedBefore): void {
  const { messageIds, userIds, unmetHolds, heldIds } = purged;
  const [unmet] = unmetHolds;
  // What a mistyped name was to keep would be gone for good.
  if (unmet !== undefined) {
    throw new UsageError(`Cannot purge from "${archive}": nothing in it has the name "${unmet}", which the job holds`, {
      hint: 'Nothing was changed. Correct the name under `hold`, or take it out, and run the job once. Who has no message in the archive is known by the tables `rooms` and `users`',
    });
  }
  if (target.kind === 'before') return;
  if (heldIds.size > 0) {
    throw new UsageError(`Cannot purge from "${archive}": ${heldIds.size} of the messages are held`, {
      hint: 'Nothing was changed. Take the room or the person out of `hold` first',
    });
  }
  // Of the one who had the name first, nothing is left that could tell them apart.
  if (
    target.kind === 'user' &&
    !userIds.has(target.name) &&
    userIds.size > 0 &&
    before.isOfAnother(target.name, userIds)
  ) {
    throw new UsageError(
      `Cannot purge from "${archive}": "${target.name}" was the username of somebody whose messages are purged already, and is now that of ${[...userIds].sort().join(', ')}`,
      { hint: 'Nothing was changed. To purge the messages of this person, too, give the id' },
    );
  }
  if (target.kind === 'user' && (userIds.size > 0 || before.user(target.name))) return;
  const missing =
    target.kind === 'messages' ? target.ids.find((id) => !messageIds.has(id) && !before.message(id)) : target.name;
  if (missing === undefined) return;
  const what = target.kind === 'user' ? 'user' : 'message';
  throw new UsageError(`Cannot purge from "${archive}": the archive has no ${what} "${missing}"`, {
    hint: 'Nothing was changed. `latest` shows the ids',
  });
}
