import type { FileOnPage } from '../read/listed-files.ts';
import type { ZonedTime } from '../text/zoned-time.ts';

/** What a message has to know of the others to be written. */
export interface PageContext {
  readonly zone: ZonedTime;
  /** `RC-00001234`; null: a message that is not in the archive. */
  readonly numberOf: (messageId: string) => string | null;
  /** Where a message stands, seen from the page; undefined: nowhere in this transcript. */
  readonly messageLink: (messageId: string) => string | undefined;
  readonly roomLink: (roomId: string) => string | undefined;
  /** The page of a thread; undefined: it has none, or is this one. */
  readonly threadLink: (rootId: string) => string | undefined;
  /** The real name of a user, where a message shows it. */
  readonly nameOf: (username: string) => string | undefined;
  /** What the archive has of a file; undefined: nothing. */
  readonly fileOf: (fileId: string) => FileOnPage | undefined;
  /** Where the workspace lives: addresses of files are relative to it. */
  readonly serverUrl: string;
  /** The number of a run of the archive, and of several which of them is meant. */
  readonly runName: (run: number) => string;
}

/** A message in the order of its page. */
export interface ArticleOptions {
  /** Shown for the sake of others. */
  readonly isContext: boolean;
  /** Of a thread's own page: replies do not have to say so. */
  readonly isInThread: boolean;
}
