import { compareText } from '../../model/text/compare-text.ts';
import type { Disk } from '../../system/disk.ts';
import { commit, newestLink } from './commit.ts';
import { compactionDifferences } from './compaction-sums.ts';
import type { CompactionManifest, ManifestFile } from '../manifest/manifest.ts';
import { finishPublishing } from './publish.ts';
import { stateChange } from '../state/state-change.ts';
import type { State } from '../state/state.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';

/** What the caller knows of a compaction. The rest of the manifest follows from it and from the archive. */
export type CompactionContents = Omit<
  CompactionManifest,
  'version' | 'run' | 'kind' | 'previous' | 'replaces' | 'signer' | 'state'
> & {
  /** Before the compaction; after it nothing is different but the number of the link. */
  readonly state: State;
  /** The files whose rows are in the new ones. */
  readonly replaces: readonly Omit<ManifestFile, 'mayReplace'>[];
};

/**
 * Commits a compaction and publishes it: the new files go to their names, then the manifest, SHA256SUMS and the state,
 * and only then the files that it replaces are removed. Needs the lock.
 *
 * Each new file must be closed and flushed at `_work/parts/<path>`.
 *
 * @param signer undefined: the compaction is not signed
 * @throws OutputError as `commit` and `finishPublishing`; Error for contents that contradict themselves, which is a bug
 *   of the caller
 */
export async function publishCompaction(
  disk: Disk,
  archive: string,
  contents: CompactionContents,
  signer?: LinkSigner,
): Promise<CompactionManifest> {
  const state = { ...contents.state, run: contents.state.run + 1 };
  const previous = await newestLink(disk, archive, state.run, signer);
  if (previous === null) throw new Error('An archive without runs has nothing to compact');
  const { replaces, ...rest } = contents;
  const manifest: CompactionManifest = {
    ...rest,
    version: 3,
    run: state.run,
    kind: 'compaction',
    files: contents.files.toSorted((a, b) => compareText(a.path, b.path)),
    replaces: replaces.map(({ path, sha256 }) => ({ path, sha256 })).toSorted((a, b) => compareText(a.path, b.path)),
    state: stateChange(previous.formatVersion === 1 ? null : contents.state, state),
    previous: previous.link,
    ...(signer && { signer: signer.says }),
  };
  const known = new Map(replaces.map((file) => [file.path, file]));
  const [wrong] = compactionDifferences(manifest, known);
  if (wrong !== undefined) throw new Error(`A compaction does not add up: ${wrong.expected}, but ${wrong.actual}`);
  await commit(disk, archive, manifest, state, signer);
  await finishPublishing(disk, archive);
  return manifest;
}
