import { dayMs } from '../model/time/durations.ts';
import { expectArchive } from '../archive/expect-archive.ts';
import type { CompletedRows } from '../archive/manifest/completed-rows.ts';
import type { Incomplete } from '../archive/manifest/coverage.ts';
import type { HeadOf } from '../archive/manifest/parts/link-head.ts';
import { numbersOf } from '../archive/manifest/link-files.ts';
import type { HashedFile, Manifest, ManifestFile } from '../archive/manifest/manifest.ts';
import { noRunPublished } from '../archive/no-run-published.ts';
import { readChainWithTotals } from '../archive/manifest/read-chain.ts';
import type { ListTotals } from '../archive/manifest/parts/list-totals.ts';
import { isAttachmentPath } from '../archive/paths/attachment-path.ts';
import { dataFilePlace, type DataFilePlace } from '../archive/paths/data-file-path.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import type { ExcelSafe } from '../model/run/excel-safe.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { endpointNamed } from '../endpoints/endpoints.ts';
import { expectStoredState } from '../archive/stored-state/read-stored-state.ts';
import type { Disk } from '../system/disk.ts';
import { supersededRuns, type StepSettings, type SupersededRows } from './superseded/superseded-runs.ts';
import { stepsOfJob } from '../model/run/purge-rule.ts';

/** A file of an archive's table, and whether its rows may replace rows of earlier files: a hint, see findVersions. */
export interface ArchiveFile extends Omit<ManifestFile, 'mayReplace' | 'earlier'> {
  readonly mayReplace: boolean;
  /** Whether its rows are not those of the run that wrote it: a compaction has put them there, or completed a format. */
  readonly isOfOthers: boolean;
  readonly place: DataFilePlace;
  /** Version of the columns that it was written with. */
  readonly schemaVersion: number;
}

/** What a published run says of its tables. */
export interface ArchiveRun {
  readonly run: number;
  /** Version of the columns that it wrote. */
  readonly schemaVersion: number;
  /** What it wrote, in its order; compactions may have replaced some of it since. */
  readonly files: readonly ArchiveFile[];
  /** Of earlier runs, in formats that those did not make: which rows, and the files. */
  readonly completed: readonly CompletedRows[];
  readonly completedFiles: readonly ArchiveFile[];
  /** What formats, columns and tables lacked of earlier runs after it; null: a program that did not look, or could not. */
  readonly incomplete: readonly Incomplete[] | null;
  /** What the job did to messages before their rows were made; not what purges kept out. */
  readonly steps: Manifest['steps'];
  /** Whether it kept `md`; null: an older program did not say. */
  readonly md: boolean | null;
  /** Whether its CSV was made for spreadsheets; null: it made none, or an older program did not say. */
  readonly excelSafe: ExcelSafe | null;
  /** Which files of messages it was to save; null: none. */
  readonly attachments: AttachmentOptions | null;
  /** Those that it saved. */
  readonly savedFiles: readonly string[];
  /** Rows by table: a table that is not here was not asked for. */
  readonly tables: Readonly<Record<string, number>>;
  /** The message tables that the endpoints it read belong to, whether asked for or not. */
  readonly messageTables: ReadonlySet<Endpoint['table']>;
  /** No message that it or a run before it wrote has a later `ts`, in epoch milliseconds. */
  readonly newestMs: number;
  /** Of the newest run: for the metadata of what is made of the archive. */
  readonly job: string;
}

/** What the chain of manifests says of an archive's tables. */
export interface ArchiveHistory extends SupersededRows {
  /** Oldest first; compactions are no runs. Without those that are superseded. */
  readonly runs: readonly ArchiveRun[];
  /** With those. */
  readonly everyRun: readonly ArchiveRun[];
  /** The files as they are now, in the archive's order: those that no compaction has replaced. */
  readonly files: readonly ArchiveFile[];
  /** Paths of saved files of messages that purges have removed, and no later run has saved again. */
  readonly removedFiles: ReadonlySet<string>;
  /** By room id, what the room was called when a run read it last. */
  readonly roomNames: ReadonlyMap<string, string>;
  /** Where links have written down numbers of messages, oldest first. */
  readonly numbers: readonly HashedFile[];
  /** Number of the newest link up to which all was read again, or written anew from kept journals, since; 0: none. */
  readonly forgotten: number;
  /** Whether all is to be written anew from kept journals, and no run has yet. */
  readonly isRefillDue: boolean;
  /** Number of the newest link, a run or a compaction. */
  readonly newest: number;
  /** Paths of files that are not what their manifests say, of those that were looked at: see intactHistory. */
  readonly damaged?: ReadonlySet<string>;
}

/** The same as if no run were superseded: for what concerns every row that is stored. */
export function wholeHistory(history: ArchiveHistory): ArchiveHistory {
  return { ...history, runs: history.everyRun, superseded: { runs: new Set(), since: 0 } };
}

/**
 * Reads the chain of an archive. A run that is still being written has no part in it. Files never change, and only a
 * compaction removes some: what is read here stays true while a run is published beside it.
 *
 * @param present steps of the job for a run that is about to write: what it supersedes is superseded for it already
 * @throws UsageError when there is no archive, or nothing has been published; OutputError for a manifest that is
 *   missing, damaged or not the one that the next names
 */
export async function readArchiveHistory(
  disk: Disk,
  archive: string,
  present?: readonly StepSettings[],
): Promise<ArchiveHistory> {
  await expectArchive(disk, archive, 'read');
  await expectStoredState(disk, archive);
  const everyRun: ArchiveRun[] = [];
  const resets: number[] = [];
  let compactedToLatest = 0;
  const files = new Map<string, ArchiveFile>();
  const removedFiles = new Set<string>();
  const roomNames = new Map<string, string>();
  const numbers: HashedFile[] = [];
  let newest = 0;
  let forgotten = 0;
  let isRefillDue = false;
  for await (const { manifest } of readChainWithTotals(disk, archive)) {
    newest = manifest.run;
    if (manifest.kind === 'export') {
      isRefillDue = false;
      for (const [id, name] of manifest.totals.roomNames) roomNames.set(id, name);
      for (const { path } of manifest.attachments ?? []) removedFiles.delete(path);
    }
    // Who reads every room again writes all anew, too.
    if (manifest.kind === 'state') {
      isRefillDue = manifest.state.reset !== 'all' && (isRefillDue || manifest.refill === true);
    }
    if (manifest.kind === 'state' && manifest.state.reset === 'all') {
      forgotten = newest;
      resets.push(newest);
    }
    if (manifest.kind === 'compaction' && manifest.keeps === 'latest' && manifest.notes.length === 0) {
      compactedToLatest = newest;
    }
    if (!('files' in manifest)) continue;
    const isCompaction = manifest.kind !== 'export';
    // What it wrote anew stands for all that was current before.
    if (manifest.kind === 'export' && manifest.refilled !== undefined) forgotten = manifest.run - 1;
    numbers.push(...numbersOf(manifest));
    const own = manifest.files.flatMap((file) => archiveFile(file, manifest.schemaVersion, isCompaction));
    if (manifest.kind === 'export')
      everyRun.push(archiveRun(manifest, manifest.totals, own, everyRun.at(-1)?.newestMs ?? 0));
    else {
      for (const { path } of manifest.replaces) {
        files.delete(path);
        if (isAttachmentPath(path)) removedFiles.add(path);
      }
    }
    for (const file of own) files.set(file.path, file);
  }
  if (newest === 0) throw noRunPublished('read', archive);
  const writing = present === undefined ? [] : [{ run: newest + 1, steps: stepsOfJob(present) }];
  const superseded = supersededRuns([...everyRun, ...writing], resets);
  const runs = everyRun.filter(({ run }) => !superseded.runs.has(run));
  return {
    runs,
    everyRun,
    superseded,
    compactedToLatest,
    files: [...files.values()],
    removedFiles,
    roomNames,
    numbers,
    forgotten,
    isRefillDue,
    newest,
  };
}

function archiveFile(
  { mayReplace, earlier, ...file }: ManifestFile,
  schemaVersion: number,
  isCompaction: boolean,
): readonly ArchiveFile[] {
  const place = dataFilePlace(file.path);
  // Manifests with other paths are not read at all.
  if (place === undefined) return [];
  const isOfOthers = isCompaction || earlier === true;
  return [{ ...file, mayReplace: mayReplace === true, isOfOthers, place, schemaVersion }];
}

/** More than two computers' clocks differ by: a deletion stands at the server's time, the end of a run at this one's. */
const clocksDifferMs = dayMs;

function archiveRun(
  { run, schemaVersion, tables, job, finishedAt, completed = [], steps, request, coverage, ...rest }: HeadOf<Manifest>,
  totals: ListTotals,
  files: readonly ArchiveFile[],
  earlierMs: number,
): ArchiveRun {
  return {
    run,
    schemaVersion,
    files: files.filter(({ isOfOthers }) => !isOfOthers),
    completed,
    completedFiles: files.filter(({ isOfOthers }) => isOfOthers),
    incomplete: coverage?.incomplete ?? null,
    steps: stepsOfJob(steps),
    md: request === undefined ? null : request.md === 'json',
    excelSafe: request?.excelSafe ?? null,
    attachments: request?.attachments ?? null,
    savedFiles: (rest.attachments ?? []).map(({ path }) => path),
    tables,
    messageTables: new Set([...totals.endpoints].map((name) => endpointNamed(name)?.table ?? 'messages')),
    // A message may have any date, whenever it was read: an import may lie in the future.
    newestMs: Math.max(earlierMs, Date.parse(finishedAt) + clocksDifferMs, totals.newestMs),
    job: job.name,
  };
}
