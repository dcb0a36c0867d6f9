import { join, resolve } from 'node:path';
import { compareText } from '../../model/text/compare-text.ts';
import { nodeDisk, type Disk } from '../../system/disk.ts';
import { OutputError, StoppedError } from '../../errors.ts';
import { expectArchive } from '../expect-archive.ts';
import { noRunPublished } from '../no-run-published.ts';
import { hashIfThere } from '../hash-file.ts';
import { JsonShapeError } from '../json-shape.ts';
import { Ledger } from './ledger.ts';
import type { LinkHead } from '../manifest/parts/link-head.ts';
import type { StateChange } from '../state/recorded-change.ts';
import { archivePaths, manifestPath, runName } from '../paths.ts';
import { publishedRuns, readPendingManifest, type StoredManifest } from '../manifest/run-manifests.ts';
import { isReset, resetRooms } from '../state/state-change.ts';
import { replay } from '../state/state-replay.ts';
import { parseState, serializeState } from '../state/state-schema.ts';
import { emptyState, type State } from '../state/state.ts';
import { archiveGlance } from './archive-glance.ts';
import { isBeforeFirstRun } from './before-first-run.ts';
import { rowsByFormat, unequalFormats } from './rows-by-format.ts';
import { verifyFile } from './verify-file.ts';
import type { Difference, DifferenceKind, VerifyReport } from './verify-report.ts';
import { findExpected, outsideEvidence, type GivenEvidence, type OutsideEvidence } from './outside-evidence.ts';
import { namedByPending, verifyPending } from './verify-pending.ts';
import { sumsDifferences } from './verify-sums.ts';
import { findStrays } from './verify-strays.ts';

/** What an archive is compared with besides itself, and what replaces the real disk. */
export interface VerifyOptions extends GivenEvidence {
  /** Default: the file system. */
  readonly disk?: Disk;
}

/**
 * Compares an archive with its manifests, offline and changing nothing: every file's bytes, the chain of manifests,
 * SHA256SUMS, the rows, the state, and that nothing else lies among the tables. A run that is open or half published is
 * noted and left out.
 *
 * Who could change every file could write a chain of their own: give a key or the SHA-256 of a manifest that was kept
 * somewhere else. Only such a SHA-256 shows that the last links were taken away.
 *
 * @param folder that a job names as its output
 * @returns what was looked at, and every difference: those are no errors
 * @throws UsageError when there is no archive, or one of which the first run is still open; StoppedError when a run was
 *   published while we looked, so that what differs may only be new
 */
export function verifyArchive(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  return verifyLinks(folder, options, { shown: resolve(folder), areListsBehind: false });
}

/**
 * The same.
 *
 * @param place how messages name the archive, and whether SHA256SUMS and the state may be those of an earlier run, because a
 *   push that replaces them is open: they are not compared then
 */
export async function verifyLinks(
  folder: string,
  options: VerifyOptions,
  { shown, areListsBehind }: { readonly shown: string; readonly areListsBehind: boolean },
): Promise<VerifyReport> {
  const { disk = nodeDisk } = options;
  const archive = resolve(folder);
  const evidence = outsideEvidence(options);
  const before = await archiveGlance(disk, archive);
  const report = await new Verification(disk, archive, evidence, areListsBehind).run();
  if (before === (await archiveGlance(disk, archive))) return report;
  if (report.differences.length === 0) return report;
  throw new StoppedError(`Cannot verify "${shown}": a run was published meanwhile`, {
    hint: 'Run the same command again',
  });
}

/** A run that was killed while it wrote down a time stamp leaves it under another name, until the next one asks again. */
function unstamped(path: string): string {
  return path.replace(/^(_manifest\/run-\d+\.json)\.tsr\.tmp$/, '$1');
}

class Verification {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #differences: Difference[] = [];
  readonly #notes: string[] = [];
  readonly #ledger: Ledger;
  readonly #expect: string | undefined;
  readonly #areListsBehind: boolean;
  /** What may or may not be there yet: names of a run in the middle of its publishing. */
  readonly #pending = new Set<string>();
  /** Files that a compaction in the middle of its publishing may have removed already. */
  readonly #vanishing = new Set<string>();

  constructor(disk: Disk, archive: string, { publicKey, expect }: OutsideEvidence, areListsBehind: boolean) {
    this.#disk = disk;
    this.#areListsBehind = areListsBehind;
    this.#archive = archive;
    this.#expect = expect;
    this.#ledger = new Ledger(disk, archive, publicKey);
  }

  async run(): Promise<VerifyReport> {
    const pending = await this.#notePending();
    const runs = (await publishedRuns(this.#disk, this.#archive)).filter((run) => run !== pending?.manifest.run);
    if (runs.length === 0) {
      await expectArchive(this.#disk, this.#archive, 'verify');
      this.#differs(archivePaths.manifests, 'missing', 'the manifest of a run', 'none: no run is published');
    }

    const ledger = this.#ledger;
    await ledger.addRuns(runs);
    if (pending !== undefined) await this.#verifyPending(pending);
    await this.#verifyFiles();
    const newestRun = runs.at(-1) ?? 0;
    if (this.#areListsBehind) {
      this.#notes.push(
        'A push is open, or was cut: SHA256SUMS and the state may be those of an earlier run, and are not compared',
      );
    } else {
      await this.#verifySums(newestRun);
      await this.#verifyState(newestRun, pending?.manifest);
    }
    const strays = await findStrays(
      this.#disk,
      this.#archive,
      (path) => path === archivePaths.sums || ledger.named.has(unstamped(path)) || this.#pending.has(path),
      ledger.named.keys(),
    );
    const signatures = ledger.signatures.finish() ?? null;
    const expected = findExpected(ledger.links, this.#expect);
    if ('problem' in expected) this.#differences.push(expected);
    const formats = rowsByFormat(ledger.files.values());
    const found = [ledger.differences, ledger.signatures.differences, this.#differences, strays.differences];
    const differences = found.flat();
    if (
      runs.length === 0 &&
      differences.length === 1 &&
      (await isBeforeFirstRun(this.#disk, this.#archive, pending?.manifest))
    ) {
      throw noRunPublished('verify', this.#archive);
    }
    return {
      runs: runs.length,
      files: ledger.files.size,
      bytes: [...ledger.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      rows: Object.fromEntries([...ledger.rows].sort(([a], [b]) => compareText(a, b))),
      formats,
      differences,
      newest: ledger.newest === undefined ? null : (ledger.links.at(-1) ?? null),
      signatures,
      expected: 'problem' in expected ? null : expected.found,
      skipped: strays.skipped,
      notes: [...this.#notes, ...ledger.notes, ...ledger.signatures.notes, ...unequalFormats(formats), ...strays.notes],
    };
  }

  #differs(path: string, problem: DifferenceKind, expected: string, actual: string): void {
    this.#differences.push({ path, problem, expected, actual });
  }

  /** The run that is half published. */
  async #notePending(): Promise<StoredManifest | undefined> {
    let stored;
    try {
      stored = await readPendingManifest(this.#disk, this.#archive);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#differs(archivePaths.pendingManifest, 'unreadable', 'a manifest', error.message);
      return undefined;
    }
    if (stored === undefined) {
      if ((await this.#disk.sizeBytes(join(this.#archive, archivePaths.runPlan))) !== undefined) {
        this.#notes.push('A run is open: it is not part of the archive yet');
      } else if ((await this.#disk.list(join(this.#archive, archivePaths.work))) !== undefined) {
        this.#notes.push(
          `"${archivePaths.work}" holds what was not finished, and is no part of the archive: the next run or compaction removes it`,
        );
      }
      return undefined;
    }
    const { run } = stored.manifest;
    for (const path of namedByPending(stored.manifest)) this.#pending.add(path);
    this.#notes.push(
      `${runName(run)} is being published, or was cut meanwhile: the next run or compaction finishes it; it is left out here`,
    );
    return stored;
  }

  async #verifyPending(pending: StoredManifest): Promise<void> {
    const { differences, mayRemove } = await verifyPending(this.#disk, this.#archive, pending, this.#ledger);
    this.#differences.push(...differences);
    if (!mayRemove || !('replaces' in pending.manifest)) return;
    for (const { path } of pending.manifest.replaces) this.#vanishing.add(path);
  }

  async #verifyFiles(): Promise<void> {
    for (const file of this.#ledger.files.values()) {
      const difference = await verifyFile(this.#disk, this.#archive, file);
      if (difference === undefined || (difference.problem === 'missing' && this.#vanishing.has(file.path))) continue;
      this.#differences.push(difference);
    }
  }

  async #verifySums(newestRun: number): Promise<void> {
    const bytes = await this.#disk.readFile(join(this.#archive, archivePaths.sums));
    if (bytes === undefined && newestRun === 0) return;
    // A run that is cut behind its time stamp has not listed it yet.
    const stamps = [...this.#ledger.named.keys()].filter((path) => path.endsWith('.tsr'));
    const mayDiffer = new Set([...this.#pending, ...this.#vanishing, ...stamps]);
    this.#differences.push(...sumsDifferences(bytes, this.#ledger.named, mayDiffer));
  }

  async #verifyState(newestRun: number, pending: LinkHead | undefined): Promise<void> {
    const path = archivePaths.state;
    const file = join(this.#archive, path);
    const actual = await hashIfThere(this.#disk, file);
    if (actual === undefined) {
      if (newestRun > 0) this.#differs(path, 'missing', `the state after ${runName(newestRun)}`, 'no such file');
      return;
    }
    const { newest } = this.#ledger;
    const vouchedFor = [newest?.manifest.state.sha256, pending?.state.sha256];
    if (newest === undefined || vouchedFor.includes(actual)) return;
    try {
      const { state, run } = parseState((await this.#disk.readFile(file)) ?? new Uint8Array());
      if (newest.formatVersion === 1 && run === newestRun) this.#verifyState1(newest.manifest.state, { ...state, run });
      else this.#differs(path, 'state', `SHA-256 ${newest.manifest.state.sha256}`, `SHA-256 ${actual}`);
    } catch (error) {
      if (!(error instanceof JsonShapeError)) throw error;
      this.#differs(path, 'unreadable', 'a state', error.message);
    }
  }

  /** Version 1 could be reset without a trace in the chain. */
  #verifyState1(published: StateChange, state: State): void {
    const before = replay(emptyState, state.run, published);
    const rooms = Object.values(state.lists)
      .filter(isReset)
      .map(({ roomId }) => roomId);
    const expected = serializeState(resetRooms(before, rooms));
    if (serializeState(state) !== expected) {
      this.#differs(
        archivePaths.state,
        'state',
        `what ${manifestPath(state.run)} says`,
        'other lists, cursors or counts',
      );
    } else if (rooms.length > 0) {
      this.#notes.push(`${archivePaths.state} was changed: the next run reads rooms again from the beginning`);
    }
  }
}
