import { messageArticle } from '../message/message-article.ts';
import type { PageContext } from '../message/page-context.ts';
import type { DayOnPage } from '../page/messages-page.ts';
import type { ArchivedMessage } from '../read/archived-message.ts';
import type { MessageGroup } from '../read/message-groups.ts';
import type { ZonedTime } from '../text/zoned-time.ts';
import { DayList } from './day-list.ts';
import type { TranscriptFolder } from '../kept/transcript-folder.ts';

interface MessageOnPage {
  readonly group: MessageGroup;
  readonly message: ArchivedMessage;
  readonly isContext: boolean;
}

/** A page whose messages come one by one. They wait for the last only where the page may be there already. */
export class OpenPage {
  readonly #folder: TranscriptFolder;
  readonly #context: PageContext;
  readonly #isInThread: boolean;
  readonly #zone: ZonedTime;
  readonly #days: DayList;
  readonly #waiting: MessageOnPage[] = [];
  messages = 0;

  constructor(
    folder: TranscriptFolder,
    { context, zone, isInThread }: { context: PageContext; zone: ZonedTime; isInThread: boolean },
  ) {
    this.#folder = folder;
    this.#context = context;
    this.#isInThread = isInThread;
    this.#zone = zone;
    this.#days = new DayList(zone);
  }

  add(group: MessageGroup, message: ArchivedMessage, isContext: boolean): void {
    this.messages += 1;
    const added = { group, message, isContext };
    if (this.#folder.keeper === undefined) this.#render(added, this.#context, this.#days);
    else this.#waiting.push(added);
  }

  /**
   * @param facts all that the page shows beside its messages: as JSON
   * @param make its bytes
   */
  async write(path: string, facts: readonly unknown[], make: (days: readonly DayOnPage[]) => Buffer): Promise<void> {
    const waiting = this.#waiting;
    const contextAt = waiting.flatMap(({ isContext }, at) => (isContext ? [at] : []));
    const source = {
      path,
      facts: [...facts, contextAt, this.#zone.zone],
      context: this.#context,
      groups: waiting.map(({ group }) => group),
    };
    await this.#folder.writePage(source, (context) => {
      for (const one of waiting) this.#render(one, context, this.#days);
      return make(this.#days.take());
    });
  }

  #render({ message, isContext }: MessageOnPage, context: PageContext, days: DayList): void {
    days.add(message.tsMs, messageArticle(message, context, { isContext, isInThread: this.#isInThread }));
  }
}
