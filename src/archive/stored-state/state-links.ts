import { join } from 'node:path';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { StoppedError, UsageError } from '../../errors.ts';
import { shellWord } from '../../shell-word.ts';
import { tool } from '../../version.ts';
import { commit, newestLink } from '../publish/commit.ts';
import { runsText } from '../manifest/completed-rows.ts';
import { keptJournals } from '../manifest/kept-journals.ts';
import type { KeyManifest, StateManifest } from '../manifest/manifest.ts';
import type { StateChange } from '../state/recorded-change.ts';
import { archivePaths } from '../paths.ts';
import { finishPublishing } from '../publish/publish.ts';
import { readStoredState, rebuildState } from './read-stored-state.ts';
import { resetRooms, stateChange } from '../state/state-change.ts';
import { stateBytes, stateSha256 } from '../state/state-schema.ts';
import type { State } from '../state/state.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';

/**
 * Has the next run read rooms again from their beginning: publishes a link of the chain that says so, and changes
 * nothing but the state. Needs the lock.
 *
 * @param choose the rooms, by id, of the present state
 * @param now ISO 8601
 * @param signer undefined: the link is not signed
 * @throws StoppedError while a run is open: it would end where its pages end, which were read from the old places, and
 *   undo the change; what `choose` throws; OutputError for a damaged archive. Nothing is written then
 */
export async function resetState(
  disk: Disk,
  archive: string,
  now: string,
  choose: (state: State) => StateChange['reset'],
  signer?: LinkSigner,
): Promise<State> {
  const before = await stateToChange(disk, archive);
  const chosen = choose(before);
  const reset = chosen !== 'all' && isEveryRoom(before, chosen) ? 'all' : chosen;
  return publishState(disk, archive, before, { now, reset, isRefill: false, signer });
}

/**
 * Has the next run write all current rows anew, as its job makes them, from the journals that the runs kept: without a request
 * for what those have. Where they are not enough for its job, it reads every room again. Needs the lock.
 *
 * @param now ISO 8601
 * @throws UsageError where a run kept none; as `resetState`
 */
export async function askForRefill(disk: Disk, archive: string, now: string, signer?: LinkSigner): Promise<State> {
  const before = await stateToChange(disk, archive);
  const { journals, runs } = await keptJournals(disk, archive);
  const kept = new Set(journals.map(({ place }) => place.run));
  const without = runs.filter((run) => !kept.has(run));
  if (without.length > 0) {
    throw new UsageError(`Cannot fill "${archive}" from _raw: it has no responses of ${runsText(without)}`, {
      hint: `Nothing was changed. After \`rocketchat-export state reset ${shellWord(archive)} --room NAME\` the next run asks the server for a room, after \`rocketchat-export state forget ${shellWord(archive)} --yes\` for all`,
    });
  }
  return publishState(disk, archive, before, { now, reset: [], isRefill: true, signer });
}

async function stateToChange(disk: Disk, archive: string): Promise<State> {
  await finishPublishing(disk, archive);
  await expectNoOpenRun(disk, archive, 'change the state of');
  return readStoredState(disk, archive);
}

interface StateLink {
  readonly now: string;
  readonly reset: StateChange['reset'];
  readonly isRefill: boolean;
  readonly signer: LinkSigner | undefined;
}

async function publishState(
  disk: Disk,
  archive: string,
  before: State,
  { now, reset, isRefill, signer }: StateLink,
): Promise<State> {
  if (before.run === 0) return before;
  const after = { ...resetRooms(before, reset), run: before.run + 1 };
  const previous = await newestLink(disk, archive, after.run, signer);
  if (previous === null) return before;
  const { link, formatVersion } = previous;
  const manifest: StateManifest = {
    version: 3,
    run: after.run,
    kind: 'state',
    tool,
    startedAt: now,
    finishedAt: now,
    previous: link,
    ...(signer && { signer: signer.says }),
    ...(isRefill && { refill: true }),
    state: {
      ...stateChange(formatVersion === 1 ? null : before, before),
      sha256: stateSha256(after),
      reset,
    },
  };
  await commit(disk, archive, manifest, after, signer);
  await finishPublishing(disk, archive);
  return after;
}

/** Whether rooms are all that the state knows: what they lacked of earlier runs is read again with them. */
function isEveryRoom({ lists, changes }: State, rooms: readonly string[]): boolean {
  const chosen = new Set(rooms);
  const known = [...Object.values(lists).map(({ roomId }) => roomId), ...Object.keys(changes)];
  return known.length > 0 && known.every((room) => chosen.has(room));
}

/**
 * Has another key sign from now on: publishes a link that both sign, and that says nothing else. Needs the lock.
 *
 * @param now ISO 8601
 * @throws UsageError for an archive that is not signed by the first key, or where nothing has been published; as
 *   `resetState` for an open run and a damaged archive. Nothing is written then
 */
export async function changeSigningKey(
  disk: Disk,
  archive: string,
  now: string,
  signer: LinkSigner,
): Promise<KeyManifest> {
  await finishPublishing(disk, archive);
  await expectNoOpenRun(disk, archive, 'change the key of');
  const before = await readStoredState(disk, archive);
  const run = before.run + 1;
  const previous = before.run === 0 ? null : await newestLink(disk, archive, run, signer);
  if (!previous?.isSigned) {
    throw new UsageError(`Cannot change the key of "${archive}": its newest link is not signed`, {
      hint: 'Set "sign.key" of its job: from the next run on it is signed',
    });
  }
  const { link } = previous;
  const manifest: KeyManifest = {
    version: 3,
    run,
    kind: 'key',
    tool,
    startedAt: now,
    finishedAt: now,
    previous: link,
    signer: signer.says,
    state: stateChange(before, before),
  };
  await commit(disk, archive, manifest, { ...before, run }, signer);
  await finishPublishing(disk, archive);
  return manifest;
}

async function expectNoOpenRun(disk: Disk, archive: string, action: string): Promise<void> {
  const runPlan = join(archive, archivePaths.runPlan);
  if ((await disk.sizeBytes(runPlan)) === undefined) return;
  throw new StoppedError(`Cannot ${action} "${archive}": an open run continues from it`, {
    hint: `Run the job again, which ends that run, then this command; to throw away what it has read, remove "${join(archive, archivePaths.work)}"`,
  });
}

/**
 * Makes `_state.json` anew from the chain of manifests, whatever stands in it now. A run that is open can still be resumed: it knows
 * by itself where it began. Needs the lock.
 *
 * @throws OutputError when there is no manifest, or none to trust
 */
export async function rewriteState(disk: Disk, archive: string): Promise<State> {
  await finishPublishing(disk, archive);
  const state = await rebuildState(disk, archive);
  await replaceFile(disk, join(archive, archivePaths.state), stateBytes(state));
  return state;
}
