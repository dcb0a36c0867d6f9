import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { OutputError } from '../errors.ts';
import { sha256 } from './hash-file.ts';
import { JsonShapeError } from './json-node.ts';
import { archivePaths, manifestPath } from './paths.ts';
import { publishedRuns, readPendingManifest, readRunManifest } from './run-manifests.ts';
import { parseSums } from './sha256-sums.ts';
import { emptyState, parseState } from './state.ts';
import type { State } from './state.ts';

/**
 * Where the archive stands: by `_state.json`, or by the newest manifest when that file is gone; the empty state (run 0)
 * when nothing has been published. While a publish is half done, where it will stand. Writes nothing.
 *
 * @throws OutputError for a damaged file, one of a newer version, or one that does not fit the newest manifest
 */
export async function readState(disk: Disk, archive: string): Promise<State> {
  const pending = await readPendingManifest(disk, archive);
  if (pending !== undefined) return pending.manifest.state;

  const newestRun = (await publishedRuns(disk, archive)).at(-1) ?? 0;
  const path = join(archive, archivePaths.state);
  const bytes = await disk.readFile(path);
  if (bytes === undefined) return newestRun === 0 ? emptyState : rebuildState(disk, archive);

  const rebuild =
    newestRun === 0
      ? `Restore "${join(archive, archivePaths.manifests)}" from a backup, or start a new archive in another folder`
      : `Run "rocketchat-export state rebuild ${archive}": it makes the file anew from "${manifestPath(newestRun)}"`;
  let state: State;
  try {
    state = parseState(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot read the state "${path}": ${cause.message}`, {
      cause,
      hint: cause.newer ? `A newer version of this program wrote it: update the program. ${rebuild}` : rebuild,
    });
  }
  if (state.run !== newestRun) {
    throw new OutputError(
      `Cannot go on from the state "${path}": it is of run ${state.run}, and the newest manifest is of run ${newestRun}`,
      {
        hint:
          state.run < newestRun
            ? rebuild
            : `Restore the missing manifests in "${join(archive, archivePaths.manifests)}" from a backup`,
      },
    );
  }
  return state;
}

/**
 * The state as the newest manifest tells it. Writes nothing.
 *
 * @throws OutputError when no manifest is there, or the newest is damaged or not what SHA256SUMS says
 */
export async function rebuildState(disk: Disk, archive: string): Promise<State> {
  const newestRun = (await publishedRuns(disk, archive)).at(-1) ?? 0;
  const { bytes, manifest } = await readRunManifest(disk, archive, newestRun);
  await checkAgainstSums(disk, archive, newestRun, bytes);
  return manifest.state;
}

/** @throws OutputError when SHA256SUMS names another hash for a run's manifest: nothing may be built on a changed one */
export async function checkAgainstSums(disk: Disk, archive: string, run: number, bytes: Uint8Array): Promise<void> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const wanted = list && parseSums(list)?.get(manifestPath(run));
  if (wanted !== undefined && wanted !== sha256(bytes)) {
    throw new OutputError(
      `Cannot go on from "${join(archive, manifestPath(run))}": its SHA-256 is ${sha256(bytes)}, and SHA256SUMS says ${wanted}`,
      { hint: 'The file was changed: restore it from a backup, and run `verify` to see what else was' },
    );
  }
}
