import { join } from 'node:path';
import { sha256 } from '../archive/hash-file.ts';
import { publishedFilesOf, addRun } from '../archive/manifest/link-files.ts';
import type { HashedFile } from '../archive/manifest/manifest.ts';
import { readChain } from '../archive/manifest/read-chain.ts';
import { readPendingManifest } from '../archive/manifest/run-manifests.ts';
import { expectArchive } from '../archive/expect-archive.ts';
import { archivePaths, runName } from '../archive/paths.ts';
import { signaturesOf } from '../archive/publish/publish-signatures.ts';
import { serializeSums } from '../archive/sha256-sums.ts';
import { rebuildState } from '../archive/stored-state/read-stored-state.ts';
import { serializeState } from '../archive/state/state-schema.ts';
import { StoppedError, UsageError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';

/** A file of the archive, and the link that brought it. */
export interface StandingFile extends HashedFile {
  readonly run: number;
}

/** A link of the chain. */
interface PushableLink {
  readonly run: number;
  /** Of its manifest. */
  readonly sha256: string;
  readonly isPurge: boolean;
  /** Path → SHA-256 of what vouches for its manifest. */
  readonly signatures: ReadonlyMap<string, string>;
}

/** What a published archive consists of. */
export interface PublishedArchive {
  /** Oldest first, without a gap from 1; never empty. */
  readonly links: readonly PushableLink[];
  readonly newest: PushableLink;
  /** By path: files of tables and of messages, kept journals; none that was replaced. */
  readonly standing: ReadonlyMap<string, StandingFile>;
  /** Paths of files that compactions and purges replaced. */
  readonly replaced: ReadonlySet<string>;
  readonly sums: Buffer;
  readonly state: Buffer;
}

/**
 * @param action completes "Cannot … <archive>"
 * @throws UsageError when nothing is published; StoppedError while something is being published; OutputError for a chain that
 *   is damaged
 */
export async function readPublished(disk: Disk, archive: string, action: string): Promise<PublishedArchive> {
  const pending = await readPendingManifest(disk, archive);
  if (pending !== undefined) {
    throw new StoppedError(
      `Cannot ${action} "${archive}": ${runName(pending.manifest.run)} is being published, or was cut`,
      {
        hint: `Run the job again, which finishes it; then ${action}`,
      },
    );
  }
  const links: PushableLink[] = [];
  const standing = new Map<string, StandingFile>();
  const replaced = new Set<string>();
  const sums = new Map<string, string>();
  let vouched: { readonly sha256: string; readonly formatVersion: number } | undefined;
  for await (const { manifest, formatVersion, sha256: hash } of readChain(disk, archive)) {
    const { run } = manifest;
    const signatures = await signaturesOf(disk, archive, manifest);
    for (const { path } of 'replaces' in manifest ? manifest.replaces : []) {
      standing.delete(path);
      replaced.add(path);
    }
    const files = [...publishedFilesOf(manifest), ...('raw' in manifest ? manifest.raw : [])];
    for (const { path, sizeBytes, sha256 } of files) standing.set(path, { path, sizeBytes, sha256, run });
    addRun(sums, manifest, hash);
    for (const [path, of] of signatures) sums.set(path, of);
    links.push({ run, sha256: hash, isPurge: manifest.kind === 'purge', signatures });
    vouched = { sha256: manifest.state.sha256, formatVersion };
  }
  const newest = links.at(-1);
  if (newest === undefined || vouched === undefined) {
    await expectArchive(disk, archive, action);
    throw new UsageError(`Cannot ${action} "${archive}": no run is published yet`, { hint: 'Run its job first' });
  }
  const state = await stateOf(disk, archive, vouched);
  return { links, newest, standing, replaced, sums: Buffer.from(serializeSums(sums)), state };
}

async function stateOf(
  disk: Disk,
  archive: string,
  vouched: { readonly sha256: string; readonly formatVersion: number },
): Promise<Buffer> {
  const bytes = await disk.readFile(join(archive, archivePaths.state));
  // Version 1 could be reset without a trace in the chain.
  if (bytes !== undefined && (sha256(bytes) === vouched.sha256 || vouched.formatVersion === 1)) return bytes;
  // In an object store it is that of the push before, until the open one has ended.
  return Buffer.from(serializeState(await rebuildState(disk, archive)));
}
