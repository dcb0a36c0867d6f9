import { PageCut } from '../layout/page-cut.ts';
import { nameForId, threadFile } from '../layout/page-names.ts';
import { html } from '../markup/html.ts';
import { messageArticle } from '../message/message-article.ts';
import { messagesPageText, type DayOnPage } from '../page/messages-page.ts';
import type { PageContext } from '../message/page-context.ts';
import { archivedMessage } from '../read/archived-message.ts';
import { messageGroups } from '../read/message-groups.ts';
import { rowOfLine, threadOfLine } from '../read/row-line.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import { numberText, pageContext, type Book } from './book.ts';
import { DayList } from './day-list.ts';
import type { TranscriptFolder } from './transcript-folder.ts';

/** A thread that is being written: its first message, then the replies, oldest first. */
interface OpenThread {
  readonly roomId: string;
  readonly rootId: string;
  readonly context: PageContext;
  readonly days: DayList;
  readonly cut: PageCut;
  part: number;
  hasRoot: boolean;
}

/** Writes a page for each thread. Returns how many there are. */
export async function writeThreads(threads: ExternalSort, book: Book, folder: TranscriptFolder): Promise<number> {
  let open: OpenThread | undefined;
  let count = 0;
  for await (const { roomId, messageId, lines } of messageGroups(threads.sorted(), 1)) {
    const [first] = lines;
    if (first === undefined) continue;
    const rootId = threadOfLine(first);
    if (open?.roomId !== roomId || open.rootId !== rootId) {
      if (open !== undefined) await writePage(open, book, folder, false);
      count += 1;
      open = {
        roomId,
        rootId,
        context: pageContext(book, roomId, rootId),
        days: new DayList(book.zone),
        cut: new PageCut(),
        part: 1,
        hasRoot: false,
      };
    }
    const message = archivedMessage(lines.map(rowOfLine));
    if (message === undefined) continue;
    if (open.cut.beginsPage(lines)) await writePage(open, book, folder, true);
    open.hasRoot ||= messageId === rootId;
    open.days.add(message.tsMs, messageArticle(message, open.context, { isContext: false, isInThread: true }));
  }
  if (open !== undefined) await writePage(open, book, folder, false);
  return count;
}

async function writePage(open: OpenThread, book: Book, folder: TranscriptFolder, hasNext: boolean): Promise<void> {
  const { roomId, rootId, part, hasRoot, context } = open;
  const days = open.days.take();
  const number = numberText(book, rootId);
  const inRoom = context.messageLink(rootId);
  const text = messagesPageText({
    roomTitle: book.names.room(roomId).title,
    heading: `Thread ${number ?? rootId}${part === 1 ? '' : `, part ${part}`}`,
    facts: html`<p class="note">
      ${messagesIn(days)}
      messages${hasNext || part > 1 ? ' on this page' : null}.${
        hasRoot ? null : ' The message that started the thread is not in the archive.'
      }${inRoom && html` <a href="${inRoom}">Where it began in the room</a>`}
    </p>`,
    days,
    previous: part === 1 ? undefined : threadFile(rootId, part - 1),
    next: hasNext ? threadFile(rootId, part + 1) : undefined,
  });
  await folder.write(`${nameForId(roomId)}/${threadFile(rootId, part)}`, text);
  open.part += 1;
}

function messagesIn(days: readonly DayOnPage[]): number {
  return days.reduce((sum, { articles }) => sum + articles.length, 0);
}
