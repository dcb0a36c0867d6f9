import { join } from 'node:path';
import { compareText } from '../../model/text/compare-text.ts';
import type { Disk } from '../../system/disk.ts';
import { commit, newestLink } from './commit.ts';
import { hashFile } from '../hash-file.ts';
import type { HashedFile, Manifest, ManifestList } from '../manifest/manifest.ts';
import { archivePaths, rawPath } from '../paths.ts';
import { rowDifferences } from './row-sums.ts';
import { stateChange } from '../state/state-change.ts';
import type { State } from '../state/state.ts';
import { walkFiles } from '../walk-files.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';

/** What the caller knows of a run. The rest of the manifest follows from it and from the archive. */
export type RunContents = Omit<
  Manifest,
  'version' | 'run' | 'kind' | 'gaps' | 'raw' | 'previous' | 'signer' | 'state'
> & {
  /** The state that the run began with, and the one that it leaves. */
  readonly stateBefore: State;
  readonly state: State;
};

export interface PublishOptions {
  /** Whether the journals in `_work/raw` stay in the archive. */
  readonly keepRaw: boolean;
  /** Absent: the run is not signed. */
  readonly signer?: LinkSigner;
}

/**
 * Makes the manifest of an open run and commits it: see `commit`.
 *
 * Each of the run's files must be closed and flushed at `_work/parts/<path>`, journals to be kept in `_work/raw`.
 *
 * @throws OutputError when a part is missing or cut, or a final name is taken by other bytes; Error for contents that
 *   contradict themselves, which is a bug of the caller
 */
export async function prepare(
  disk: Disk,
  archive: string,
  contents: RunContents,
  { keepRaw, signer }: PublishOptions,
): Promise<Manifest> {
  const { stateBefore, state, ...rest } = contents;
  const { run } = state;
  const previous = await newestLink(disk, archive, run, signer);
  const manifest: Manifest = {
    ...rest,
    version: 3,
    run,
    kind: 'export',
    files: contents.files.toSorted((a, b) => compareText(a.path, b.path)),
    lists: contents.lists.toSorted(byEndpointAndRoom),
    changes: contents.changes.toSorted(byEndpointAndRoom),
    gaps: [...contents.lists, ...contents.changes].flatMap(({ endpoint, room, gaps }) =>
      gaps.map((gap) => ({ endpoint, room, ...gap })),
    ),
    raw: keepRaw ? await hashJournals(disk, archive, run) : [],
    state: stateChange(previous === null || previous.formatVersion === 1 ? null : stateBefore, state),
    previous: previous?.link ?? null,
    ...(signer && { signer: signer.says }),
  };
  const [wrong] = rowDifferences(manifest);
  if (wrong !== undefined) {
    throw new Error(
      `Table "${wrong.table}" has ${wrong.tableRows} rows, but its ${wrong.format} files ${wrong.fileRows}`,
    );
  }
  await commit(disk, archive, manifest, state, signer);
  return manifest;
}

type Place = Pick<ManifestList, 'endpoint' | 'room'>;

function byEndpointAndRoom(a: Place, b: Place): number {
  return (
    compareText(a.endpoint, b.endpoint) || compareText(a.room.name, b.room.name) || compareText(a.room.id, b.room.id)
  );
}

async function hashJournals(disk: Disk, archive: string, run: number): Promise<readonly HashedFile[]> {
  const files: HashedFile[] = [];
  for await (const { name, path, sizeBytes } of walkFiles(disk, join(archive, archivePaths.keptJournals))) {
    files.push({ path: `${rawPath(run)}/${name}`, sizeBytes, sha256: await hashFile(disk, path) });
  }
  return files;
}
