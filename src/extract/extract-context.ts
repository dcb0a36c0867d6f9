import type { Disk } from '../system/disk.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import type { PageReader, RocketChat } from '../model/rocketchat.ts';
import type { OpenJournals } from '../journal/journal-folder.ts';
import type { JournalProgress } from '../journal/journal-feed.ts';
import type { PeopleState } from '../model/people/people-state.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { RunEvent } from '../run-event.ts';

export interface ExtractContext {
  readonly chat: Pick<RocketChat, 'reader'>;
  readonly disk: Disk;
  readonly journals: OpenJournals;
  readonly archive: string;
  readonly runPlan: RunPlan;
  /** Users whom earlier runs know, by id. */
  readonly knownUsers: NonNullable<PeopleState['users']>;
  /** Streams read at once for each endpoint, and pages one of them may be ahead. */
  readonly concurrency: number;
  readonly longestPage: LongestPage;
  readonly nowMs: () => number;
  /** Called when a journal has been opened, has grown, and has been closed. */
  readonly onProgress: (journal: string, progress: JournalProgress) => void;
  readonly onEvent: (event: RunEvent) => void;
  /**
   * Aborted with the first failure that ends the run, whichever half it is in. The connection listens to it: no stream
   * waits any longer or asks anything more, and what is in flight still reaches its journal.
   */
  readonly cut: AbortController;
}

/** The context as one reading has it. */
export type ReadContext = Omit<ExtractContext, 'chat'> & { readonly chat: PageReader };

/** What the reading of one list needs of it, wherever its journal is. */
export interface StreamContext extends Pick<
  ExtractContext,
  'chat' | 'disk' | 'journals' | 'longestPage' | 'nowMs' | 'onProgress' | 'onEvent'
> {
  readonly runPlan: Pick<RunPlan, 'changesFromMs'>;
}
