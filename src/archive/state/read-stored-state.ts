import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { sha256 } from '../hash-file.ts';
import { JsonShapeError } from '../json-shape.ts';
import { archivePaths, manifestPath, runName, runOfManifestName } from '../paths.ts';
import { checkAgainstSums, failOn, walkChain, type ChainFault, type ChainLink } from '../manifest/read-chain.ts';
import {
  newestRun,
  publishedRuns,
  readPendingManifest,
  readRunManifest,
  type StoredManifest,
} from '../manifest/run-manifests.ts';
import { parseSums } from '../publish/sha256-sums.ts';
import { replay, StateReplay } from './state-replay.ts';
import { parseState, serializeState } from './state-schema.ts';
import { emptyState, type State } from './state.ts';

/**
 * Where the archive stands: by `_state.json`, which the newest manifest vouches for, or by the chain when that file is
 * gone; the empty state (run 0) when nothing has been published. While a publish is half done, where it will stand.
 * Writes nothing.
 *
 * @throws OutputError for a damaged file, one of a newer version, or one that does not fit the newest manifest
 */
export async function readStoredState(disk: Disk, archive: string): Promise<State> {
  const pending = await readPendingManifest(disk, archive);
  if (pending !== undefined) return pendingState(disk, archive, pending);

  const newest = await newestRun(disk, archive);
  await checkNewest(disk, archive, newest);
  const bytes = await disk.readFile(join(archive, archivePaths.state));
  if (newest === 0) {
    if (bytes === undefined) return emptyState;
    throw new OutputError(
      `Cannot continue from "${join(archive, archivePaths.state)}": there is no manifest beside it`,
      {
        hint: `Restore "${join(archive, archivePaths.manifests)}" from a backup, or start a new archive in another folder`,
      },
    );
  }
  return bytes === undefined ? rebuildState(disk, archive) : stateIn(disk, archive, newest, bytes);
}

async function stateIn(disk: Disk, archive: string, newestRun: number, bytes: Uint8Array): Promise<State> {
  const path = join(archive, archivePaths.state);
  const rebuild = `Run "rocketchat-export state rebuild ${archive}": it makes the file again from the manifests`;
  const newest = await readRunManifest(disk, archive, newestRun);
  const isVouchedFor = sha256(bytes) === newest.manifest.state.sha256;
  try {
    const { state, run } = parseState(bytes);
    // Version 1 could be reset without a trace in the chain.
    if (isVouchedFor || (newest.formatVersion === 1 && run === newestRun)) return { ...state, run: newestRun };
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot read the state "${path}": ${cause.message}`, {
      cause,
      hint: cause.newer ? `A newer version of this program wrote it: update the program. ${rebuild}` : rebuild,
    });
  }
  throw new OutputError(
    `Cannot continue from the state "${path}": its SHA-256 is ${sha256(bytes)}, and "${manifestPath(newestRun)}" says ${newest.manifest.state.sha256}`,
    { hint: rebuild },
  );
}

/** Of a run that is committed: its state waits in `_work`, or has its name already. */
async function pendingState(disk: Disk, archive: string, { manifest, formatVersion }: StoredManifest): Promise<State> {
  const { run, state: change } = manifest;
  if (formatVersion === 1) return replay(emptyState, run, change);
  for (const name of [archivePaths.pendingState, archivePaths.state]) {
    const bytes = await disk.readFile(join(archive, name));
    if (bytes !== undefined && sha256(bytes) === change.sha256) return { ...parseState(bytes).state, run };
  }
  throw new OutputError(`Cannot read the state of ${runName(run)}: "${archivePaths.pendingState}" is damaged or gone`, {
    hint: `Restore the file in "${archive}" from a backup, or remove "${archivePaths.pendingManifest}" there to have the run end again`,
  });
}

/** The manifests alone do not show that the newest is gone: the sums name it. */
async function checkNewest(disk: Disk, archive: string, newestRun: number): Promise<void> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const prefix = `${archivePaths.manifests}/`;
  let missing = 0;
  for (const path of (list && parseSums(list))?.keys() ?? []) {
    if (!path.startsWith(prefix)) continue;
    missing = Math.max(missing, runOfManifestName(path.slice(prefix.length)) ?? 0);
  }
  if (missing <= newestRun) return;
  throw new OutputError(`Cannot continue: SHA256SUMS names "${manifestPath(missing)}", and there is no such file`, {
    hint: `Restore the missing manifests in "${join(archive, archivePaths.manifests)}" from a backup`,
  });
}

/**
 * The state as the chain of manifests has it: each says what it changed, from one that says all to the newest. Faults
 * of the chain before such a link do not matter. Writes nothing.
 *
 * @throws OutputError when no manifest is there, one is damaged or not what the next or SHA256SUMS says, or the result
 *   is not what the newest vouches for
 */
export async function rebuildState(disk: Disk, archive: string): Promise<State> {
  const states = new StateReplay();
  const faults: ChainFault[] = [];
  let newest: ChainLink | undefined;
  for await (const link of walkChain(disk, archive, await publishedRuns(disk, archive), (it) => faults.push(it))) {
    const { run, state } = link.manifest;
    if (state.base === 'empty') faults.length = 0;
    states.add(run, state);
    newest = link;
  }
  for (const fault of faults) failOn(archive, fault);
  if (newest === undefined) {
    throw new OutputError(`Cannot rebuild the state of "${archive}": there is no manifest to make it from`, {
      hint: `Restore "${join(archive, archivePaths.manifests)}" from a backup; if no run was ever published, there is nothing to rebuild`,
    });
  }
  await checkAgainstSums(disk, archive, newest.manifest.run, newest.sha256);
  const { state } = states;
  if (newest.manifest.state.sha256 !== sha256(serializeState(state))) {
    throw new OutputError(
      `Cannot rebuild the state of "${archive}": what its manifests say does not add up to what the newest vouches for`,
      { hint: 'Run `verify`: it names every file that is not what it was' },
    );
  }
  return state;
}
