import { join } from 'node:path';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { StoppedError } from '../../errors.ts';
import { tool } from '../../version.ts';
import { commit, newestLink } from '../publish/commit.ts';
import { sha256 } from '../hash-file.ts';
import type { StateChange, StateManifest } from '../manifest/manifest.ts';
import { archivePaths } from '../paths.ts';
import { finishPublishing } from '../publish/publish.ts';
import { readStoredState, rebuildState } from './read-stored-state.ts';
import { resetRooms, stateChange } from './state-change.ts';
import { serializeState } from './state-schema.ts';
import type { State } from './state.ts';

/**
 * Has the next run read rooms again from their beginning: publishes a link of the chain that says so, and changes
 * nothing but the state. Needs the lock.
 *
 * @param choose the rooms, by id, of the present state
 * @param now ISO 8601
 * @throws StoppedError while a run is open: it would end where its pages end, which were read from the old places, and
 *   undo the change; what `choose` throws; OutputError for a damaged archive. Nothing is written then
 */
export async function resetState(
  disk: Disk,
  archive: string,
  now: string,
  choose: (state: State) => StateChange['reset'],
): Promise<State> {
  await finishPublishing(disk, archive);
  const runPlan = join(archive, archivePaths.runPlan);
  if ((await disk.sizeBytes(runPlan)) !== undefined) {
    throw new StoppedError(`Cannot change the state of "${archive}": an open run continues from it`, {
      hint: `Run the job again, which ends that run, then this command; to throw away what it has read, remove "${join(archive, archivePaths.work)}"`,
    });
  }
  const before = await readStoredState(disk, archive);
  const reset = choose(before);
  if (before.run === 0) return before;
  const after = { ...resetRooms(before, reset), run: before.run + 1 };
  const previous = await newestLink(disk, archive, after.run);
  if (previous === null) return before;
  const { link, formatVersion } = previous;
  const manifest: StateManifest = {
    ...{ version: 3, run: after.run, kind: 'state', tool, startedAt: now, finishedAt: now, previous: link },
    state: {
      ...stateChange(formatVersion === 1 ? null : before, before),
      sha256: sha256(serializeState(after)),
      reset,
    },
  };
  await commit(disk, archive, manifest, after);
  await finishPublishing(disk, archive);
  return after;
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
  await replaceFile(disk, join(archive, archivePaths.state), serializeState(state));
  return state;
}
