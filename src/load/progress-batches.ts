import type { JournalProgress } from '../journal/journal-feed.ts';

/** How far some journals have come, by name: the newest word on each. */
export type ProgressBatch = ReadonlyMap<string, JournalProgress>;

/**
 * Collects progress and posts it once per turn of the event loop: of a small room that its journal was opened, grew and
 * was closed, of many rooms together. A message to another thread costs more than a page's worth of bookkeeping.
 */
export function progressBatches(
  post: (batch: ProgressBatch) => void,
): (journal: string, progress: JournalProgress) => void {
  let waiting = new Map<string, JournalProgress>();
  return (journal, progress) => {
    if (waiting.size === 0) {
      setImmediate(() => {
        const batch = waiting;
        waiting = new Map();
        post(batch);
      });
    }
    waiting.set(journal, progress);
  };
}
