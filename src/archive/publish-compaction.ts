import type { Disk } from '../disk.ts';
import { compareText } from './canonical-json.ts';
import { commit, newestLink } from './commit.ts';
import type { CompactionManifest } from './compaction-manifest.ts';
import { compactionDifferences } from './compaction-sums.ts';
import type { ManifestFile } from './manifest.ts';
import { finishPublishing } from './publish.ts';

/** What the caller knows of a compaction. The rest of the manifest follows from it and from the archive. */
export type CompactionContents = Omit<CompactionManifest, 'version' | 'kind' | 'previous' | 'replaces'> & {
  /** The files whose rows are in the new ones. */
  readonly replaces: readonly Omit<ManifestFile, 'revises'>[];
};

/**
 * Commits a compaction and publishes it: the new files go to their names, then the manifest, SHA256SUMS and the state,
 * and only then the files that it replaces are removed. Needs the lock.
 *
 * Each new file must be closed and flushed at `_work/parts/<path>`.
 *
 * @throws OutputError as `commit` and `finishPublishing`; Error for contents that contradict themselves, which is a bug
 *   of the caller
 */
export async function publishCompaction(
  disk: Disk,
  archive: string,
  contents: CompactionContents,
): Promise<CompactionManifest> {
  const previous = await newestLink(disk, archive, contents.run);
  if (previous === null) throw new Error('An archive without runs has nothing to compact');
  const { replaces, ...rest } = contents;
  const manifest: CompactionManifest = {
    ...rest,
    version: 1,
    kind: 'compaction',
    files: contents.files.toSorted((a, b) => compareText(a.path, b.path)),
    replaces: replaces.map(({ path, sha256 }) => ({ path, sha256 })).toSorted((a, b) => compareText(a.path, b.path)),
    previous,
  };
  const known = new Map(replaces.map((file) => [file.path, file]));
  const [wrong] = compactionDifferences(manifest, known);
  if (wrong !== undefined) throw new Error(`A compaction does not add up: ${wrong.expected}, but ${wrong.actual}`);
  await commit(disk, archive, manifest);
  await finishPublishing(disk, archive);
  return manifest;
}
