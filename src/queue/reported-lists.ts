import { savedPages, type JournalContents } from '../journal/journal-contents.ts';
import type { RunStream } from '../plan/run-plan.ts';
import type { RunEvent } from '../run-event.ts';
import type { QueueReport } from './task-queue.ts';

interface Amount {
  readonly messages: number;
  readonly pages: number;
}

const nothing: Amount = { messages: 0, pages: 0 };

/**
 * Turns what workers report into the events of a run that reads by itself. Reports may be lost, and attempts may read pages
 * twice: what a journal turns out to hold is made up for, and nothing is counted again when the run opens it.
 */
export class ReportedLists {
  readonly #onEvent: (event: RunEvent) => void;
  readonly #reported = new Map<string, Amount>();
  readonly #read = new Set<string>();

  constructor(onEvent: (event: RunEvent) => void) {
    this.#onEvent = onEvent;
  }

  page(stream: RunStream, { messages, fillsHole, total }: Extract<QueueReport, { kind: 'page' }>): void {
    if (!fillsHole) this.#add(stream.journal, { messages, pages: 1 });
    this.#onEvent({ kind: 'page', ...named(stream), messages, fillsHole, total });
  }

  /** An attempt, or the journal that came of it, holds so much. */
  resumed(stream: RunStream, { messages, pages }: Amount): void {
    const more = this.#unreported(stream.journal, { messages, pages });
    if (more.pages === 0) return;
    this.#add(stream.journal, more);
    this.#onEvent({ kind: 'stream-resumed', ...named(stream), ...more });
  }

  /** The journal of a list has been taken over, whole. */
  read(stream: RunStream, contents: JournalContents): void {
    this.resumed(stream, savedPages(contents));
    this.#read.add(stream.journal);
    this.#onEvent({ kind: 'stream-read', ...named(stream) });
  }

  /** What the run itself reports when it opens its journals, without what has been reported. */
  readonly onEvent = (event: RunEvent): void => {
    if (event.kind === 'stream-read' && this.#read.has(event.stream)) return;
    if (event.kind !== 'stream-resumed') {
      this.#onEvent(event);
      return;
    }
    const more = this.#unreported(event.stream, event);
    if (more.pages > 0) this.#onEvent({ ...event, ...more });
  };

  /** What a journal holds beyond what workers have reported of it. */
  #unreported(journal: string, { messages, pages }: Amount): Amount {
    const known = this.#reported.get(journal) ?? nothing;
    return { messages: Math.max(0, messages - known.messages), pages: Math.max(0, pages - known.pages) };
  }

  #add(journal: string, { messages, pages }: Amount): void {
    const known = this.#reported.get(journal) ?? nothing;
    this.#reported.set(journal, { messages: known.messages + messages, pages: known.pages + pages });
  }
}

function named({ journal, endpoint, room }: RunStream): { stream: string; endpoint: string; room: string } {
  return { stream: journal, endpoint, room: room.name };
}
