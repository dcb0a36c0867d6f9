import { join } from 'node:path';
import { replaceFile, type Disk } from '../disk.ts';
import { OutputError, StoppedError } from '../errors.ts';
import { archivePaths } from './paths.ts';
import { finishPublishing } from './publish.ts';
import { readState, rebuildState } from './read-state.ts';
import { publishedRuns } from './run-manifests.ts';
import { serializeState, type State } from './state.ts';

/**
 * Puts another state in the place of the present one, of the same run. Needs the lock.
 *
 * @throws StoppedError while a run is open: it would end where its pages end, which were read from the old places, and
 *   undo the change; what `change` throws; OutputError for a damaged archive. Nothing is written then
 */
export async function changeState(disk: Disk, archive: string, change: (state: State) => State): Promise<State> {
  await finishPublishing(disk, archive);
  const openRun = join(archive, archivePaths.openRun);
  if ((await disk.sizeBytes(openRun)) !== undefined) {
    throw new StoppedError(`Cannot change the state of "${archive}": a run is open that goes on from it`, {
      hint: `Run the job again, which ends that run, then this command; to throw away what it has read, remove "${join(archive, archivePaths.work)}"`,
    });
  }
  const state = change(await readState(disk, archive));
  await replaceFile(disk, join(archive, archivePaths.state), serializeState(state));
  return state;
}

/**
 * Makes `_state.json` anew from the newest manifest, whatever stands in it now. A run that is open goes on: it knows by
 * itself where it began. Needs the lock.
 *
 * @throws OutputError when there is no manifest, or none to trust
 */
export async function rewriteState(disk: Disk, archive: string): Promise<State> {
  await finishPublishing(disk, archive);
  if ((await publishedRuns(disk, archive)).length === 0) {
    throw new OutputError(`Cannot rebuild the state of "${archive}": there is no manifest to make it from`, {
      hint: `Restore "${join(archive, archivePaths.manifests)}" from a backup; if no run was ever published, there is nothing to rebuild`,
    });
  }
  const state = await rebuildState(disk, archive);
  await replaceFile(disk, join(archive, archivePaths.state), serializeState(state));
  return state;
}
