import type { Manifest, ManifestFile } from './manifest.ts';
import type { State } from './state.ts';

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
export interface CompactionManifest {
  readonly version: 1;
  /** Its number: one more than that of the link before. */
  readonly run: number;
  readonly kind: 'compaction';
  readonly tool: { readonly name: string; readonly version: string };
  /** Of the columns of the tables that were rewritten. */
  readonly schemaVersion: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly keeps: KeptRows;
  /** What was left as it is and why, in sentences. */
  readonly notes: readonly string[];
  readonly compacted: readonly CompactedTable[];
  /**
   * By table: rows that were replaced or deleted, and are in the archive no more. A row that stood in several formats
   * counts once.
   */
  readonly dropped: Readonly<Record<string, number>>;
  readonly files: readonly ManifestFile[];
  readonly replaces: readonly ReplacedFile[];
  /** That of the link before, but for the number. */
  readonly state: State;
  readonly previous: { readonly path: string; readonly sha256: string };
}

/** A link of an archive's chain: what a run added, or how a compaction rewrote what runs had added. */
export type AnyManifest = Manifest | CompactionManifest;
