import type { PagePlan, RoomLayout } from '../layout/lay-out.ts';
import { nameForId } from '../layout/page-names.ts';
import type { SelectedGroup } from '../layout/selection.ts';
import { html, type Html } from '../markup/html.ts';
import { messageArticle } from '../message/message-article.ts';
import { messagesPageText, type DayOnPage } from '../page/messages-page.ts';
import type { PageContext } from '../message/page-context.ts';
import { pageTitle, roomIndexText } from '../page/room-index.ts';
import { archivedMessage } from '../read/archived-message.ts';
import { lineInThread, rowOfLine } from '../read/row-line.ts';
import { indexedMessage } from '../search/write/indexed-message.ts';
import type { IndexWriter } from '../search/write/index-writer.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import { pageContext, type Book } from './book.ts';
import { DayList } from './day-list.ts';
import type { TranscriptFolder } from './transcript-folder.ts';
import { countOf } from '../text/counted.ts';

/**
 * Writes the pages of the rooms, as they were laid out, and hands the messages to the index, those of threads to the sort.
 *
 * @param groups the same, in the same order, as were laid out
 */
export async function writeRooms(
  groups: AsyncIterable<SelectedGroup>,
  book: Book,
  {
    folder,
    index,
    threads,
    onMessages,
  }: { folder: TranscriptFolder; index: IndexWriter; threads: ExternalSort; onMessages: (count: number) => void },
): Promise<void> {
  const { layout, zone, names } = book;
  let [roomAt, pageAt, written, total, indexRoom] = [-1, 0, 0, 0, 0];
  let room: RoomLayout | undefined;
  let context: PageContext | undefined;
  let days = new DayList(zone);
  for await (const group of groups) {
    await handToThreads(group, book, threads);
    if (group.part === 'out') continue;
    if (room?.roomId !== group.roomId) {
      roomAt += 1;
      [pageAt, written, days] = [0, 0, new DayList(zone)];
      room = layout.rooms[roomAt];
      context = pageContext(book, group.roomId);
      if (room === undefined) return;
      const [name, roomFolder] = [names.room(room.roomId), nameForId(room.roomId)];
      indexRoom = index.addRoom([room.roomId, roomFolder, name.title, name.name]);
      await folder.write(`${roomFolder}/index.html`, roomIndexText(room, name, zone));
    }
    const rows = group.lines.map(rowOfLine);
    const message = archivedMessage(rows);
    if (message === undefined || context === undefined) continue;
    days.add(
      message.tsMs,
      messageArticle(message, context, { isContext: group.part === 'context', isInThread: false }),
    );
    written += 1;
    total += 1;
    const page = room.pages[pageAt];
    if (page === undefined) continue;
    const number = book.numbering.numberOf(message.id) ?? 0;
    await index.add(indexedMessage(message, { room: indexRoom, page: page.file, number }));
    if (written < page.messages) continue;
    await folder.write(`${nameForId(room.roomId)}/${page.file}`, pageText(room, pageAt, page, book, days.take()));
    onMessages(total);
    [pageAt, written] = [pageAt + 1, 0];
  }
}

/** A thread has its first message, whether or not that is asked for, and the replies that are shown. */
async function handToThreads(
  { lines, part, messageId }: SelectedGroup,
  { layout }: Book,
  threads: ExternalSort,
): Promise<void> {
  const isRoot = layout.hasThread(messageId);
  const threadId = lines.at(-1)?.threadId ?? '';
  const threadIds = part === 'out' || threadId === '' ? [] : [threadId];
  for (const line of lines) {
    if (isRoot) await threads.add(lineInThread(line, messageId, true));
    for (const id of threadIds) if (id !== messageId) await threads.add(lineInThread(line, id, false));
  }
}

function pageText(room: RoomLayout, at: number, page: PagePlan, book: Book, days: readonly DayOnPage[]): string {
  const { zone, names } = book;
  return messagesPageText({
    roomTitle: names.room(room.roomId).title,
    heading: pageTitle(page.file),
    facts: html`<p class="note">${countOf(page.messages, 'message')}. ${zoneNote(zone.zone)}</p>`,
    days,
    previous: room.pages[at - 1]?.file,
    next: room.pages[at + 1]?.file,
  });
}

function zoneNote(zone: string): Html {
  return zone === 'UTC'
    ? html`Days and months begin at midnight UTC.`
    : html`Days and months begin at midnight in ${zone}; every time is given there and in UTC.`;
}
