import type { RoomLayout } from '../layout/lay-out.ts';
import { nameForId } from '../layout/page-names.ts';
import type { SelectedGroup } from '../layout/selection.ts';
import { html, type Html } from '../markup/html.ts';
import { messagesPage } from '../page/messages-page.ts';
import type { PageContext } from '../message/page-context.ts';
import { pageTitle, roomIndexText } from '../page/room-index.ts';
import { archivedMessage } from '../read/archived-message.ts';
import { rowsOfGroup } from '../read/message-groups.ts';
import { lineInThread } from '../read/row-line.ts';
import type { IndexWriter } from '../search-index/index-writer.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import { pageContext, type Book } from './book.ts';
import { OpenPage } from './open-page.ts';
import type { TranscriptFolder } from '../kept/transcript-folder.ts';
import { counted } from '../../model/text/counted.ts';

/**
 * Writes the pages of the rooms, as they were laid out, and hands the messages to the index, those of threads to the sort.
 *
 * @param batches the same, in the same order, as were laid out
 */
export async function writeRooms(
  batches: AsyncIterable<readonly SelectedGroup[]>,
  book: Book,
  {
    folder,
    index,
    threads,
    onMessages,
  }: { folder: TranscriptFolder; index: IndexWriter; threads: ExternalSort; onMessages: (count: number) => void },
): Promise<void> {
  const { layout, zone, names } = book;
  let [roomAt, pageAt, total, indexRoom] = [-1, 0, 0, 0];
  let room: RoomLayout | undefined;
  let context: PageContext | undefined;
  let open: OpenPage | undefined;
  for await (const groups of batches) {
    for (const group of groups) {
      const handing = handToThreads(group, book, threads);
      if (handing !== undefined) await handing;
      if (group.part === 'out') continue;
      if (room?.roomId !== group.roomId) {
        roomAt += 1;
        [pageAt, open] = [0, undefined];
        room = layout.rooms[roomAt];
        if (room === undefined) return;
        context = pageContext(book, room.roomId);
        const [name, roomFolder] = [names.room(room.roomId), nameForId(room.roomId)];
        indexRoom = index.addRoom([room.roomId, roomFolder, name.title, name.name]);
        await folder.write(`${roomFolder}/index.html`, roomIndexText(room, name, zone));
      }
      const message = archivedMessage(rowsOfGroup(group));
      const page = room.pages[pageAt];
      if (message === undefined || context === undefined || page === undefined) continue;
      open ??= new OpenPage(folder, { context, zone, isInThread: false });
      open.add(group, message, group.part === 'context');
      const number = book.numbering.numberOf(message.id) ?? 0;
      const adding = index.add(message, { room: indexRoom, page: page.file, number });
      if (adding !== undefined) await adding;
      if (open.messages < page.messages) continue;
      await writePage(open, book, room, pageAt);
      total += open.messages;
      onMessages(total);
      [pageAt, open] = [pageAt + 1, undefined];
    }
  }
}

async function writePage(open: OpenPage, { zone, names }: Book, room: RoomLayout, pageAt: number): Promise<void> {
  const page = room.pages[pageAt];
  if (page === undefined) return;
  const facts = {
    roomTitle: names.room(room.roomId).title,
    heading: pageTitle(page.file),
    previous: room.pages[pageAt - 1]?.file,
    next: room.pages[pageAt + 1]?.file,
  };
  await open.write(`${nameForId(room.roomId)}/${page.file}`, [facts], (days) => {
    const note = html`<p class="note">${counted(page.messages, 'message')}. ${zoneNote(zone.zone)}</p>`;
    return messagesPage({ ...facts, facts: note, days });
  });
}

/**
 * A thread has its first message, whether or not that is asked for, and the replies that are shown.
 *
 * @returns what to wait for; undefined: nothing, as for most
 */
function handToThreads(
  { lines, trees, part, messageId }: SelectedGroup,
  { layout }: Book,
  threads: ExternalSort,
): Promise<void> | undefined {
  const isRoot = layout.hasThread(messageId);
  const threadId = lines.at(-1)?.threadId ?? '';
  const threadIds = part === 'out' || threadId === '' || threadId === messageId ? [] : [threadId];
  if (!isRoot && threadIds.length === 0) return undefined;
  const handed = [...lines, ...trees].flatMap((line) => [
    ...(isRoot ? [lineInThread(line, messageId, true)] : []),
    ...threadIds.map((id) => lineInThread(line, id, false)),
  ]);
  return addAll(threads, handed);
}

async function addAll(threads: ExternalSort, lines: readonly string[]): Promise<void> {
  for (const line of lines) await threads.add(line);
}

function zoneNote(zone: string): Html {
  return zone === 'UTC'
    ? html`Days and months begin at midnight UTC.`
    : html`Days and months begin at midnight in ${zone}; every time is given there and in UTC.`;
}
