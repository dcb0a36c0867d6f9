import type { SharedPlace } from './shared/shared-journal.ts';

/** How far a journal has been written, and whether more will come. */
export interface JournalProgress {
  readonly sizeBytes: number;
  readonly isClosed: boolean;
  /** Where in the shared journal it is, as a whole. Absent: in a file of its own. */
  readonly shared?: SharedPlace;
}

/**
 * Reports to the load half how far the extract half has come, so that both run at once. Whatever thread the load half is
 * in, it has one of these; the extract half's updates are passed on to it. Journals go by the names of their files.
 */
export class JournalFeed {
  readonly #progress = new Map<string, JournalProgress>();
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  update(journal: string, progress: JournalProgress): void {
    this.#progress.set(journal, progress);
    this.#wake();
  }

  /** No more pages will come: whoever waits gives up. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** Resolves when the journal holds more than `readBytes`, or is closed. @throws LoadStopped */
  async moreThan(journal: string, readBytes: number): Promise<JournalProgress> {
    for (;;) {
      if (this.#isStopped) throw new LoadStopped();
      const progress = this.#progress.get(journal);
      if (progress !== undefined && (progress.isClosed || progress.sizeBytes > readBytes)) return progress;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** The extract half gave up, so there is nothing to load. Never shown: the extract half's own error is. */
export class LoadStopped extends Error {}
