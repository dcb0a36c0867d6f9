import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { archivePaths, manifestPath } from '../paths.ts';
import { parseSums } from '../sha256-sums.ts';
import type { LinkHead } from './parts/link-head.ts';
import type { AnyManifest, PreviousLink } from './manifest.ts';
import { headReader, wholeReader, type ManifestReader } from './parts/manifest-readers.ts';
import { totalsReader, type LinkWithTotals } from './parts/list-totals.ts';
import { missingManifest, newestRun, publishedRuns, readLinkOf, type StoredManifest } from './run-manifests.ts';

/** A manifest of the chain. */
export type ChainLink<M = LinkHead> = StoredManifest<M>;

/** Where a chain of manifests is broken. */
export type ChainFault =
  | { readonly kind: 'missing'; readonly run: number; readonly lastRun: number }
  | { readonly kind: 'unreadable'; readonly run: number; readonly error: OutputError }
  /** It names another link before it. `sha256: null`: the one that should be there could not be read. */
  | {
      readonly kind: 'unlinked';
      readonly run: number;
      readonly expected: { readonly path: string; readonly sha256: string | null } | null;
      readonly actual: PreviousLink;
    };

/**
 * The links of a chain that can be read, oldest first, and what is wrong with the chain, each before the link that comes
 * behind it. A link is compared with the one before it; one that is missing or damaged is a fault by itself, and the one
 * behind it is not to blame.
 *
 * @param runs ascending
 * @param reader how much of each is kept
 */
export async function* walkChain<M extends LinkHead>(
  disk: Disk,
  archive: string,
  runs: readonly number[],
  reader: ManifestReader<M>,
  onFault: (fault: ChainFault) => void,
): AsyncGenerator<ChainLink<M>> {
  let previous: { readonly run: number; readonly sha256: string } | undefined;
  let expectedRun = 1;
  for (const run of runs) {
    if (run > expectedRun) onFault({ kind: 'missing', run: expectedRun, lastRun: run - 1 });
    if (previous?.run !== run - 1) previous = undefined;
    expectedRun = run + 1;
    const link = await readLink(disk, archive, run, reader, onFault);
    if (link !== undefined) {
      const fault = linkFault(link, previous);
      if (fault !== undefined) onFault(fault);
      yield link;
    }
    previous = link && { run, sha256: link.sha256 };
  }
}

/**
 * The links of an archive's chain without what they say of each room, oldest first, for whoever builds on them: they are to be read to the end, where the
 * newest is compared with SHA256SUMS, since no link vouches for it.
 *
 * @param upTo the last run to read
 * @throws OutputError at the first fault
 */
export function readChain(disk: Disk, archive: string, upTo = Number.POSITIVE_INFINITY): AsyncGenerator<ChainLink> {
  return readLinks(disk, archive, upTo, headReader);
}

/** The same, each with all that it says of each room. */
export function readWholeChain(
  disk: Disk,
  archive: string,
  upTo = Number.POSITIVE_INFINITY,
): AsyncGenerator<ChainLink<AnyManifest>> {
  return readLinks(disk, archive, upTo, wholeReader);
}

/** The same, each with the totals of all its rooms. */
export function readChainWithTotals(disk: Disk, archive: string): AsyncGenerator<ChainLink<LinkWithTotals>> {
  return readLinks(disk, archive, Number.POSITIVE_INFINITY, totalsReader());
}

async function* readLinks<M extends LinkHead>(
  disk: Disk,
  archive: string,
  upTo: number,
  reader: ManifestReader<M>,
): AsyncGenerator<ChainLink<M>> {
  const runs = (await publishedRuns(disk, archive)).filter((run) => run <= upTo);
  let newest: { readonly run: number; readonly sha256: string } | undefined;
  for await (const link of walkChain(disk, archive, runs, reader, (fault) => failOn(archive, fault))) {
    newest = { run: link.manifest.run, sha256: link.sha256 };
    yield link;
  }
  if (newest !== undefined) await checkAgainstSums(disk, archive, newest.run, newest.sha256);
}

/**
 * The same links, newest first, for whoever looks for one of the last: each that is read is compared with the one behind it,
 * the newest with SHA256SUMS, and those before it are not opened.
 *
 * @throws OutputError at the first fault
 */
export async function* readChainBack(disk: Disk, archive: string): AsyncGenerator<ChainLink> {
  let next: ChainLink | undefined;
  for (let run = await newestRun(disk, archive); run > 0; run--) {
    const link = await readLink(disk, archive, run, headReader, (fault) => failOn(archive, fault));
    if (link === undefined) return;
    if (next === undefined) await checkAgainstSums(disk, archive, run, link.sha256);
    const fault = next && linkFault(next, link);
    if (fault !== undefined) failOn(archive, fault);
    yield link;
    next = link;
  }
}

const hint = 'The file was changed: restore it from a backup, and run `verify` to see what else was';

/** @throws OutputError that says what of the chain is not as it was written */
export function failOn(archive: string, fault: ChainFault): never {
  switch (fault.kind) {
    case 'missing':
      throw missingManifest(archive, fault.run);
    case 'unreadable':
      throw fault.error;
    case 'unlinked': {
      const { run, expected, actual } = fault;
      if (expected?.sha256 != null) {
        throw new OutputError(
          `Cannot use the manifest "${join(archive, expected.path)}": its SHA-256 is ${expected.sha256}, and the next one says ${actual?.sha256 ?? 'none'}`,
          { hint },
        );
      }
      throw new OutputError(
        `Cannot use the manifest "${join(archive, manifestPath(run))}": it says that ${actual?.path ?? 'none'} comes before it, expected ${expected?.path ?? 'none'}`,
        { hint },
      );
    }
  }
}

/** @throws OutputError when SHA256SUMS names another hash for a run's manifest: nothing may be built on a changed one */
export async function checkAgainstSums(disk: Disk, archive: string, run: number, actual: string): Promise<void> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const wanted = list && parseSums(list)?.get(manifestPath(run));
  if (wanted === undefined || wanted === actual) return;
  throw new OutputError(
    `Cannot continue from "${join(archive, manifestPath(run))}": its SHA-256 is ${actual}, and SHA256SUMS says ${wanted}`,
    { hint },
  );
}

async function readLink<M extends LinkHead>(
  disk: Disk,
  archive: string,
  run: number,
  reader: ManifestReader<M>,
  onFault: (fault: ChainFault) => void,
): Promise<ChainLink<M> | undefined> {
  try {
    return await readLinkOf(disk, archive, run, reader);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    onFault({ kind: 'unreadable', run, error });
    return undefined;
  }
}

/** What is wrong with a link, seen from the one before it; undefined: nothing. */
export function linkFault(
  { manifest }: Pick<ChainLink, 'manifest'>,
  previous: Pick<ChainLink, 'sha256'> | undefined,
): ChainFault | undefined {
  const { run, previous: actual } = manifest;
  const expected = run === 1 ? null : { path: manifestPath(run - 1), sha256: previous?.sha256 ?? null };
  const isLinked = expected?.path === actual?.path && (expected?.sha256 == null || expected.sha256 === actual?.sha256);
  return isLinked ? undefined : { kind: 'unlinked', run, expected, actual };
}
