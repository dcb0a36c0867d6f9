import type { Disk } from '../../system/disk.ts';
import { compactionDifferences } from '../publish/compaction-sums.ts';
import { publishedFilesOf, sumsOfRun } from '../manifest/link-files.ts';
import type { HeadOf, LinkWithState } from '../manifest/parts/link-head.ts';
import { stateReader } from '../manifest/parts/manifest-readers.ts';
import type { HashedFile, Manifest, ManifestFile, PreviousLink } from '../manifest/manifest.ts';
import { manifestPath, runName } from '../paths.ts';
import { rowDifferences } from '../publish/row-sums.ts';
import { walkChain, type ChainFault, type ChainLink } from '../manifest/read-chain.ts';
import { StateReplay } from '../state/state-replay.ts';
import { stateSha256 } from '../state/state-schema.ts';
import { SignatureAudit } from './signature-audit.ts';
import type { Difference, DifferenceKind } from './verify-report.ts';

/** Adds up what the manifests of an archive say, link by link, and finds where they contradict each other. */
export class Ledger {
  readonly differences: Difference[] = [];
  readonly notes: string[] = [];
  /** Everything that manifests name, with the hash SHA256SUMS should give; empty where that is not known. */
  readonly named = new Map<string, string>();
  /** By path: tables and kept journals as they stand, what a later compaction replaced left out. */
  readonly files = new Map<string, HashedFile | ManifestFile>();
  /** By table. */
  readonly rows = new Map<string, number>();
  /** The manifests that could be read, oldest first. */
  readonly links: NonNullable<PreviousLink>[] = [];
  readonly signatures: SignatureAudit;
  readonly #disk: Disk;
  readonly #archive: string;
  /** Whether a manifest is missing or cannot be read: what it named is not known. */
  #hasHoles = false;
  #newest: ChainLink<LinkWithState> | undefined;
  readonly #states = new StateReplay();
  /** Whether every link that the state follows from has been read. */
  #isStateKnown = true;

  /** @param publicKey that the chain is said to be signed with */
  constructor(disk: Disk, archive: string, publicKey: string | undefined) {
    this.#disk = disk;
    this.#archive = archive;
    this.signatures = new SignatureAudit(disk, archive, publicKey);
  }

  /** The last manifest added; undefined when it could not be read. */
  get newest(): ChainLink<LinkWithState> | undefined {
    return this.#newest;
  }

  /** @param runs ascending */
  async addRuns(runs: readonly number[]): Promise<void> {
    for await (const link of walkChain(this.#disk, this.#archive, runs, stateReader, (fault) =>
      this.#addFault(fault),
    )) {
      this.#newest = link;
      this.#addLink(link);
      this.links.push({ path: manifestPath(link.manifest.run), sha256: link.sha256 });
      for (const [path, hash] of await this.signatures.add(link)) this.named.set(path, hash);
    }
    this.#verifyReplay();
  }

  /** The chain alone must make the state that its newest link vouches for. */
  #verifyReplay(): void {
    if (this.#newest === undefined || !this.#isStateKnown) return;
    const { run, state } = this.#newest.manifest;
    const actual = stateSha256(this.#states.state);
    if (actual === state.sha256) return;
    this.#differs(manifestPath(run), 'state', `a state with SHA-256 ${state.sha256}`, `the chain makes ${actual}`);
  }

  #differs(path: string, problem: DifferenceKind, expected: string, actual: string): void {
    this.differences.push({ path, problem, expected, actual });
  }

  #addFault(fault: ChainFault): void {
    const { run } = fault;
    const path = manifestPath(run);
    switch (fault.kind) {
      case 'missing': {
        const upTo = run === fault.lastRun ? '' : ` to ${runName(fault.lastRun)}`;
        this.#differs(path, 'missing', `a manifest of ${runName(run)}${upTo}`, 'no such file');
        break;
      }
      case 'unreadable':
        this.#differs(path, 'unreadable', `the manifest of ${runName(run)}`, fault.error.message);
        this.named.set(path, '');
        this.#newest = undefined;
        break;
      case 'unlinked': {
        const { expected, actual } = fault;
        const before = expected?.sha256 === null ? `${expected.path} before it` : `before it ${linkText(expected)}`;
        this.#differs(path, 'chain', before, linkText(actual));
        return;
      }
    }
    this.#hasHoles = true;
    this.signatures.forget();
    this.#isStateKnown = false;
  }

  #addLink({ manifest, sha256: ownSha256 }: ChainLink<LinkWithState>): void {
    const path = manifestPath(manifest.run);
    this.#isStateKnown ||= manifest.state.base === 'empty';
    this.#states.add(manifest.run, manifest.state);
    if (manifest.kind === 'export') this.#countRun(manifest, path);
    if (manifest.kind === 'compaction' || manifest.kind === 'purge') this.#countCompaction(manifest, path);
    for (const [named, hash] of sumsOfRun(manifest, ownSha256)) {
      if (this.named.has(named)) this.#differs(named, 'chain', 'one manifest that names it', `named again by ${path}`);
      this.named.set(named, hash);
    }
    for (const file of publishedFilesOf(manifest)) this.files.set(file.path, file);
  }

  #countRun(manifest: HeadOf<Manifest>, path: string): void {
    for (const { table, format, tableRows, fileRows } of rowDifferences(manifest)) {
      this.#differs(path, 'rows', `${tableRows} rows of "${table}"`, `${fileRows} rows in its ${format} files`);
    }
    for (const file of manifest.raw) this.files.set(file.path, file);
    for (const [table, rows] of Object.entries(manifest.tables)) this.#addRows(table, rows);
    if (manifest.gaps.length > 0) {
      this.notes.push(`${path} names ${manifest.gaps.length} gap${manifest.gaps.length === 1 ? '' : 's'}`);
    }
  }

  /** From here on the files it replaced are expected to be gone: one that is still there is a stray. */
  #countCompaction(manifest: Extract<LinkWithState, { readonly replaces: unknown }>, path: string): void {
    const replaced = new Map<string, ManifestFile>();
    for (const file of manifest.replaces) {
      const known = this.files.get(file.path);
      if (known !== undefined && 'rows' in known) replaced.set(file.path, known);
      if (known?.sha256 !== file.sha256 && !(known === undefined && this.#hasHoles)) {
        const actual = known === undefined ? 'no manifest before it names the file' : `SHA-256 ${known.sha256}`;
        this.#differs(path, 'chain', `"${file.path}" with SHA-256 ${file.sha256} to replace`, actual);
      }
      this.files.delete(file.path);
      this.named.delete(file.path);
    }
    for (const { expected, actual } of compactionDifferences(manifest, replaced)) {
      this.#differs(path, 'rows', expected, actual);
    }
    for (const [table, rows] of Object.entries(manifest.dropped)) this.#addRows(table, -rows);
  }

  #addRows(table: string, rows: number): void {
    this.rows.set(table, (this.rows.get(table) ?? 0) + rows);
  }
}

function linkText(link: { readonly path: string; readonly sha256: string | null } | null): string {
  return link === null ? 'none' : `${link.path} with SHA-256 ${String(link.sha256)}`;
}
