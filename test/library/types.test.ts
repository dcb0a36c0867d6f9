import { describe, expect, it } from '@jest/globals';
import * as library from '../../src/index.ts';

/** Whether two types are the same, `readonly` and optional keys included. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- only generic functions compare types exactly
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Library = typeof library;
type Export<Name extends keyof Library> = Library[Name];

/**
 * What each function takes and returns. The compiler reads it: a line that is not so, or a function without a line, is an
 * error of `tsc`.
 */
interface Signatures {
  loadJob: (
    path: string,
    env: Readonly<Record<string, string | undefined>>,
    cwd: string,
    onOutsideValue?: (value: string) => void,
  ) => Promise<library.Job>;
  jobFromFlags: (
    flags: library.ExportFlags,
    env: Readonly<Record<string, string | undefined>>,
    cwd: string,
  ) => library.Job;
  runJob: (job: library.Job, options?: library.RunOptions) => Promise<library.Manifest>;
  planJob: (job: library.Job, options?: library.PlanOptions) => Promise<library.JobPlan>;
  checkJob: (job: library.Job, options?: library.CheckOptions) => Promise<library.JobCheck>;
  connect: (options: library.ConnectOptions) => Promise<library.RocketChat>;
  latest: (archive: string | readonly string[], options?: library.LatestOptions) => Promise<library.CurrentTable>;
  writeLatest: (
    archive: string | readonly string[],
    output: string,
    options?: library.WriteLatestOptions,
  ) => Promise<number>;
  writeTranscript: (
    archive: string | readonly string[],
    output: string,
    options?: library.TranscriptOptions,
  ) => Promise<library.Transcript>;
  writeReport: (archive: string, output: string, options?: library.ReportOptions) => Promise<library.Report>;
  searchArchive: (archive: string, words: string, options?: library.SearchOptions) => Promise<library.ArchiveSearch>;
  messageHistory: (
    archive: string,
    messageId: string,
    options?: library.HistoryOptions,
  ) => Promise<library.MessageHistory | undefined>;
  readState: (folder: string, options?: library.ReadStateOptions) => Promise<library.ArchiveState>;
  verifyArchive: (folder: string, options?: library.VerifyOptions) => Promise<library.VerifyReport>;
  verifyPushed: (
    at: string | library.StorageTarget,
    options?: library.VerifyPushedOptions,
  ) => Promise<library.VerifyReport>;
  changeState: (
    folder: string,
    action: library.StateAction,
    options?: library.ChangeStateOptions,
  ) => Promise<library.ArchiveState>;
  loadArchive: (
    folder: string,
    to: string | library.DatabaseTarget,
    options?: library.LoadArchiveOptions,
  ) => Promise<library.LoadedArchive>;
  emitLines: (
    folder: string,
    protocol: library.EmitProtocol,
    options?: library.EmitLinesOptions,
  ) => AsyncGenerator<library.EmittedLines>;
  pushArchive: (
    folder: string,
    to: string | library.StorageTarget,
    options?: library.PushOptions,
  ) => Promise<library.PushedArchive>;
  pullArchive: (
    from: string | library.StorageTarget,
    folder: string,
    options?: library.PullOptions,
  ) => Promise<library.PulledArchive>;
  scheduleJobs: (jobs: readonly library.Job[], options?: library.ScheduleOptions) => Promise<void>;
  createSink: (options: library.SinkOptions, disk: library.Disk) => library.Sink;
  compactArchive: (folder: string, options?: library.CompactionOptions) => Promise<library.Compaction>;
  purgeArchive: (folder: string, target: library.PurgeTarget, options: library.PurgeOptions) => Promise<library.Purge>;
  rebuildArchive: (folder: string, output: string, options?: library.RebuildOptions) => Promise<library.Rebuild>;
  compareWithServer: (
    archive: string,
    job: library.Job,
    options?: library.CompareOptions,
  ) => Promise<library.ServerComparison>;
  signerFromKey: (pem: string) => library.LinkSigner;
}

type Functions = { [Name in keyof Signatures]: Same<Export<Name>, Signatures[Name]> };

const functions: { [Name in keyof Functions]: Functions[Name] extends true ? 'same' : never } = {
  loadJob: 'same',
  jobFromFlags: 'same',
  runJob: 'same',
  planJob: 'same',
  checkJob: 'same',
  connect: 'same',
  latest: 'same',
  writeLatest: 'same',
  writeTranscript: 'same',
  writeReport: 'same',
  searchArchive: 'same',
  messageHistory: 'same',
  readState: 'same',
  verifyArchive: 'same',
  verifyPushed: 'same',
  changeState: 'same',
  loadArchive: 'same',
  emitLines: 'same',
  pushArchive: 'same',
  pullArchive: 'same',
  scheduleJobs: 'same',
  createSink: 'same',
  compactArchive: 'same',
  purgeArchive: 'same',
  rebuildArchive: 'same',
  compareWithServer: 'same',
  signerFromKey: 'same',
};

type FunctionName = {
  [Name in keyof Library]: Library[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Library];

/** The other two give columns: docs/tables.md is about those. */
const isComplete: Same<FunctionName, keyof Signatures | 'messageTables' | 'tableJsonSchema'> = true;

interface Disked {
  readonly disk?: library.Disk;
}

/** Keys of options, all of them optional: every function works without. */
const options: {
  run: Same<
    keyof library.RunOptions,
    keyof library.Environment | 'everyRoom' | 'workers' | 'signal' | 'onEvent' | 'onWait'
  >;
  everyRoomIsNoDependency: Same<
    Extract<keyof library.Environment, 'everyRoom' | 'signal' | 'onEvent' | 'onWait'>,
    never
  >;
  noneIsNeeded: Same<
    [
      Partial<library.RunOptions>,
      Partial<library.PlanOptions>,
      Partial<library.CheckOptions>,
      Partial<library.CompactionOptions>,
      Partial<library.ChangeStateOptions>,
      Partial<library.LoadArchiveOptions>,
      Partial<library.EmitLinesOptions>,
      Partial<library.PushOptions>,
      Partial<library.PullOptions>,
      Partial<library.VerifyPushedOptions>,
      Partial<library.ScheduleOptions>,
    ] extends [
      library.RunOptions,
      library.PlanOptions,
      library.CheckOptions,
      library.CompactionOptions,
      library.ChangeStateOptions,
      library.LoadArchiveOptions,
      library.EmitLinesOptions,
      library.PushOptions,
      library.PullOptions,
      library.VerifyPushedOptions,
      library.ScheduleOptions,
    ]
      ? true
      : false,
    true
  >;
  state: Same<library.ReadStateOptions, Disked>;
  verify: Same<keyof library.VerifyOptions, 'disk' | 'publicKey' | 'expect'>;
} = { run: true, everyRoomIsNoDependency: true, noneIsNeeded: true, state: true, verify: true };

/** What comes back, field by field. */
const results: {
  plan: Same<
    keyof library.JobPlan,
    | ('job' | 'server' | 'run' | 'resumed' | 'entries' | 'total' | 'slowest' | 'limit')
    | (
        | 'page'
        | 'maxWaitMinutes'
        | 'requests'
        | 'changes'
        | 'asked'
        | 'advice'
        | 'completes'
        | 'files'
        | 'lists'
        | 'shard'
      )
  >;
  check: Same<keyof library.JobCheck, 'job' | 'server' | 'entries' | 'rooms' | 'leftOut' | 'notes' | 'files' | 'shard'>;
  checkedRoom: Same<library.RoomCheck['result'], 'readable' | 'refused' | 'skipped'>;
  state: Same<
    library.ArchiveState,
    {
      readonly run: number;
      readonly lists: readonly library.ArchivedList[];
      readonly changes: readonly library.ArchivedChanges[];
    }
  >;
  current: Same<keyof library.CurrentTable, 'name' | 'columns' | 'metadata' | 'rows'>;
  rows: Same<library.CurrentTable['rows'], AsyncIterable<readonly library.Row[]>>;
  compaction: Same<library.Compaction['kind'], 'compacted' | 'nothing-to-do'>;
  report: Same<library.VerifyReport['differences'], readonly library.Difference[]>;
} = {
  plan: true,
  check: true,
  checkedRoom: true,
  state: true,
  current: true,
  rows: true,
  compaction: true,
  report: true,
};

describe('the types of the library', () => {
  it('have been compared by the compiler for every function that is there when it runs', () => {
    const described = [...Object.keys(functions), 'messageTables', 'tableJsonSchema'];
    const names = Object.entries(library).flatMap(([name, value]) =>
      typeof value === 'function' && !/^class\b/.test(String(value)) ? [name] : [],
    );
    expect(described.sort()).toEqual(names.sort());
    expect([isComplete, ...Object.values({ ...options, ...results })]).not.toContain(false);
  });
});
