import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { OutputError, StoppedError } from '../errors.ts';
import { compareText } from './canonical-json.ts';
import { expectArchive } from './expect-archive.ts';
import { sha256 } from './hash-file.ts';
import { JsonShapeError } from './json-node.ts';
import type { Manifest } from './manifest.ts';
import { archivePaths, manifestPath, runName } from './paths.ts';
import { resetSince } from './reset-streams.ts';
import { rowDifferences } from './row-sums.ts';
import { publishedRuns, readPendingManifest, readRunManifest } from './run-manifests.ts';
import { parseSums, sumsOfRun } from './sha256-sums.ts';
import { parseState, serializeState } from './state.ts';
import { verifyFile } from './verify-file.ts';
import type { Difference, Problem, VerifyReport } from './verify-report.ts';
import { findStrays } from './verify-strays.ts';

/**
 * Compares an archive with its manifests, offline and changing nothing: every file's bytes, the chain of manifests,
 * SHA256SUMS, the rows, the state, and that nothing else lies among the tables. A run that is open or half published is
 * noted and left out.
 *
 * Who could change every file could write a chain of their own: keep the newest manifest's SHA-256 somewhere else.
 *
 * @throws UsageError when there is no archive; StoppedError when a run was published while we looked, so that what
 *   differs may only be new
 */
export async function verifyArchive(disk: Disk, archive: string): Promise<VerifyReport> {
  const before = await glance(disk, archive);
  const report = await new Verification(disk, archive).run();
  if (before === (await glance(disk, archive))) return report;
  if (report.differences.length === 0) return report;
  throw new StoppedError(`Cannot verify "${archive}": a run was published meanwhile`, {
    hint: 'Run the same command again',
  });
}

/** Changes whenever a run is committed or published. */
async function glance(disk: Disk, archive: string): Promise<string> {
  const pending = await disk.sizeBytes(join(archive, archivePaths.pendingManifest));
  const runs = await publishedRuns(disk, archive);
  const state = await disk.readFile(join(archive, archivePaths.state));
  return JSON.stringify([pending ?? null, runs.at(-1) ?? 0, state === undefined ? null : sha256(state)]);
}

interface ReadManifest {
  readonly manifest: Manifest;
  readonly sha256: string;
}

class Verification {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #differences: Difference[] = [];
  readonly #notes: string[] = [];
  /** Everything that manifests name, with the hash SHA256SUMS should give. */
  readonly #named = new Map<string, string>();
  /** What may or may not be there yet: names of a run in the middle of its publishing. */
  readonly #pending = new Set<string>();
  readonly #rows = new Map<string, number>();
  #files = 0;
  #bytes = 0;

  constructor(disk: Disk, archive: string) {
    this.#disk = disk;
    this.#archive = archive;
  }

  async run(): Promise<VerifyReport> {
    const pendingRun = await this.#notePending();
    const runs = (await publishedRuns(this.#disk, this.#archive)).filter((run) => run !== pendingRun);
    if (runs.length === 0) await expectArchive(this.#disk, this.#archive, 'verify');

    let previous: ReadManifest | undefined;
    let expectedRun = 1;
    for (const run of runs) {
      if (run > expectedRun) this.#reportHole(expectedRun, run - 1);
      expectedRun = run + 1;
      previous = await this.#verifyRun(run, previous);
    }
    const newestRun = runs.at(-1) ?? 0;
    await this.#verifySums(newestRun);
    await this.#verifyState(newestRun, previous?.manifest, pendingRun);
    const strays = await findStrays(
      this.#disk,
      this.#archive,
      (path) => path === archivePaths.sums || this.#named.has(path) || this.#pending.has(path),
    );
    return {
      runs: runs.length,
      files: this.#files,
      bytes: this.#bytes,
      rows: Object.fromEntries([...this.#rows].sort(([a], [b]) => compareText(a, b))),
      differences: [...this.#differences, ...strays.differences],
      notes: [...this.#notes, ...strays.notes],
    };
  }

  #differs(path: string, problem: Problem, expected: string, actual: string): void {
    this.#differences.push({ path, problem, expected, actual });
  }

  /** The number of the run that is half published. */
  async #notePending(): Promise<number | undefined> {
    let stored;
    try {
      stored = await readPendingManifest(this.#disk, this.#archive);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#differs(archivePaths.pendingManifest, 'unreadable', 'a manifest', error.message);
      return undefined;
    }
    if (stored === undefined) {
      const open = await this.#disk.list(join(this.#archive, archivePaths.work));
      if (open !== undefined) this.#notes.push('A run is open: it is not part of the archive yet');
      return undefined;
    }
    const { run } = stored.manifest;
    for (const path of sumsOfRun(stored.manifest, '').keys()) this.#pending.add(path);
    for (const path of [manifestPath(run), archivePaths.sums, archivePaths.state]) this.#pending.add(`${path}.tmp`);
    this.#notes.push(
      `${runName(run)} is being published, or was cut meanwhile: the next run finishes it; it is left out here`,
    );
    return run;
  }

  #reportHole(first: number, last: number): void {
    const upTo = first === last ? '' : ` to ${runName(last)}`;
    this.#differs(manifestPath(first), 'missing', `a manifest of ${runName(first)}${upTo}`, 'no such file');
  }

  async #verifyRun(run: number, previous: ReadManifest | undefined): Promise<ReadManifest | undefined> {
    const path = manifestPath(run);
    let read: ReadManifest;
    try {
      const { manifest, bytes } = await readRunManifest(this.#disk, this.#archive, run);
      read = { manifest, sha256: sha256(bytes) };
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#differs(path, 'unreadable', `the manifest of ${runName(run)}`, error.message);
      this.#named.set(path, '');
      return undefined;
    }
    this.#verifyChain(read, previous);
    const { manifest } = read;
    for (const { table, format, tableRows, fileRows } of rowDifferences(manifest)) {
      this.#differs(path, 'rows', `${tableRows} rows of "${table}"`, `${fileRows} rows in its ${format} files`);
    }
    for (const [named, hash] of sumsOfRun(manifest, read.sha256)) {
      if (this.#named.has(named)) this.#differs(named, 'chain', 'one manifest that names it', `named again by ${path}`);
      this.#named.set(named, hash);
    }
    for (const file of [...manifest.files, ...manifest.raw]) {
      const difference = await verifyFile(this.#disk, this.#archive, file);
      if (difference !== undefined) this.#differences.push(difference);
      this.#files += 1;
      this.#bytes += file.sizeBytes;
    }
    for (const [table, rows] of Object.entries(manifest.tables)) {
      this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows);
    }
    if (manifest.gaps.length > 0) {
      this.#notes.push(`${path} names ${manifest.gaps.length} gap${manifest.gaps.length === 1 ? '' : 's'}`);
    }
    return read;
  }

  /** A damaged or missing manifest has been reported: the one after it is not to blame. */
  #verifyChain({ manifest }: ReadManifest, previous: ReadManifest | undefined): void {
    const { run } = manifest;
    const say = (link: Manifest['previous']): string =>
      link === null ? 'none' : `${link.path} with SHA-256 ${link.sha256}`;
    let expected = manifest.previous;
    if (run === 1) expected = null;
    else if (previous?.manifest.run === run - 1) expected = { path: manifestPath(run - 1), sha256: previous.sha256 };
    else if (expected?.path !== manifestPath(run - 1)) {
      this.#differs(manifestPath(run), 'chain', `${manifestPath(run - 1)} before it`, say(manifest.previous));
      return;
    }
    if (say(expected) === say(manifest.previous)) return;
    this.#differs(manifestPath(run), 'chain', `before it ${say(expected)}`, say(manifest.previous));
  }

  async #verifySums(newestRun: number): Promise<void> {
    const path = archivePaths.sums;
    const bytes = await this.#disk.readFile(join(this.#archive, path));
    if (bytes === undefined) {
      if (newestRun > 0) this.#differs(path, 'missing', `${this.#named.size} sums`, 'no such file');
      return;
    }
    const sums = parseSums(bytes);
    if (sums === undefined) {
      this.#differs(path, 'unreadable', 'lines of SHA-256 and path', 'something else');
      return;
    }
    for (const [named, hash] of this.#named) {
      const actual = sums.get(named);
      // A manifest that cannot be read has been reported, and has no hash to compare.
      if (actual !== hash && hash !== '') {
        this.#differs(path, 'sums', `${hash}  ${named}`, actual === undefined ? 'no such line' : `${actual}  ${named}`);
      }
    }
    for (const [named, hash] of sums) {
      if (this.#named.has(named) || this.#pending.has(named)) continue;
      this.#differs(path, 'sums', 'no such line: no manifest names the file', `${hash}  ${named}`);
    }
  }

  async #verifyState(newestRun: number, newest: Manifest | undefined, pendingRun: number | undefined): Promise<void> {
    const path = archivePaths.state;
    const bytes = await this.#disk.readFile(join(this.#archive, path));
    if (bytes === undefined) {
      if (newestRun > 0) this.#differs(path, 'missing', `the state after ${runName(newestRun)}`, 'no such file');
      return;
    }
    let state;
    try {
      state = parseState(bytes);
    } catch (error) {
      if (!(error instanceof JsonShapeError)) throw error;
      this.#differs(path, 'unreadable', 'a state', error.message);
      return;
    }
    if (state.run === pendingRun) return;
    if (state.run !== newestRun) {
      this.#differs(path, 'state', `the state after run ${newestRun}`, `the state after run ${state.run}`);
    } else if (newest !== undefined && serializeState(state) !== serializeState(newest.state)) {
      const reset = resetSince(newest.state, state);
      if (reset === undefined) {
        this.#differs(path, 'state', `what ${manifestPath(newestRun)} says`, 'other streams, cursors or counts');
      } else {
        const streams = reset.length === 1 ? 'a stream' : `${reset.length} streams`;
        this.#notes.push(`${path} was changed: the next run reads ${streams} again from the beginning`);
      }
    }
  }
}
