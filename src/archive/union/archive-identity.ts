import type { Disk } from '../../system/disk.ts';
import type { Shard } from '../../model/run/shard.ts';
import { expectArchive } from '../expect-archive.ts';
import { readChain } from '../manifest/read-chain.ts';
import { noRunPublished } from '../no-run-published.ts';

/** What tells archives apart, and says whether they are parts of one workspace. */
export interface ArchiveIdentity {
  /** As it was named, for messages. */
  readonly path: string;
  /** SHA-256 of the manifest of its first link, which no later link can change. */
  readonly id: string;
  /** Of its newest run. */
  readonly serverUrl: string;
  /** Absent: it has the whole workspace. */
  readonly shard?: Shard;
  /** By run, when it was finished: epoch milliseconds of the clock of the machine that made it. */
  readonly finishedMs: ReadonlyMap<number, number>;
}

/** @throws UsageError when there is no archive, or no run has been published; OutputError for a chain that is broken */
export async function archiveIdentity(disk: Disk, archive: string): Promise<ArchiveIdentity> {
  await expectArchive(disk, archive, 'read');
  const finishedMs = new Map<number, number>();
  let first: string | undefined;
  let newest: { readonly serverUrl: string; readonly shard: Shard | undefined } | undefined;
  for await (const { manifest, sha256 } of readChain(disk, archive)) {
    first ??= sha256;
    if (manifest.kind !== 'export') continue;
    finishedMs.set(manifest.run, Date.parse(manifest.finishedAt));
    newest = { serverUrl: manifest.server.url, shard: manifest.request?.shard };
  }
  if (first === undefined || newest === undefined) throw noRunPublished('read', archive);
  const { serverUrl, shard } = newest;
  return { path: archive, id: first, serverUrl, ...(shard !== undefined && { shard }), finishedMs };
}
