import type { PushTarget } from '../model/run/push-target.ts';
import { dayMs } from '../model/time/durations.ts';
import type { DatabaseTarget } from '../model/run/database-target.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import type { TableName } from '../model/table-name.ts';
import type { Period } from '../model/time/period.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import type { SinkEntry } from '../model/sink-options.ts';
import type { StepOptions } from '../model/step-options.ts';
import type { Shard } from '../model/run/shard.ts';
import type { Login } from '../model/login.ts';
import type { RetentionAge } from './retention-age.ts';

/**
 * What to read of some rooms. The optional filters are those of the endpoints; with several, a message must pass all of
 * them.
 */
export interface ExtractEntry {
  /** Restricts the entry to the rooms that this one reads; absent: each room is read by the endpoint of its kind. */
  readonly endpoint?: EndpointName;
  /** Ids, names or globs; a leading `!` excludes. */
  readonly rooms: readonly string[];
  /** Default `joined`; `readable`: also public channels and discussions that the login can read without joining. */
  readonly scope?: 'joined' | 'readable';
  readonly mentionIds?: readonly string[];
  readonly starredIds?: readonly string[];
  readonly pinned?: boolean;
  /** Only messages sent then; absent: whenever. What lies outside is not asked for, where the server allows it. */
  readonly period?: Period;
  /** Not for mentions. Default `messages`; `history` reads private groups by time, which have larger pages there. */
  readonly via?: 'messages' | 'history';
  /** Rows asked for in one request; default: the largest page the server gives, via history 1,000. */
  readonly pageSize?: number;
}

/** Which tables to make of the messages, and what to do to the messages before. */
export interface TransformOptions {
  readonly tables: readonly TableName[];
  /** Keep `md` verbatim as a json column: it is most of every file. */
  readonly md?: 'json';
  /** What is done to the messages before their rows are made, in order. */
  readonly steps?: readonly StepOptions[];
}

export const partitions = ['none', 'room', 'month'] as const;

/** How the files of a table are spread over folders, Hive style: `room=<id>`, `month=<year>-<month>` of `ts` in UTC. */
export type Partition = (typeof partitions)[number];

/** Some 100 MB of Parquet, which analytics tools like best. */
export const defaultRowsPerFile = 1_000_000;

/** Most edits and reactions come within days. */
export const defaultLookbackMs = 7 * dayMs;

/**
 * What to export, from where, to where: what `loadJob` and `jobFromFlags` return, checked and with every default filled in,
 * and what `runJob`, `planJob` and `checkJob` take. A job built by hand is not checked again.
 */
export interface Job {
  readonly name: string;
  readonly server: {
    readonly url: string;
    /** For a proxy in front, as the value of an `authorization` header. */
    readonly basicAuth?: string;
    /** PEM files, absolute: whom to trust in place of the authorities that Node knows, and the certificate to show. */
    readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
    readonly login: Login;
  };
  readonly extract: readonly ExtractEntry[];
  /** Of those rooms only the ones of this part of the workspace. */
  readonly shard?: Shard;
  readonly transform: TransformOptions;
  readonly sinks: readonly SinkEntry[];
  /** Default none. */
  readonly partition?: Partition;
  /** Rows after which a table continues in another file. Default: `defaultRowsPerFile`. */
  readonly rowsPerFile?: number;
  /** Absolute path of the archive. */
  readonly output: string;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Milliseconds a run may sleep for the rate limit in total; absent: as long as it takes. */
  readonly maxWaitMs?: number;
  /** Milliseconds after its last message that a quiet room is asked once more for edits. Default: `defaultLookbackMs`. */
  readonly lookbackMs?: number;
  /** Cron expression for `schedule`. */
  readonly schedule?: string;
  /** IANA name, for `schedule`, where the machine's is the default, and for transcript and report, where UTC is. */
  readonly timezone?: string;
  /** Keep pages that people read under `_view/transcript`. */
  readonly transcript?: true;
  /** Keep a page about the archive as `_view/report.html`. */
  readonly report?: true;
  /** Bring this database to what the archive holds, after each run. */
  readonly load?: DatabaseTarget;
  /** Object store to copy what is published to after each run. */
  readonly push?: PushTarget;
  /** Read every room again where the archive cannot complete by itself what earlier runs lack. */
  readonly backfill?: true;
  /** Save the files of messages under `_files/`. */
  readonly attachments?: AttachmentOptions;
  /** Keep the journals under `_raw/`. */
  readonly raw?: 'keep';
  /** Signs the manifests. */
  readonly sign?: {
    /** PEM (PKCS#8) of an Ed25519 key. */
    readonly key: string;
    /** Address of a time stamping authority (RFC 3161). */
    readonly timestamp?: string;
  };
  /** Addresses that are told of runs that failed, left gaps or could not start; secrets. */
  readonly notify?: { readonly webhook?: string; readonly rocketchat?: string };
  /** Rooms and people, by id or name, whose messages no purge removes. */
  readonly hold?: { readonly rooms?: readonly string[]; readonly users?: readonly string[] };
  /** After each run, purge the messages that are older, but for what is held. */
  readonly retention?: {
    readonly messages: RetentionAge;
    /** Why, and on whose word: they stand in the chain for good. */
    readonly reason: string;
    readonly by: string;
  };
}
