import { join } from 'node:path';
import { sha256 } from '../../archive/hash-file.ts';
import type { HeadOf } from '../../archive/manifest/parts/link-head.ts';
import type { AnyManifest, Manifest } from '../../archive/manifest/manifest.ts';
import { readChain } from '../../archive/manifest/read-chain.ts';
import { archivePaths } from '../../archive/paths.ts';
import type { Disk } from '../../system/disk.ts';

/** What the chain of an archive says of where it is from. */
export interface ArchiveFacts {
  /** Oldest first. */
  readonly links: readonly LinkFacts[];
  /** The newest run, but for what it says of each room. */
  readonly newestRun: HeadOf<Manifest>;
  readonly newestLink: LinkFacts;
  /** Of `_manifest/SHA256SUMS`; null: it is not there. */
  readonly sumsSha256: string | null;
  /** By name: servers that the runs read from, and the logins that they read with. */
  readonly servers: readonly string[];
  readonly logins: readonly string[];
}

interface LinkFacts {
  readonly run: number;
  readonly kind: AnyManifest['kind'];
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Messages that it wrote rows of; null: it is no run. */
  readonly rows: number | null;
  readonly gaps: number;
  readonly sha256: string;
}

/** @throws OutputError for a chain that is broken */
export async function archiveFacts(disk: Disk, archive: string): Promise<ArchiveFacts | undefined> {
  const links: LinkFacts[] = [];
  const servers = new Set<string>();
  const logins = new Set<string>();
  let newestRun: HeadOf<Manifest> | undefined;
  for await (const { manifest, sha256: hash } of readChain(disk, archive)) {
    const { run, kind, startedAt, finishedAt } = manifest;
    const isRun = manifest.kind === 'export';
    links.push({
      run,
      kind,
      startedAt,
      finishedAt,
      sha256: hash,
      rows: isRun ? (manifest.tables['messages'] ?? 0) : null,
      gaps: isRun ? manifest.gaps.length : 0,
    });
    if (!isRun) continue;
    newestRun = manifest;
    servers.add(
      `${manifest.server.url}${manifest.server.version === null ? '' : ` (version ${manifest.server.version})`}`,
    );
    logins.add(`${manifest.server.user.username} (id ${manifest.server.user.id})`);
  }
  const newestLink = links.at(-1);
  if (newestRun === undefined || newestLink === undefined) return undefined;
  const sums = await disk.readFile(join(archive, archivePaths.sums));
  return {
    links,
    newestRun,
    newestLink,
    sumsSha256: sums === undefined ? null : sha256(sums),
    servers: [...servers],
    logins: [...logins],
  };
}
