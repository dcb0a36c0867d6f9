import type { StateChange } from '../state/recorded-change.ts';
import type { PurgeRule } from '../../model/run/purge-rule.ts';
import type { Hole, MessageFilters, Completeness, Via } from '../../model/stream.ts';
import type { CompletedRows } from './completed-rows.ts';
import type { Coverage } from './coverage.ts';
import type { ManifestRoom } from './room/manifest-room.ts';
import type { LinkSignatures } from '../../signature/link-signer.ts';
import type { ManifestPeriod, ManifestRequest } from './request/request.ts';

/** Why something was not read to its end, or not wholly. */
export interface Gap {
  /** Stable word: `room-not-found`, `not-allowed`… */
  readonly reason: string;
  readonly message: string;
}

/** A message list that this run read: one endpoint over one room. */
export interface ManifestList {
  readonly endpoint: string;
  readonly room: ManifestRoom;
  /** By offset through the endpoint, or by time through the room's history. */
  readonly via: Via;
  /** The filters the rows had to pass, checked here whatever the server did. Empty: every message. */
  readonly filters: MessageFilters;
  /** What the job asked for of the list; absent: messages of any time. Rows of earlier runs may lie outside. */
  readonly period?: ManifestPeriod;
  /** Messages that passed the filters and the steps of the job. */
  readonly exported: number;
  /** What was read, and how it was verified that nothing was skipped. */
  readonly completeness: Completeness;
  /** Empty when the list was read to its end. */
  readonly gaps: readonly Gap[];
  /** Places that could not be read in this run; the rows behind them were. */
  readonly holes: readonly Hole[];
}

/** The changes of a room that this run read: edits, reactions and deletions of messages that earlier runs delivered. */
export interface ManifestChanges {
  /** `chat.syncMessages` or, where the server refuses that, the endpoint whose latest messages were read once more. */
  readonly endpoint: string;
  readonly room: ManifestRoom;
  /** They were asked for from here on. ISO 8601, UTC. */
  readonly since: string;
  /** Changes that became rows. */
  readonly exported: number;
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
}

/** What the job did to the messages before their rows were made. */
export interface ManifestStep {
  /** `dropSystemMessages`, `period`, `dropColumns`, `pseudonymize`, or the path or package of a plug-in. */
  readonly step: string;
  /** As the job says it; of a secret a fingerprint, of a variable its name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Messages it dropped. What a run read, less the rows that failed a filter, is what the lists exported and what the
   * steps dropped.
   */
  readonly dropped: number;
}

/** A gap of a list or of the changes of a room, repeated where it cannot be overlooked. */
export interface ManifestGap extends Gap {
  readonly endpoint: string;
  readonly room: ManifestRoom;
}

/** A file of an archive, and what its bytes must be. */
export interface HashedFile {
  /** Relative to the archive, `/` between the parts. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A data file of a table, whole and never changed again. */
export interface ManifestFile extends HashedFile {
  readonly table: string;
  /** The sink's name: `parquet`, `csv`, `jsonl`… */
  readonly format: string;
  readonly rows: number;
  /** Whether its rows may replace rows of earlier files of the table, as edits and deletions do: a hint. */
  readonly mayReplace?: true;
  /** Whether its rows are those of earlier runs, see CompletedRows: `tables` counts none of them. */
  readonly earlier?: true;
}

/** What a run asked of one endpoint; `waitedMs` is the time, in milliseconds, that requests waited for its rate limit. */
export interface RequestCounts {
  readonly requests: number;
  readonly retries: number;
  readonly rateLimited: number;
  readonly waitedMs: number;
}

/** The link before; null for the first. */
export type PreviousLink = { readonly path: string; readonly sha256: string } | null;

/** What every link of the chain says. */
export interface Link {
  readonly version: 3;
  /** One more than that of the link before; 1 for the first. */
  readonly run: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly state: StateChange;
  readonly previous: PreviousLink;
  /** Absent: the link is not signed. */
  readonly signer?: LinkSignatures;
}

/**
 * The record of one published run: what was asked of whom, what came, how it was proved complete, and every file that
 * was made of it. Each names the SHA-256 of the one before, so none can be changed or taken out unnoticed.
 */
export interface Manifest extends Link {
  readonly kind: 'export';
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
  /** Absent where an older program did not say. */
  readonly request?: ManifestRequest;
  /** Empty when everything was read to its end. */
  readonly gaps: readonly ManifestGap[];
  /** What this run could not have seen, in sentences. */
  readonly notes: readonly string[];
  /** Rows by table. Every format holds all of them. */
  readonly tables: Readonly<Record<string, number>>;
  /** In their order; empty when the messages were exported as they are. */
  readonly steps: readonly ManifestStep[];
  readonly files: readonly ManifestFile[];
  /** Files of messages that the run saved. Absent: none. */
  readonly attachments?: readonly HashedFile[];
  /** The server's answers, verbatim; empty unless the job keeps them. */
  readonly raw: readonly HashedFile[];
  /** By field: values of a wrong type, which went to the column `extra`. */
  readonly badFields: Readonly<Record<string, number>>;
  /** By table and column: cells that lack such a value. Absent: none, or an older program did not say. */
  readonly badColumns?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By endpoint. */
  readonly requests: Readonly<Record<string, RequestCounts>>;
  readonly lists: readonly ManifestList[];
  readonly changes: readonly ManifestChanges[];
  /** Lists that were not read: the room list shows no change since they were read to their end. */
  readonly unchanged: number;
  /** What there is beside what was read; absent where an older program did not say. */
  readonly coverage?: Coverage;
  /** Rows of earlier runs in formats that those did not make. Absent: none. */
  readonly completed?: readonly CompletedRows[];
  /**
   * Set where all rows that were current before were written anew, as the job makes them now, from the journals that earlier
   * runs kept: how many, and why, in a clause.
   */
  readonly refilled?: { readonly rows: number; readonly because: string };
}

/** Which rows a compaction keeps: all, or only those that no later run replaced or deleted. */
export type KeptRows = 'all' | 'latest';

/** A data file that a compaction took the place of. It is removed once the compaction is published. */
export interface ReplacedFile {
  /** As the manifest of an earlier run names it. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What became of the rewritten files of a table in one format. */
export interface CompactedTable {
  readonly table: string;
  readonly format: string;
  /** File ending without the dot: `csv` and `csv.gz` are compacted apart. */
  readonly extension: string;
  readonly rowsBefore: number;
  /** As many as before when all rows are kept. */
  readonly rowsAfter: number;
}

/** The record of a compaction: a link of the chain like a run's, but the rows are those of earlier links. */
export interface CompactionManifest extends Link {
  readonly kind: 'compaction';
  /** Of the columns of the tables that were rewritten. */
  readonly schemaVersion: number;
  readonly keeps: KeptRows;
  /** What was left as it is and why, in sentences. */
  readonly notes: readonly string[];
  readonly compacted: readonly CompactedTable[];
  /**
   * By table: rows that were replaced or deleted, and are no longer in the archive. A row that stood in several formats
   * counts once.
   */
  readonly dropped: Readonly<Record<string, number>>;
  readonly files: readonly ManifestFile[];
  readonly replaces: readonly ReplacedFile[];
  /** The numbers that transcripts give to messages, written down before rows were dropped. Absent: there is no new one. */
  readonly numbers?: HashedFile;
  readonly previous: NonNullable<PreviousLink>;
}

/** The record of a purge: like a compaction's, but rows are gone for good, and it says why and on whose word. */
export interface PurgeManifest extends Omit<CompactionManifest, 'kind' | 'keeps'> {
  readonly kind: 'purge';
  readonly reason: string;
  readonly by: string;
  /** Name of the job whose `retention` it is. Absent: somebody asked for it. */
  readonly job?: string;
  /** What later runs leave out, too. */
  readonly rules: readonly PurgeRule[];
  /** Messages that were in the archive, and are not any more. */
  readonly messages: number;
  /** Kept journals that were written anew, without what is gone. */
  readonly raw: readonly HashedFile[];
}

/** The record of a `state reset` or `state forget`: a small link of the chain, without files. */
export interface StateManifest extends Link {
  readonly kind: 'state';
  /** Set where the next run is to write all current rows anew, from the journals that the runs kept. */
  readonly refill?: true;
  readonly previous: NonNullable<PreviousLink>;
}

/** The record of a change of the key that signs: signed by both, with nothing else in it. */
export interface KeyManifest extends Link {
  readonly kind: 'key';
  readonly previous: NonNullable<PreviousLink>;
}

/** A link of an archive's chain: what a run added, a compaction rewrote, a purge removed; what is to be read again; who signs. */
export type AnyManifest = Manifest | CompactionManifest | PurgeManifest | StateManifest | KeyManifest;
