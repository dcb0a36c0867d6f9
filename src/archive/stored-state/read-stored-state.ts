import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { hashed, hashIfThere, sha256 } from '../hash-file.ts';
import { JsonShapeError } from '../json-shape.ts';
import { archivePaths, manifestPath, runName, runOfManifestName } from '../paths.ts';
import { stateReader } from '../manifest/parts/manifest-readers.ts';
import { checkAgainstSums, failOn, walkChain, type ChainFault } from '../manifest/read-chain.ts';
import {
  newestRun,
  publishedRuns,
  readPendingLink,
  readPendingManifest,
  readRunManifest,
  type StoredManifest,
} from '../manifest/run-manifests.ts';
import { parseSums } from '../sha256-sums.ts';
import { replay, StateReplay } from '../state/state-replay.ts';
import { parseState, parseStateParts, stateSha256, type StoredState } from '../state/state-schema.ts';
import { emptyState, type State } from '../state/state.ts';

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
  const isThere = (await disk.sizeBytes(join(archive, archivePaths.state))) !== undefined;
  if (newest === 0) {
    if (!isThere) return emptyState;
    throw new OutputError(
      `Cannot continue from "${join(archive, archivePaths.state)}": there is no manifest beside it`,
      {
        hint: `Restore "${join(archive, archivePaths.manifests)}" from a backup, or start a new archive in another folder`,
      },
    );
  }
  return isThere ? stateIn(disk, archive, newest) : rebuildState(disk, archive);
}

/**
 * Looks whether the archive stands where its newest manifest says, for whoever reads on in its tables: the manifests alone do
 * not show that the newest is gone. Only what is not vouched for as it is gets parsed.
 *
 * @throws as `readStoredState`
 */
export async function expectStoredState(disk: Disk, archive: string): Promise<void> {
  const path = join(archive, archivePaths.state);
  const newest = await newestRun(disk, archive);
  const isOpen = (await disk.sizeBytes(join(archive, archivePaths.pendingManifest))) !== undefined;
  if (!isOpen && newest > 0) {
    await checkNewest(disk, archive, newest);
    const { manifest } = await readRunManifest(disk, archive, newest);
    if ((await hashIfThere(disk, path)) === manifest.state.sha256) return;
  }
  await readStoredState(disk, archive);
}

async function stateIn(disk: Disk, archive: string, newestRun: number): Promise<State> {
  const path = join(archive, archivePaths.state);
  const rebuild = `Run "rocketchat-export state rebuild ${archive}": it makes the file again from the manifests`;
  const newest = await readRunManifest(disk, archive, newestRun);
  let actual: string;
  try {
    const { state, run, sha256: hash } = await readStateFile(disk, path);
    actual = hash;
    // Version 1 could be reset without a trace in the chain.
    if (hash === newest.manifest.state.sha256 || (newest.formatVersion === 1 && run === newestRun))
      return { ...state, run: newestRun };
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot read the state "${path}": ${cause.message}`, {
      cause,
      hint: cause.newer ? `A newer version of this program wrote it: update the program. ${rebuild}` : rebuild,
    });
  }
  throw new OutputError(
    `Cannot continue from the state "${path}": its SHA-256 is ${actual}, and "${manifestPath(newestRun)}" says ${newest.manifest.state.sha256}`,
    { hint: rebuild },
  );
}

/** Of a run that is committed: its state waits in `_work`, or has its name already. */
async function pendingState(disk: Disk, archive: string, { manifest, formatVersion }: StoredManifest): Promise<State> {
  const { run, state: change } = manifest;
  if (formatVersion === 1) {
    const whole = await readPendingLink(disk, archive, stateReader);
    if (whole !== undefined) return replay(emptyState, run, whole.manifest.state);
  }
  for (const name of [archivePaths.pendingState, archivePaths.state]) {
    const path = join(archive, name);
    if ((await hashIfThere(disk, path)) === change.sha256) return { ...(await readStateFile(disk, path)).state, run };
  }
  throw new OutputError(`Cannot read the state of ${runName(run)}: "${archivePaths.pendingState}" is damaged or gone`, {
    hint: `Restore the file in "${archive}" from a backup, or remove "${archivePaths.pendingManifest}" there to have the run end again`,
  });
}

/** @throws JsonShapeError */
async function readStateFile(disk: Disk, path: string): Promise<StoredState & { readonly sha256: string }> {
  const { chunks, digest } = hashed(disk.readChunks(path));
  const inParts = await parseStateParts(chunks);
  if (inParts !== undefined) return { ...inParts, sha256: digest() };
  const bytes = (await disk.readFile(path)) ?? new Uint8Array();
  return { ...parseState(bytes), sha256: sha256(bytes) };
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
  let newest: { readonly run: number; readonly sha256: string; readonly stateSha256: string } | undefined;
  const runs = await publishedRuns(disk, archive);
  for await (const link of walkChain(disk, archive, runs, stateReader, (it) => faults.push(it))) {
    const { run, state } = link.manifest;
    if (state.base === 'empty') faults.length = 0;
    states.add(run, state);
    newest = { run, sha256: link.sha256, stateSha256: state.sha256 };
  }
  for (const fault of faults) failOn(archive, fault);
  if (newest === undefined) {
    throw new OutputError(`Cannot rebuild the state of "${archive}": there is no manifest to make it from`, {
      hint: `Restore "${join(archive, archivePaths.manifests)}" from a backup; if no run was ever published, there is nothing to rebuild`,
    });
  }
  await checkAgainstSums(disk, archive, newest.run, newest.sha256);
  const { state } = states;
  if (newest.stateSha256 !== stateSha256(state)) {
    throw new OutputError(
      `Cannot rebuild the state of "${archive}": what its manifests say does not add up to what the newest vouches for`,
      { hint: 'Run `verify`: it names every file that is not what it was' },
    );
  }
  return state;
}
