/** Types that the signatures of the library mention: what jobs, messages, manifests and states are made of. */

// A job.
export type { RetentionAge } from './job/retention-age.ts';
export type { Period } from './model/time/period.ts';
export type { PeriodOptions, StepOptions } from './model/step-options.ts';
export type { AttachmentOptions } from './model/files/attachment-options.ts';
export type { PluginReference } from './model/plugin-reference.ts';
export type { DatabaseTarget } from './model/run/database-target.ts';
export type { LockDuration } from './model/run/lock-duration.ts';
export type { PushTarget } from './model/run/push-target.ts';
export type { Shard } from './model/run/shard.ts';
export type { StorageTarget } from './model/run/storage-target.ts';
export type {
  CsvOptions,
  JsonlOptions,
  ParquetEngine,
  ParquetOptions,
  PluginSinkOptions,
  SinkEntry,
  SinkOptions,
  TextCompression,
} from './model/sink-options.ts';

// The workspace.
export type { TlsFiles, TlsIdentity } from './rocketchat/http/tls-identity.ts';

// Messages and rows.
export type {
  AttachmentKind,
  FlatAttachment,
  FlatLink,
  FlatMention,
  FlatMessage,
  FlatReaction,
  RowContext,
  SystemMessage,
} from './model/flat-message.ts';
export type { RawMessage } from './model/message.ts';
export type { TableName } from './model/table-name.ts';
export type { MessageTableName } from './model/table-name.ts';
export type {
  ColumnDescription,
  ColumnSpec,
  ColumnType,
  Row,
  ScalarKind,
  StructField,
  StructValue,
  Value,
} from './model/column.ts';
export type { ExactNumber } from './model/json/exact-number.ts';
export type { JsonObject, JsonValue } from './model/json/json-value.ts';
export type { RowBatch, RowKind } from './model/row-batch.ts';

// Manifests.
export type {
  AnyManifest,
  CompactedTable,
  CompactionManifest,
  Gap,
  HashedFile,
  KeptRows,
  KeyManifest,
  Link,
  Manifest,
  ManifestChanges,
  ManifestFile,
  ManifestGap,
  ManifestList,
  ManifestStep,
  PreviousLink,
  PurgeManifest,
  ReplacedFile,
  RequestCounts,
  StateManifest,
} from './archive/manifest/manifest.ts';
export type { CompletedRows, RunRange } from './archive/manifest/completed-rows.ts';
export type {
  Coverage,
  FileCoverage,
  HiddenTypes,
  Incomplete,
  MentionLists,
  MisplacedFile,
  Outdated,
  UnreadRoom,
} from './archive/manifest/coverage.ts';
export type { ManifestPeriod, ManifestRequest, RequestedEntry } from './archive/manifest/request/request.ts';
export type { ExcelSafe } from './model/run/excel-safe.ts';
export type { ManifestRoom } from './archive/manifest/room/manifest-room.ts';
export type { KeptPages } from './model/run/kept-pages.ts';
export type { ByPseudonym, PurgeRule } from './model/run/purge-rule.ts';
export type {
  Completeness,
  Cursor,
  Hole,
  MessageFilters,
  MessageMark,
  Span,
  UndatedKey,
  Via,
  Watermark,
} from './model/stream.ts';

// States.
export type {
  ChangesState,
  CountedList,
  KnownHole,
  LeftOutState,
  ListState,
  ShardState,
  UnreadEdit,
} from './archive/state/state.ts';
export type { LeftOutReason } from './archive/state/left-out.ts';
export type { StateChange } from './archive/state/recorded-change.ts';
export type { MemberListState, MembershipState, UserState } from './model/people/people-state.ts';
export type { PersonSource } from './model/people/person.ts';
