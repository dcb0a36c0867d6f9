import { readChain } from '../../archive/manifest/read-chain.ts';
import type { Shard } from '../../model/run/shard.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Disk } from '../../system/disk.ts';

/** What loading needs to know of a link of the chain. */
export interface ArchiveLink {
  readonly run: number;
  readonly kind: string;
  /** Of the bytes of its manifest. */
  readonly sha256: string;
  readonly finishedAt: string;
  /**
   * Whether what earlier links brought is not there as they left it: a compaction or a purge has put it in other files, or the
   * run has superseded rows with names.
   */
  readonly isRewrite: boolean;
  /** Tables of which it took rows out. */
  readonly dropped: readonly string[];
}

/** An archive, as far as a database of several knows it. */
export interface LoadedIdentity {
  /** SHA-256 of the manifest of its first link. */
  readonly id: string;
  /** Of its newest run. */
  readonly serverUrl: string;
  /** Absent: it has the whole workspace. */
  readonly shard?: Shard;
}

/** Links that are loaded in one transaction. */
export interface LoadStep {
  readonly links: readonly ArchiveLink[];
  /** Rows of these links, and of all before them, stand in files together. */
  readonly isMerged: boolean;
}

/**
 * The links of an archive, oldest first, and which archive it is.
 *
 * @param history whose newest link is the last one to read
 * @throws OutputError for a chain that is broken
 */
export async function archiveLinks(
  disk: Disk,
  archive: string,
  { newest, superseded }: ArchiveHistory,
): Promise<{ readonly links: readonly ArchiveLink[]; readonly identity: LoadedIdentity }> {
  const links: ArchiveLink[] = [];
  let newestRun: Pick<LoadedIdentity, 'serverUrl' | 'shard'> = { serverUrl: '' };
  for await (const { manifest, sha256 } of readChain(disk, archive, newest)) {
    const { run, kind, finishedAt } = manifest;
    if (manifest.kind === 'export') {
      newestRun = { serverUrl: manifest.server.url, ...omitUndefined({ shard: manifest.request?.shard }) };
    }
    const dropped = 'dropped' in manifest ? manifest.dropped : {};
    links.push({
      run,
      kind,
      sha256,
      finishedAt,
      isRewrite: 'replaces' in manifest || run === superseded.since,
      dropped: Object.entries(dropped).flatMap(([table, rows]) => (rows > 0 ? [table] : [])),
    });
  }
  return { links, identity: { id: links[0]?.sha256 ?? '', ...newestRun } };
}

/**
 * What to load next: a link by itself, as its run left it. What was before a compaction or a purge is not in the archive any
 * more, so all links up to the newest of these are one step: in between, rows would be missing whose newer version has not
 * come yet.
 *
 * @param loaded how many of the links are in the database
 */
export function nextLoadStep(links: readonly ArchiveLink[], loaded: number): LoadStep | undefined {
  const pending = links.slice(loaded);
  const rewrites = pending.findLastIndex(({ isRewrite }) => isRewrite);
  if (rewrites >= 0) return { links: pending.slice(0, rewrites + 1), isMerged: true };
  const [next] = pending;
  return next && { links: [next], isMerged: false };
}
