import { compareText } from '../../model/text/compare-text.ts';
import type { Disk } from '../../system/disk.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';
import type { HashedFile, ManifestFile, PurgeManifest } from '../manifest/manifest.ts';
import { stateChange } from '../state/state-change.ts';
import type { State } from '../state/state.ts';
import { commit, newestLink } from './commit.ts';
import { compactionDifferences } from './compaction-sums.ts';
import { finishPublishing } from './publish.ts';

/** What the caller knows of a purge. The rest of the manifest follows from it and from the archive. */
type PurgeContents = Omit<PurgeManifest, 'version' | 'run' | 'kind' | 'previous' | 'replaces' | 'signer' | 'state'> & {
  /** Before the purge. */
  readonly state: State;
  readonly replacedFiles: readonly Omit<ManifestFile, 'mayReplace'>[];
  /** Kept journals, and files of messages. */
  readonly removed: readonly HashedFile[];
};

/**
 * Commits a purge and publishes it as a compaction is: the new files go to their names, then the manifest, SHA256SUMS and the
 * state, and then what they replace is removed, and `_view` with it. Needs the lock. Each new file must be closed and flushed
 * at `_work/parts/<path>`.
 *
 * @throws OutputError as `commit` and `finishPublishing`; Error for contents that contradict themselves, which is a bug
 */
export async function publishPurge(
  disk: Disk,
  archive: string,
  { state: before, replacedFiles, removed, files, raw, ...rest }: PurgeContents,
  signer?: LinkSigner,
): Promise<PurgeManifest> {
  const run = before.run + 1;
  const state = { ...before, run, purges: [...(before.purges ?? []), run] };
  const previous = await newestLink(disk, archive, run, signer);
  if (previous === null) throw new Error('An archive without runs has nothing to purge');
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => compareText(a.path, b.path);
  const manifest: PurgeManifest = {
    ...rest,
    version: 3,
    run,
    kind: 'purge',
    previous: previous.link,
    files: files.toSorted(byPath),
    raw: raw.toSorted(byPath),
    replaces: [...replacedFiles, ...removed].map(({ path, sha256 }) => ({ path, sha256 })).toSorted(byPath),
    state: stateChange(previous.formatVersion === 1 ? null : before, state),
    ...(signer && { signer: signer.says }),
  };
  const known = new Map(replacedFiles.map((file) => [file.path, file]));
  const [wrong] = compactionDifferences(manifest, known);
  if (wrong !== undefined) throw new Error(`A purge does not add up: ${wrong.expected}, but ${wrong.actual}`);
  await commit(disk, archive, manifest, state, signer);
  await finishPublishing(disk, archive);
  return manifest;
}
