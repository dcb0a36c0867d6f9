import { isReset } from '../state/state-change.ts';
import type { KnownHole, ListState, State } from '../state/state.ts';

/** How far a message list has been read: one endpoint over one room, with one set of filters. */
export interface ArchivedList extends Pick<ListState, 'endpoint' | 'formerNames' | 'messages' | 'complete' | 'gone'> {
  /** Names the list across runs. */
  readonly key: string;
  /** As the last run saw it; the type is empty where an older program did not say. */
  readonly room: { readonly id: string; readonly name: string; readonly type: string };
  /** ISO 8601: the time up to which the list is settled; null: nothing of it is. */
  readonly watermark: string | null;
  readonly holes: readonly KnownHole[];
  /** Whether the next run reads it from the beginning or, when it is gone, the run that finds it again. */
  readonly reset: boolean;
}

/** How far the changes of a room have been read. */
export interface ArchivedChanges {
  readonly room: { readonly id: string; readonly name: string };
  /** ISO 8601: the next run asks for what changed after it. */
  readonly since: string;
  /** Changes that became rows, over all runs. */
  readonly rows: number;
  /** Whether they were last read to their end. */
  readonly complete: boolean;
}

/** Where an archive stands: what its next run starts from. */
export interface ArchiveState {
  /** Number of the last published link of the chain of manifests; 0: nothing has been published. */
  readonly run: number;
  readonly lists: readonly ArchivedList[];
  readonly changes: readonly ArchivedChanges[];
}

export function archiveState({ run, lists, changes }: State): ArchiveState {
  return {
    run,
    lists: Object.entries(lists).map(([key, list]) => ({
      key,
      endpoint: list.endpoint,
      room: { id: list.roomId, name: list.roomName, type: list.roomType },
      formerNames: list.formerNames,
      watermark: watermarkOf(list),
      messages: list.messages,
      complete: list.complete,
      gone: list.gone,
      holes: list.holes,
      reset: isReset(list),
    })),
    changes: Object.entries(changes).map(([id, feed]) => ({
      room: { id, name: feed.roomName },
      since: new Date(feed.sinceMs).toISOString(),
      rows: feed.rows,
      complete: feed.complete,
    })),
  };
}

function watermarkOf({ cursor }: ListState): string | null {
  return cursor.watermark === null ? null : new Date(cursor.watermark.tsMs).toISOString();
}
