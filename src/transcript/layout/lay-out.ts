import { dayMs } from '../../model/time/durations.ts';
import { ownCopy } from '../../model/text/own-copy.ts';
import { SeenIds } from '../../snapshot/versions/seen-ids.ts';
import { timeOfLine } from '../read/row-line.ts';
import type { ZonedTime } from '../text/zoned-time.ts';
import { PageCut } from './page-cut.ts';
import { monthFile } from './page-names.ts';
import type { SelectedGroup } from './selection.ts';

/** A page of a room, and what is on it. */
interface PagePlan {
  readonly month: string;
  readonly file: string;
  messages: number;
}

/** A room of the transcript. */
export interface RoomLayout {
  readonly roomId: string;
  readonly pages: PagePlan[];
  messages: number;
  /** Messages that are there for the sake of others. */
  context: number;
  people: number;
  firstMs: number;
  lastMs: number;
}

/** Which page every message is on, before the first one is written: links lead there and back. */
export interface Layout {
  readonly rooms: readonly RoomLayout[];
  /** Of all rooms. */
  readonly people: number;
  readonly pageOf: (messageId: string) => { readonly roomId: string; readonly file: string } | undefined;
  readonly hasRoom: (roomId: string) => boolean;
  /** Whether a thread has a page of its own: one of its replies is shown. */
  readonly hasThread: (rootId: string) => boolean;
}

/** @param messages to reserve memory for: 16 bytes each, and as much for each reply's thread */
export async function layOut(
  batches: AsyncIterable<readonly SelectedGroup[]>,
  { zone, messages }: { readonly zone: ZonedTime; readonly messages: number },
): Promise<Layout> {
  const rooms: RoomLayout[] = [];
  const pages: { readonly roomId: string; readonly file: string }[] = [];
  const pageByMessage = new SeenIds(messages);
  const threads = new SeenIds(0);
  const everybody = new Set<string>();
  let people = new Set<string>();
  const cut = new PageCut();
  let [day, monthOfDay] = [NaN, ''];
  const monthOf = (ms: number): string => {
    const wallDay = Math.floor(zone.wallMs(ms) / dayMs);
    if (wallDay !== day) [day, monthOfDay] = [wallDay, zone.month(ms)];
    return monthOfDay;
  };
  const add = ({ roomId, messageId, lines, part }: SelectedGroup): void => {
    const [first] = lines;
    if (part === 'out' || first === undefined) return;
    const tsMs = timeOfLine(first);
    const month = monthOf(tsMs);
    let room = rooms.at(-1);
    if (room?.roomId !== roomId) {
      room = { roomId: ownCopy(roomId), pages: [], messages: 0, context: 0, people: 0, firstMs: tsMs, lastMs: tsMs };
      rooms.push(room);
      people = new Set();
      cut.reset();
    }
    let page = room.pages.at(-1);
    if (page !== undefined && page.month !== month) {
      page = undefined;
      cut.reset();
    }
    if (cut.beginsPage(lines) || page === undefined) {
      const before = room.pages.filter((other) => other.month === month).length;
      page = { month, file: monthFile(month, before + 1), messages: 0 };
      room.pages.push(page);
      pages.push({ roomId: room.roomId, file: page.file });
    }
    page.messages += 1;
    room.messages += 1;
    if (part === 'context') room.context += 1;
    room.lastMs = tsMs;
    pageByMessage.note(messageId, pages.length);
    for (const { userId, username, threadId } of lines) {
      const who = userId === '' ? username : userId;
      if (who !== '' && !people.has(who)) {
        const person = ownCopy(who);
        people.add(person);
        everybody.add(person);
      }
      if (threadId !== '') threads.note(threadId, 1);
    }
    room.people = people.size;
  };
  for await (const groups of batches) for (const group of groups) add(group);
  const roomIds = new Set(rooms.map(({ roomId }) => roomId));
  return {
    rooms,
    people: everybody.size,
    hasRoom: (id) => roomIds.has(id),
    pageOf: (id) => pages[pageByMessage.marks(id) - 1],
    hasThread: (id) => threads.has(id),
  };
}
