import type { JournalContents } from '../../journal/journal-contents.ts';
import type { SpoolOrder } from './spool-order.ts';

/** Where a run and its workers fill journals: of each open run it has what is to be read, and what was. */
export interface Spool {
  /** Made with it: it shows whether a run and a worker mean the same one. */
  readonly id: string;
  /** For messages: the folder, or the address of a bucket. */
  readonly shown: string;
  /** @param key names the run: the same one when it is resumed, another one whenever it has another plan */
  run(key: string): SpooledRun;
  /** Of the runs that have something there. */
  keys(): Promise<readonly string[]>;
  /** Leaves nothing on this machine; of attempts that are cut what the spool has. */
  close(): Promise<void>;
}

/** What a spool has of one run. All methods throw OutputError, or UnreachableError, when it refuses. */
export interface SpooledRun {
  /** For the run alone: a worker that made it anew would fill journals that nobody takes any more. */
  create(order: SpoolOrder): Promise<void>;
  /** undefined: the run has taken what there was, or has never been in this spool. @throws OutputError when it is damaged */
  order(): Promise<SpoolOrder | undefined>;
  /** Whether the run still waits for journals. */
  isOpen(): Promise<boolean>;
  wholeJournals(): Promise<ReadonlySet<string>>;
  hasWhole(journal: string): Promise<boolean>;
  /**
   * Begins an attempt at a list behind the last page that the spool has of others.
   *
   * @param attempt names it, as nothing names another
   * @returns the path of its journal
   */
  beginPart(journal: string, attempt: string): Promise<string>;
  /** Lays what a run has read by itself where attempts may begin behind it. */
  addPart(journal: string, from: string, sizeBytes: number): Promise<void>;
  /**
   * Hands in a closed journal. The first one wins, whoever else is at work on the list.
   *
   * @returns whether it is this one
   */
  handIn(journal: string, path: string): Promise<boolean>;
  /**
   * Copies to `to` what there is of a list: the whole journal or, if parts count, the one that came furthest. What is there
   * is proved by reading it.
   *
   * @param options `leastBytes`: what `to` holds already: less is not copied
   * @returns what `to` holds now; undefined: nothing was copied
   */
  copyTo(
    journal: string,
    to: string,
    options: { readonly takesPart: boolean; readonly leastBytes: number },
  ): Promise<JournalContents | undefined>;
  /** Removes all of it. What attempts still write goes nowhere. */
  remove(): Promise<void>;
}

/** Whether a name is that of a run, or of one that is being removed. */
export function isRunKey(name: string): boolean {
  return /^[0-9a-f]{20}(\.over)?$/.test(name);
}
