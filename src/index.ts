/** The library: what the command line is made of, for programs of your own. Everything else may change without notice. */

// A job, from a file, from a command line's flags, or built by hand; and its run.
export { loadJob } from './job/load-job.ts';
export { jobFromFlags, type ExportFlags } from './job/job-from-flags.ts';
export { tableNames } from './model/table-name.ts';
export type { ExtractEntry, Job, TransformOptions } from './job/job.ts';
export type { Login } from './model/login.ts';
export type { TableName } from './model/table-name.ts';
export type { EndpointName } from './endpoints/endpoint-name.ts';
export { runJob } from './pipeline.ts';
export type { Environment, RunOptions } from './environment.ts';
export type { RunEvent } from './run-event.ts';

// A look at what a run would do: connected for as long as it takes, nothing written.
export { planJob, type JobPlan, type PlanOptions, type RoomPlan } from './preview/plan-job.ts';
export { checkJob, type CheckOptions, type JobCheck, type RoomCheck, type WithheldRoom } from './preview/check-job.ts';
export type { FilesAhead } from './preview/files-ahead.ts';
export type { JobServer, LookOptions } from './preview/look.ts';
export type { PlanLine } from './preview/summarize-plan.ts';

// The workspace: one door that logs in, retries and keeps to the rate limits.
export { connect, type ConnectOptions } from './rocketchat/connect.ts';
export type { Answer, EndpointCounts, Query, RocketChat } from './model/rocketchat.ts';
export type { Room, RoomType } from './model/room.ts';
export type { WaitEvent } from './rocketchat/pacing/waiting.ts';

// Formats and columns.
export { createSink, sinks, type Format } from './sinks/sinks.ts';
export type { FileSchema, Sink, TableWriter, WrittenFile } from './sinks/sink.ts';
export type { SinkEntry, SinkOptions } from './model/sink-options.ts';
export type { PluginSink, PluginWriter } from './sinks/plugin-sink.ts';
export type { FlatMessage } from './model/flat-message.ts';
export { messageTables, roomMembersTable, roomsTable, schemaVersion, usersTable } from './tables/tables.ts';
export { tableJsonSchema } from './tables/json-schema.ts';
export type { ColumnDescription, ColumnSpec, ColumnType, Row, Value } from './model/column.ts';

// An archive, after the fact.
export type {
  Gap,
  Manifest,
  ManifestChanges,
  ManifestFile,
  ManifestGap,
  ManifestList,
  RequestCounts,
} from './archive/manifest/manifest.ts';
export type { AnyManifest, CompactionManifest, KeyManifest, StateManifest } from './archive/manifest/manifest.ts';
export { latest, writeLatest, type LatestOptions, type WriteLatestOptions } from './snapshot/latest.ts';
export type { CurrentTable, CurrentTableName } from './snapshot/current-table.ts';
export type { FileFormat } from './snapshot/file-format.ts';
export { writeReport, type Report, type ReportOptions } from './report/write-report.ts';
export { writeTranscript, type TranscriptOptions } from './transcript/write-transcript.ts';
export {
  searchArchive,
  type ArchiveSearch,
  type FoundMessage,
  type SearchOptions,
} from './transcript/search-archive.ts';
export { messageHistory, type MessageHistory } from './transcript/message-history.ts';
export type { TranscriptProgress } from './transcript/gather-archive.ts';
export type { Transcript } from './transcript/write-pages.ts';
export type { TranscriptRequest } from './transcript/transcript-request.ts';
export { readState, type ReadStateOptions } from './archive/state/read-state.ts';
export type { ArchivedChanges, ArchivedList, ArchiveState } from './archive/state/archive-state.ts';
export { verifyArchive, type VerifyOptions } from './archive/verify/verify.ts';
export type { Difference, SignatureReport, VerifyReport } from './archive/verify/verify-report.ts';
export {
  compactArchive,
  type Compaction,
  type CompactionEnvironment,
  type CompactionOptions,
  type CompactionProgress,
} from './compaction/compact-archive.ts';
export { purgeArchive, type PurgeOptions } from './purge/purge-archive.ts';
export type { Purge } from './purge/make-purge.ts';
export type { Holds, PurgeTarget } from './purge/purge-target.ts';
export { rebuildArchive, type Rebuild, type RebuildOptions } from './rebuild/rebuild-archive.ts';
export { compareWithServer, type CompareOptions } from './audit/compare-with-server.ts';
export type { ServerComparison } from './audit/server-comparison.ts';

// Signatures.
export type { LinkSignatures, LinkSigner } from './signature/link-signer.ts';
export { signerFromKey } from './signature/signer-from-key.ts';

// The edges, as arguments: the real ones, and their types for those of a test.
export { systemClock, type Clock } from './system/clock.ts';
export { nodeDisk, type Disk, type DiskFile } from './system/disk.ts';

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
