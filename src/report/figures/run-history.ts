import type { HeadOf } from '../../archive/manifest/parts/link-head.ts';
import type { AnyManifest, Manifest } from '../../archive/manifest/manifest.ts';
import { readChainWithTotals } from '../../archive/manifest/read-chain.ts';
import type { ListTotals } from '../../archive/manifest/parts/list-totals.ts';
import type { Disk } from '../../system/disk.ts';

/** What the report says of a link of the chain. */
export interface LinkFigures {
  readonly run: number;
  readonly kind: AnyManifest['kind'];
  readonly startedMs: number;
  readonly finishedMs: number;
  /** Rows that it wrote, by all tables; of a compaction null, for they are those of others. */
  readonly rows: number | null;
  /** Bytes of all data files, and of saved files of messages, once it was published. */
  readonly archiveBytes: number;
  readonly requests: number;
  readonly rateLimited: number;
  /** Milliseconds that requests waited for the rate limit; several may wait at once. */
  readonly waitedMs: number;
  readonly gaps: number;
  readonly holes: number;
}

interface EndpointFigures {
  requests: number;
  retries: number;
  rateLimited: number;
  waitedMs: number;
  /** Runs that asked it. */
  runs: number;
}

/** Checks of all runs together. */
interface CheckFigures {
  pages: number;
  overlapsVerified: number;
  pagesRefetched: number;
  countedEnds: number;
}

/** What the chain of an archive says of its runs. */
export interface RunHistory {
  /** Oldest first. */
  readonly links: readonly LinkFigures[];
  /** By name. */
  readonly endpoints: ReadonlyMap<string, Readonly<EndpointFigures>>;
  readonly checks: Readonly<CheckFigures>;
  readonly newestRun: HeadOf<Manifest>;
  /** SHA-256 of the newest link. */
  readonly newestSha256: string;
  /** Whether any run put pseudonyms in place of people: what manifests say of people is then not shown. */
  readonly isPseudonymized: boolean;
}

/** @returns undefined where no run has been published. @throws OutputError for a chain that is broken */
export async function readRunHistory(disk: Disk, archive: string): Promise<RunHistory | undefined> {
  const links: LinkFigures[] = [];
  const endpoints = new Map<string, EndpointFigures>();
  const checks: CheckFigures = { pages: 0, overlapsVerified: 0, pagesRefetched: 0, countedEnds: 0 };
  const sizes = new Map<string, number>();
  let [newestRun, newestSha256, isPseudonymized]: [HeadOf<Manifest> | undefined, string, boolean] = [
    undefined,
    '',
    false,
  ];
  let archiveBytes = 0;
  const put = (path: string, sizeBytes: number): void => {
    archiveBytes += sizeBytes - (sizes.get(path) ?? 0);
    sizes.set(path, sizeBytes);
  };
  for await (const { manifest, sha256 } of readChainWithTotals(disk, archive)) {
    newestSha256 = sha256;
    if ('files' in manifest) {
      for (const { path, sizeBytes } of manifest.files) put(path, sizeBytes);
      if (manifest.kind === 'export')
        for (const { path, sizeBytes } of manifest.attachments ?? []) put(path, sizeBytes);
      else for (const { path } of manifest.replaces) put(path, 0);
    }
    const { run, kind, startedAt, finishedAt } = manifest;
    const own = { run, kind, startedMs: Date.parse(startedAt), finishedMs: Date.parse(finishedAt), archiveBytes };
    if (manifest.kind !== 'export') {
      links.push({ ...own, rows: null, requests: 0, rateLimited: 0, waitedMs: 0, gaps: 0, holes: 0 });
      continue;
    }
    newestRun = manifest;
    isPseudonymized ||= manifest.steps.some(({ step }) => step === 'pseudonymize');
    const [requests, rateLimited, waitedMs] = addRequests(endpoints, manifest);
    addChecks(checks, manifest.totals);
    links.push({
      ...own,
      requests,
      rateLimited,
      waitedMs,
      rows: Object.values(manifest.tables).reduce((sum, rows) => sum + rows, 0),
      gaps: manifest.gaps.length,
      holes: manifest.totals.holes,
    });
  }
  return newestRun && { links, endpoints, checks, newestRun, newestSha256, isPseudonymized };
}

function addRequests(
  endpoints: Map<string, EndpointFigures>,
  { requests: byEndpoint }: Pick<Manifest, 'requests'>,
): readonly [requests: number, rateLimited: number, waitedMs: number] {
  let [requests, rateLimited, waitedMs] = [0, 0, 0];
  for (const [name, counts] of Object.entries(byEndpoint)) {
    const known = endpoints.get(name) ?? { requests: 0, retries: 0, rateLimited: 0, waitedMs: 0, runs: 0 };
    endpoints.set(name, known);
    known.requests += counts.requests;
    known.retries += counts.retries;
    known.rateLimited += counts.rateLimited;
    known.waitedMs += counts.waitedMs;
    known.runs += 1;
    requests += counts.requests;
    rateLimited += counts.rateLimited;
    waitedMs += counts.waitedMs;
  }
  return [requests, rateLimited, waitedMs];
}

function addChecks(checks: CheckFigures, { pages, overlapsVerified, pagesRefetched, countedEnds }: ListTotals): void {
  checks.pages += pages;
  checks.overlapsVerified += overlapsVerified;
  checks.pagesRefetched += pagesRefetched;
  checks.countedEnds += countedEnds;
}
