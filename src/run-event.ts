import type { LockHolder } from './archive/lock/lock-holder.ts';
import type { Manifest } from './archive/manifest/manifest.ts';
import type { RateLimit } from './model/rocketchat.ts';
import type { FileStatus } from './model/files/file-reference.ts';
import type { PushedArchive } from './model/run/pushed-archive.ts';
import type { LeftOut } from './model/room.ts';

/** What a run reports while it proceeds, for progress bars and logs. */
export type RunEvent =
  | {
      /** The archive is locked by a process that may be dead: reported before waiting whether it renews its lock. */
      readonly kind: 'watching-lock';
      /** null: its record cannot be read. */
      readonly holder: Pick<LockHolder, 'pid' | 'host'> | null;
    }
  | {
      /** Every room is read again from its beginning, as after `state forget`. */
      readonly kind: 'reading-again';
      /** A sentence. */
      readonly because: string;
    }
  | {
      /** Rows of earlier runs are made once more of the responses under `_raw`, for formats that lack them. */
      readonly kind: 'replaying';
    }
  | {
      readonly kind: 'started';
      readonly run: number;
      /** Whether this run resumes one that was cut. */
      readonly resumed: boolean;
      /** A run that was cut is not resumed: it read for a job of another address, login or choice of rooms. */
      readonly givesUpAnother?: true;
      readonly server: string;
      readonly user: string;
      readonly streams: number;
      /** Rooms that the server withholds. */
      readonly leftOut: readonly LeftOut[];
      /** Absent when the run resumes another, whose requests are partly made. */
      readonly planned?: PlannedRequests;
      /** One for each list and each room of which changes are read. */
      readonly expected: readonly ExpectedList[];
      /** What the answers so far showed of the server's rate limits, by endpoint. */
      readonly rateLimits: Readonly<Record<string, RateLimit>>;
    }
  | {
      /** A cut attempt of this run has saved pages of a list, which is now read on from there. */
      readonly kind: 'stream-resumed';
      readonly stream: string;
      readonly endpoint: string;
      readonly room: string;
      readonly messages: number;
      readonly pages: number;
    }
  | {
      readonly kind: 'page';
      /** Tells lists and feeds of one run apart. */
      readonly stream: string;
      readonly endpoint: string;
      readonly room: string;
      /** Messages on this page. */
      readonly messages: number;
      /** Whether earlier runs could not read them: changes may have brought some since. */
      readonly fillsHole: boolean;
      /** How long the server says the list is; null where it does not. */
      readonly total: number | null;
    }
  | { readonly kind: 'stream-read'; readonly stream: string; readonly endpoint: string; readonly room: string }
  /** Lists were handed to workers; `workers` wait for such or are at work, null: nobody knows. */
  | { readonly kind: 'queued'; readonly lists: number; readonly workers: number | null }
  /** Workers have not read so many of them, and the run does. `because`: a clause. */
  | { readonly kind: 'reading-rest'; readonly lists: number; readonly because: string }
  /** The files that messages show are about to be saved: how many, and their bytes by the word of the messages. */
  | { readonly kind: 'saving-files'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'file'; readonly status: FileStatus; readonly sizeBytes: number }
  | { readonly kind: 'publishing' }
  /** The run is a link of the chain, whatever becomes of what follows: purging, pages, pushing, loading. */
  | { readonly kind: 'published'; readonly manifest: Manifest }
  | {
      /** `retention` of the job: the run is published, and what was too old is gone. */
      readonly kind: 'purged';
      /** Number of the purge, which is a link of the chain. */
      readonly run: number;
      readonly messages: number;
      /** ISO 8601, UTC: they were sent before. */
      readonly before: string;
      /** Messages that are as old, and held. */
      readonly held: number;
    }
  | {
      /** The run is published and signed, but has no time stamp: the next run asks again. */
      readonly kind: 'timestamp-failed';
      readonly error: unknown;
    }
  | {
      /** The run is published, but `_view/<view>` is missing or older than it: the next run writes it. */
      readonly kind: 'view-failed';
      readonly view: string;
      readonly error: unknown;
    }
  | { readonly kind: 'writing-transcript' }
  | { readonly kind: 'writing-report' }
  /** All is published, and is copied to the object store of the job. `to`: its address. */
  | { readonly kind: 'pushing'; readonly to: string }
  | ({ readonly kind: 'pushed'; readonly to: string } & PushedArchive)
  /** All is published; the database of the job is brought to it. */
  | { readonly kind: 'loading-database' }
  /** `replaced`: values with U+0000, which the database cannot hold. */
  | { readonly kind: 'loaded-database'; readonly links: number; readonly rows: number; readonly replaced: number };

/** What a run expects of a list, or of the changes of a room, before it asks for them: the estimate that `plan` shows. */
export interface ExpectedList {
  /** As in the other events. */
  readonly stream: string;
  /** What the server is asked. */
  readonly endpoint: string;
  /** Messages that this run reads of it; null: nobody knows, as of changes. */
  readonly messages: number | null;
  readonly requests: number | null;
  /** Messages that earlier runs read: the list is so much longer. null: the length of the list says nothing about this run. */
  readonly known: number | null;
}

/** Requests by endpoint, and what they were reckoned with. */
export interface PlannedRequests {
  /** Those for the login and the list of rooms included. */
  readonly requests: Readonly<Record<string, number>>;
  /** Endpoints of which the requests are not known. */
  readonly unknown: readonly string[];
  /** Rows of a page: as many as the server gives, or those that the job asks for where these are fewer; 0: no list is read by offset. */
  readonly pageRows: number;
  /** Whether no answer has shown yet how long pages are. */
  readonly isPageAssumed: boolean;
}
