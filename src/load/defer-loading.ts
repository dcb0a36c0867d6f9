import type { JournalProgress } from '../journal/journal-feed.ts';
import type { LoadResult } from '../model/run/load-result.ts';

/** A load half at work. */
export interface Loading {
  update(journal: string, progress: JournalProgress): void;
  /** All journals are closed: no `update` will come. */
  allRead(): void;
  /** Gives up, because no more pages will come. Resolves when nothing is written any more. */
  stop(): Promise<void>;
  readonly result: Promise<LoadResult>;
}

/** A few thousand messages are loaded in less time than a thread takes to start. */
const worthThreadBytes = 1 << 20;

interface LoadingPlaces {
  /** Whether journals that are no longer are loaded at once. */
  readonly isLight: () => Promise<boolean>;
  /** In this thread, where nothing else is done meanwhile. */
  readonly here: () => Loading;
  readonly inThreads: () => Loading;
}

/**
 * Begins in threads when the journals have become so long that it is worth it, and else when all is read: then in this
 * thread, if that takes no time to speak of. Nearly every night's run of a quiet archive is over before a thread had started.
 */
export function deferLoading({ isLight, here, inThreads }: LoadingPlaces): Loading {
  const known = new Map<string, JournalProgress>();
  let sizeBytes = 0;
  let begun: Loading | undefined;
  let isStopped = false;
  let begin: (loading: Loading) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const result = new Promise<LoadResult>((resolve, reject) => {
    fail = reject;
    begin = (loading) => {
      begun = loading;
      for (const [journal, progress] of known) loading.update(journal, progress);
      known.clear();
      loading.result.then(resolve, reject);
    };
  });
  const beginAfterAll = async (): Promise<void> => {
    const isHere = await isLight();
    if (!isStopped) begin(isHere ? here() : inThreads());
  };
  return {
    update: (journal, progress) => {
      if (begun !== undefined) {
        begun.update(journal, progress);
        return;
      }
      sizeBytes += progress.sizeBytes - (known.get(journal)?.sizeBytes ?? 0);
      known.set(journal, progress);
      if (sizeBytes > worthThreadBytes) begin(inThreads());
    },
    allRead: () => {
      if (begun === undefined) beginAfterAll().catch(fail);
    },
    stop: async () => {
      isStopped = true;
      await begun?.stop();
    },
    result,
  };
}
