import type { LockHolder } from './archive/lock/lock-holder.ts';
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
      readonly kind: 'started';
      readonly run: number;
      /** Whether this run resumes one that was cut. */
      readonly resumed: boolean;
      readonly server: string;
      readonly user: string;
      readonly streams: number;
      /** Rooms that the server withholds. */
      readonly leftOut: readonly LeftOut[];
      /** Absent when the run resumes another, whose requests are partly made. */
      readonly planned?: PlannedRequests;
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
  | { readonly kind: 'publishing' }
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
  | { readonly kind: 'writing-transcript' };

/** Requests by endpoint, and what they were reckoned with. */
export interface PlannedRequests {
  /** Those for the login and the list of rooms included. */
  readonly requests: Readonly<Record<string, number>>;
  /** Endpoints of which the requests are not known. */
  readonly unknown: readonly string[];
  /** Rows of a page. */
  readonly pageRows: number;
  /** Whether no answer has shown yet how long pages are. */
  readonly isPageAssumed: boolean;
}
