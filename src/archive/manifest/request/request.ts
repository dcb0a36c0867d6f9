import type { AttachmentOptions } from '../../../model/files/attachment-options.ts';
import type { KeptPages } from '../../../model/run/kept-pages.ts';
import type { ExcelSafe } from '../../../model/run/excel-safe.ts';
import type { Shard } from '../../../model/run/shard.ts';
import type { MessageFilters, Via } from '../../../model/stream.ts';

/** Messages with since ≤ `ts` < until. ISO 8601, UTC; null: no limit. */
export interface ManifestPeriod {
  readonly since: string | null;
  readonly until: string | null;
}

/** An entry of the job: which rooms, and which of their messages. */
export interface RequestedEntry {
  /** Absent: each room by the endpoint of its kind. */
  readonly endpoint?: string;
  /** As the job has them: ids, names or globs; a leading `!` excludes. */
  readonly rooms: readonly string[];
  readonly scope: 'joined' | 'readable';
  readonly via: Via;
  readonly filters: MessageFilters;
  /** Absent: messages of any time. */
  readonly period?: ManifestPeriod;
}

/** What the run was asked to do, and by whom. What the steps were asked to do stands beside what each of them dropped. */
export interface ManifestRequest {
  /** Machine that began the run; null: it has no name. */
  readonly host: string | null;
  /** Account on it; null: it has no name. */
  readonly user: string | null;
  /** Of the login on the server, when the run began: they decide what it may see. null: the server did not say. */
  readonly roles: readonly string[] | null;
  readonly extract: readonly RequestedEntry[];
  /** Of those rooms only the ones of this part of the workspace. Absent: all. */
  readonly shard?: Shard;
  /** In the order of the job. */
  readonly tables: readonly string[];
  /** Which files of messages were to be saved. Absent: none. */
  readonly attachments?: AttachmentOptions;
  /** Ids or names whose messages no purge removes, while this is the newest run. Absent: none. */
  readonly hold?: { readonly rooms: readonly string[]; readonly users: readonly string[] };
  /** Pages that the job keeps in `_view`. Absent: none. */
  readonly pages?: KeptPages;
  /** Absent: `md` is in no column. */
  readonly md?: 'json';
  /** Absent: the job makes no CSV, or an older program did not say. */
  readonly excelSafe?: ExcelSafe;
}
