/** The library: what the command line is made of, for programs of your own. Everything else may change without notice. */

// A job, from a file, from a command line's flags, or built by hand; and its run.
export { loadJob } from './job/load-job.ts';
export { jobFromFlags, type ExportFlags } from './job/job-from-flags.ts';
export { tableNames } from './job/job.ts';
export type { EndpointName, ExtractEntry, Job, Login, TableName, TransformOptions } from './job/job.ts';
export { runJob } from './pipeline.ts';
export type { Environment, RunOptions } from './run/environment.ts';
export type { RunEvent } from './run/run-event.ts';

// A look at what a run would do: connected for as long as it takes, nothing written.
export { planJob, type JobPlan, type PlanOptions, type RoomPlan } from './plan/plan-job.ts';
export { checkJob, type CheckOptions, type JobCheck, type LeftOutRoom, type RoomCheck } from './plan/check-job.ts';
export type { JobServer, LookOptions } from './plan/look.ts';
export type { PlanLine } from './plan/summarize-plan.ts';

// The workspace: one door that logs in, retries and keeps to the rate limits.
export { connect, type ConnectOptions } from './rocketchat/connect.ts';
export type { Answer, EndpointCounts, Query, RocketChat } from './rocketchat/rocketchat.ts';
export type { Room, RoomType } from './rocketchat/room.ts';
export type { WaitEvent } from './rocketchat/waiting.ts';

// Formats and columns.
export { createSink, sinks, type Format } from './sinks/sinks.ts';
export type { FileSchema, Sink, TableWriter, WrittenFile } from './sinks/sink.ts';
export type { SinkEntry, SinkOptions } from './sinks/sink-options.ts';
export type { PluginSink, PluginWriter } from './sinks/plugin-sink.ts';
export type { FlatMessage } from './tables/flat-message.ts';
export { messageTables, roomsTable, schemaVersion } from './tables/tables.ts';
export { tableJsonSchema } from './tables/json-schema.ts';
export type { ColumnDescription, ColumnSpec, ColumnType, Row, Value } from './tables/column.ts';

// An archive, after the fact.
export type {
  Gap,
  Manifest,
  ManifestChanges,
  ManifestFile,
  ManifestGap,
  ManifestList,
  RequestCounts,
} from './archive/manifest.ts';
export type { AnyManifest, CompactionManifest, StateManifest } from './archive/manifest.ts';
export { latest, writeLatest, type LatestOptions, type WriteLatestOptions } from './current/latest.ts';
export type { CurrentTable, CurrentTableName } from './current/current-table.ts';
export type { FileFormat } from './current/file-format.ts';
export { readState, type ReadStateOptions } from './state/read-state.ts';
export type { ArchivedChanges, ArchivedList, ArchiveState } from './state/archive-state.ts';
export { verifyArchive, type VerifyOptions } from './archive/verify.ts';
export type { Difference, VerifyReport } from './archive/verify-report.ts';
export {
  compactArchive,
  type Compaction,
  type CompactionEnvironment,
  type CompactionOptions,
  type CompactionProgress,
} from './compaction/compact-archive.ts';

// The edges, as arguments: the real ones, and their types for those of a test.
export { systemClock, type Clock } from './clock.ts';
export { nodeDisk, type Disk, type DiskFile } from './disk.ts';

export {
  AccessError,
  DifferenceError,
  exitCodes,
  ExportError,
  InterruptedError,
  JobError,
  OutputError,
  RoomError,
  StoppedError,
  UnreachableError,
  UsageError,
  type ExitCode,
} from './errors.ts';
export { tool } from './version.ts';
