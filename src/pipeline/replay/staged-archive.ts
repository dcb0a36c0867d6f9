import { join } from 'node:path';
import { sha256 } from '../../archive/hash-file.ts';
import { serializeManifest } from '../../archive/manifest/manifest-json.ts';
import type { AnyManifest, Manifest, PreviousLink } from '../../archive/manifest/manifest.ts';
import { archivePaths, manifestPath } from '../../archive/paths.ts';
import { isAttachmentPath } from '../../archive/paths/attachment-path.ts';
import { serializeState } from '../../archive/state/state-schema.ts';
import { StateReplay } from '../../archive/state/state-replay.ts';
import type { LatestCompactions } from '../../files/left-by-compactions.ts';
import type { PurgeRule } from '../../model/run/purge-rule.ts';
import type { State } from '../../archive/state/state.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';

/** What was made of a run: fewer rows than it wrote, where messages have been purged since. */
export type MadeTables = Pick<Manifest, 'files' | 'tables' | 'completed' | 'refilled'>;

export const nothingMade: MadeTables = { files: [], tables: {} };

/**
 * The archive as it grows once more, run by run: what is loaded of a run is compared with the rows of those before it, which
 * are looked up here as in any archive. Of the chain it has what that needs, with names and hashes of the files that were made.
 */
export class StagedArchive {
  readonly folder: string;
  readonly purgedPeople: readonly PurgeRule[];
  readonly #disk: Disk;
  readonly #states = new StateReplay();
  readonly #latestCompactions = new Map<string, number>();
  #previous: PreviousLink = null;

  /** @param purgedPeople by purges of the archive itself, also those behind the run that is made next */
  constructor(disk: Disk, folder: string, purgedPeople: readonly PurgeRule[]) {
    this.#disk = disk;
    this.folder = folder;
    this.purgedPeople = purgedPeople;
  }

  /** After the links so far: as the runs left it. */
  get state(): State {
    return this.#states.state;
  }

  /** Of the archive itself, among the links so far. */
  get latestCompactions(): LatestCompactions {
    return this.#latestCompactions;
  }

  /** @param made of a run, the files in their places */
  async add(manifest: AnyManifest, made: MadeTables = nothingMade): Promise<void> {
    const { run, state } = manifest;
    const path = manifestPath(run);
    const bytes = Buffer.from(serializeManifest(stagedLink(manifest, made, this.#previous)));
    await this.#disk.makeFolder(join(this.folder, archivePaths.manifests));
    await replaceFile(this.#disk, join(this.folder, path), bytes);
    this.#states.add(run, state);
    if (manifest.kind === 'compaction' && manifest.keeps === 'latest') {
      for (const { table } of manifest.compacted) this.#latestCompactions.set(table, run);
    }
    await replaceFile(this.#disk, join(this.folder, archivePaths.state), serializeState(this.state));
    this.#previous = { path, sha256: sha256(bytes) };
  }
}

/**
 * Rows stay where the runs wrote them. A purge finds none, and takes away saved files; a compaction takes out rows that are not looked up, but for those
 * that show files: see `latestCompactions`.
 */
function stagedLink(manifest: AnyManifest, made: MadeTables, previous: PreviousLink): AnyManifest {
  const { version, run, tool, startedAt, finishedAt, state } = manifest;
  if (manifest.kind === 'export') {
    // What the run completed in its archive may be in no format that was made here.
    const link: { -readonly [Key in keyof Manifest]: Manifest[Key] } = { ...manifest, raw: [], previous };
    delete link.completed;
    delete link.refilled;
    return { ...link, ...made };
  }
  if (previous === null) throw new Error(`Link ${run} of kind ${manifest.kind} follows none`);
  const link = { version, run, tool, startedAt, finishedAt, state, previous };
  if (manifest.kind !== 'purge') return { ...link, kind: 'state' };
  const { schemaVersion, reason, by, rules, messages, notes } = manifest;
  // A later run may save them again.
  const replaces = manifest.replaces.filter(({ path: replaced }) => isAttachmentPath(replaced));
  const nothing = { compacted: [], dropped: {}, files: [], raw: [] };
  return { ...link, ...nothing, replaces, kind: 'purge', schemaVersion, reason, by, rules, messages, notes };
}
