import type { Cursor, MessageFilters, StreamProof, Via } from '../stream.ts';
import type { State } from './state.ts';

/** Why a stream was not read to its end. */
export interface Gap {
  /** Stable word: `room-not-found`, `not-allowed`… */
  readonly reason: string;
  readonly message: string;
}

/** One endpoint over one room, as this run saw it. */
export interface ManifestStream {
  readonly endpoint: string;
  readonly room: { readonly id: string; readonly name: string; readonly type: string };
  /**
   * How the list was read: by offset through the endpoint, by time through the room's history, or as what changed of
   * messages that earlier runs exported.
   */
  readonly via: Via | 'changes';
  /** The filters the rows had to pass, checked here whatever the server did. Empty: every message. */
  readonly filters: MessageFilters;
  /** What was read and how it was proved that nothing was skipped. */
  readonly proof: StreamProof;
  /** Messages or changes that passed the filters and the steps of the job. */
  readonly exported: number;
  /** null where requests are counted by endpoint only. */
  readonly requests: number | null;
  readonly gap: Gap | null;
  /** Where the next run goes on. */
  readonly cursor: Cursor;
}

/** What the job did to the messages before their rows were made. */
export interface ManifestStep {
  /** `dropSystemMessages`, `period`, `dropColumns`, `pseudonymize`, or the path or package of a plug-in. */
  readonly step: string;
  /** As the job says it; of a secret a fingerprint, of a variable its name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Messages it dropped. What a run read, less the rows that failed a filter, is what the streams exported and what the
   * steps dropped.
   */
  readonly dropped: number;
}

/** A stream that was not read to its end, told again where nobody can overlook it. */
export interface ManifestGap extends Gap {
  readonly endpoint: string;
  readonly room: ManifestStream['room'];
}

export interface HashedFile {
  /** Relative to the archive, `/` between the parts. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface ManifestFile extends HashedFile {
  readonly table: string;
  /** The sink's name: `parquet`, `csv`, `jsonl`… */
  readonly format: string;
  readonly rows: number;
  /**
   * Whether its rows may replace rows of earlier files of the table, as edits and deletions do. Without it every row is
   * the first of its message, so that whoever wants the newest rows need only remember those of files that have it.
   */
  readonly revises?: true;
}

export interface RequestCounts {
  readonly requests: number;
  readonly retries: number;
  readonly rateLimited: number;
  readonly waitedMs: number;
}

/**
 * The record of one published run: what was asked of whom, what came, how it was proved complete, and every file that
 * was made of it. Each names the SHA-256 of the one before, so none can be changed or taken out unnoticed.
 */
export interface Manifest {
  readonly version: 1;
  readonly run: number;
  readonly kind: 'export';
  readonly tool: { readonly name: string; readonly version: string };
  /** Of the tables' columns. */
  readonly schemaVersion: number;
  /** SHA-256 of the job as it was run, secrets left out. */
  readonly job: { readonly name: string; readonly sha256: string };
  readonly server: {
    readonly url: string;
    readonly version: string | null;
    /** The user the server took us for: who could see what was read. */
    readonly user: { readonly id: string; readonly username: string };
  };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Empty when every stream was read to its end. */
  readonly gaps: readonly ManifestGap[];
  /** What this run could not have seen, in sentences. */
  readonly notes: readonly string[];
  /** Rows by table. Every format holds all of them. */
  readonly tables: Readonly<Record<string, number>>;
  /** In their order; empty when the messages were exported as they are. */
  readonly steps: readonly ManifestStep[];
  readonly files: readonly ManifestFile[];
  /** The server's answers, verbatim; empty unless the job keeps them. */
  readonly raw: readonly HashedFile[];
  /** By field: values of a wrong type, which went to the column `extra`. */
  readonly badFields: Readonly<Record<string, number>>;
  /** By endpoint. */
  readonly requests: Readonly<Record<string, RequestCounts>>;
  readonly streams: readonly ManifestStream[];
  /** Keys, in the state, of streams that were not read: the room list shows no change since they were read to the end. */
  readonly unchanged: readonly string[];
  /** The state after this run: `_state.json` can be made again from it. */
  readonly state: State;
  /** null for the first run. */
  readonly previous: { readonly path: string; readonly sha256: string } | null;
}
