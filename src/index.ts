/** The library: what the command line is made of, for programs of your own. Everything else may change without notice. */

// What all of these are made of.
export type * from './public-types.ts';

// A job, from a file, from a command line's flags, or built by hand; and its run.
export { loadJob } from './job/load-job.ts';
export { jobFromFlags, type ExportFlags } from './job/job-from-flags.ts';
export { tableNames } from './model/table-name.ts';
export type { ExtractEntry, Job, Partition, TransformOptions } from './job/job.ts';
export type { Login } from './model/login.ts';
export type { EndpointName } from './endpoints/endpoint-name.ts';
export { runJob } from './pipeline.ts';
export type { Environment, RunOptions } from './environment.ts';
export type { RunEvent } from './run-event.ts';
export type { ExpectedList, PlannedRequests } from './run-event.ts';
export type { FileStatus } from './model/files/file-reference.ts';
export type { PushedArchive } from './model/run/pushed-archive.ts';

// Jobs at their times.
export { scheduleJobs, type ScheduledRunOptions, type ScheduleOptions } from './schedule/schedule-jobs.ts';
export type { ScheduleEvent } from './schedule/schedule-event.ts';
export type { PublishedRun } from './schedule/published-run.ts';
export type { ScheduledResult } from './schedule/scheduled-job.ts';
export type { JobStatus } from './schedule/schedule-status.ts';

// A look at what a run would do: connected for as long as it takes, nothing written.
export { planJob, type JobPlan, type PlanOptions, type RoomPlan } from './preview/plan-job.ts';
export { checkJob, type CheckOptions, type JobCheck, type RoomCheck, type WithheldRoom } from './preview/check-job.ts';
export type { FilesAhead } from './preview/files-ahead.ts';
export type { JobServer, LookOptions } from './preview/look.ts';
export type { PlanLine } from './preview/summarize-plan.ts';
export type { PlanSummary } from './preview/summarize-plan.ts';
export type { EstimateBasis } from './preview/estimate-run.ts';

// The workspace: one door that logs in, retries and keeps to the rate limits.
export { connect, type ConnectOptions } from './rocketchat/connect.ts';
export type {
  Answer,
  EndpointCounts,
  FileFailure,
  FileResponse,
  PageReader,
  Query,
  RateLimit,
  RocketChat,
  RoomsRefusal,
} from './model/rocketchat.ts';
export type { DiscussionKind, LeftOut, Room, RoomDetails, RoomType } from './model/room.ts';
export type { WaitEvent } from './rocketchat/pacing/waiting.ts';

// Formats and columns.
export { createSink, sinks, type Format } from './sinks/sinks.ts';
export type { FileSchema, Sink, TableWriter, WrittenFile } from './sinks/sink.ts';
export type { PluginSink, PluginWriter } from './sinks/plugin-sink.ts';
export { messageTables, roomMembersTable, roomsTable, schemaVersion, usersTable } from './tables/tables.ts';
export type { MessageTable, MessageTables, MessageTablesOptions, Table } from './tables/tables.ts';
export { tableJsonSchema, type DescribedTable, type JsonSchema } from './tables/json-schema.ts';

// An archive, after the fact.
export type { RowSelection } from './snapshot/selection/row-selection.ts';
export { latest, writeLatest, type LatestOptions, type WriteLatestOptions } from './snapshot/latest.ts';
export type { CurrentTable, CurrentTableName } from './snapshot/current-table.ts';
export type { FileFormat } from './snapshot/file-format.ts';
export { writeReport, type Report, type ReportOptions } from './report/write-report.ts';
export type { ReportRequest } from './report/make-report.ts';
export { writeTranscript, type TranscriptOptions } from './transcript/write-transcript.ts';
export {
  searchArchive,
  type ArchiveSearch,
  type FoundMessage,
  type SearchOptions,
} from './transcript/search-archive.ts';
export { messageHistory, type HistoryOptions, type MessageHistory } from './transcript/message-history.ts';
export type { Excerpt } from './transcript/search/engine/excerpt.ts';
export type { MessageState } from './transcript/search/engine/index-shape.ts';
export type { Deletion } from './transcript/read/archived-message.ts';
export type { TextVersion } from './transcript/read/text-versions.ts';
export type { GatherOptions, TranscriptProgress } from './transcript/gather-archive.ts';
export type { Selection } from './transcript/layout/selection.ts';
export type { UnitFormat } from './transcript/write-units.ts';
export type { Transcript } from './transcript/write-pages.ts';
export type { TranscriptRequest } from './transcript/transcript-request.ts';
export { readState, type ReadStateOptions } from './archive/stored-state/read-state.ts';
export { changeState, type ChangeStateOptions, type StateAction } from './archive/stored-state/change-state.ts';
export { loadArchive, type LoadArchiveOptions, type LoadedArchive } from './database/load/load-archive.ts';
export { emitLines, type EmitLinesOptions, type EmitProtocol } from './database/emit-lines.ts';
export type { EmittedLines } from './database/emit/emitted-lines.ts';
export type { EmitState } from './database/emit/emit-state.ts';
export { pushArchive, type PushOptions } from './storage/push-archive.ts';
export { pullArchive, type PullOptions } from './storage/pull-archive.ts';
export type { PulledArchive } from './storage/read/download-archive.ts';
export { verifyPushed, type VerifyPushedOptions } from './storage/verify-pushed.ts';
export type { StorageOptions } from './storage/open-bucket.ts';
export type { StorageAccess } from './storage/access/storage-access.ts';
export type { ArchivedChanges, ArchivedList, ArchiveState } from './archive/stored-state/archive-state.ts';
export { verifyArchive, type VerifyOptions } from './archive/verify/verify.ts';
export type { GivenEvidence } from './archive/verify/outside-evidence.ts';
export type { Difference, DifferenceKind, SignatureReport, VerifyReport } from './archive/verify/verify-report.ts';
export {
  compactArchive,
  type Compaction,
  type CompactionOptions,
  type CompactionProgress,
} from './compaction/compact-archive.ts';
export { purgeArchive, type PurgeOptions } from './purge/purge-archive.ts';
export type { Purge } from './purge/make-purge.ts';
export type { Holds, PurgeTarget } from './purge/purge-target.ts';
export type { FileComparison } from './rebuild/compare-files.ts';
export { rebuildArchive, type Rebuild, type RebuildOptions } from './rebuild/rebuild-archive.ts';
export { compareWithServer, type CompareOptions } from './audit/compare-with-server.ts';
export type {
  ComparedMessage,
  DifferentMessage,
  EditedSince,
  ServerComparison,
  UncomparedRoom,
} from './audit/server-comparison.ts';

// Signatures.
export type { LinkSignatures, LinkSigner } from './signature/link-signer.ts';
export { signerFromKey } from './signature/signer-from-key.ts';

// The edges, as arguments: the real ones, and their types for those of a test.
export { systemClock, type Clock } from './system/clock.ts';
export { nodeDisk, type Disk, type DiskFile } from './system/disk.ts';
export type { DiskReader } from './system/disk-reader.ts';
export type { Operator } from './system/operator.ts';
export type { WriterEnvironment } from './archive/lock/under-lock.ts';
export type { LockHolder, ProcessIdentity } from './archive/lock/lock-holder.ts';

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
  type ErrorDetails,
  type ExitCode,
} from './errors.ts';
export { tool } from './version.ts';
