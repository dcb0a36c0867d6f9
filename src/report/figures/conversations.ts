import { hourMs } from '../../model/time/durations.ts';
import { sortableTime } from '../../transcript/read/row-line.ts';
import type { TalliedMessage } from './message-tally.ts';

const separator = '\u0001';

/** What nobody wrote before for so long opens a conversation. */
const quietMs = hourMs;

/** What comes later is no answer. */
const longestAnswerMs = 24 * hourMs;

/** How fast people answer each other. Bots neither ask nor answer. */
export interface Conversations {
  readonly threads: number;
  readonly replies: number;
  /** Replies of each thread. */
  readonly repliesByThread: readonly number[];
  /** Of threads that somebody else replied in: milliseconds from their first message to that reply, ascending. */
  readonly threadAnswersMs: readonly number[];
  /** Threads whose first message the archive has, and who wrote it. */
  readonly measuredThreads: number;
  /** Messages behind which a quiet room began to talk. */
  readonly openings: number;
  /** Of those that somebody else answered within a day: milliseconds, ascending. */
  readonly openingAnswersMs: readonly number[];
}

/** A line that sorts messages by room and time. */
export function conversationLine({ id, room, tsMs, person, isThread, threadId }: TalliedMessage): string {
  const place = `${String(room).padStart(9, '0')}${separator}${sortableTime(tsMs)}`;
  return [place, plain(id), person ?? '', isThread ? '1' : '', plain(threadId ?? '')].join(separator);
}

interface Thread {
  /** null: the archive does not have its first message, or not who wrote it. */
  readonly person: string | null;
  readonly beganMs: number;
  replies: number;
  isAnswered: boolean;
}

interface Opening {
  readonly id: string;
  readonly person: string;
  readonly atMs: number;
}

/**
 * Reads messages room by room, oldest first. In memory are the threads of one room, and a number for each answer.
 *
 * @param lines made by conversationLine, sorted
 */
export async function conversationsIn(lines: AsyncIterable<string>): Promise<Conversations> {
  const threadAnswersMs: number[] = [];
  const openingAnswersMs: number[] = [];
  const repliesByThread: number[] = [];
  let [replies, measuredThreads, openings] = [0, 0, 0];
  let threads = new Map<string, Thread>();
  let [roomNow, opening, lastMs]: [string, Opening | null, number] = ['', null, -Infinity];
  const closeRoom = (): void => {
    for (const thread of threads.values()) {
      if (thread.replies === 0) continue;
      repliesByThread.push(thread.replies);
      if (thread.person !== null) measuredThreads += 1;
    }
    threads = new Map();
    opening = null;
    lastMs = -Infinity;
  };
  for await (const line of lines) {
    const [room = '', time = '', id = '', person = '', isThread, threadId = ''] = line.split(separator);
    if (room !== roomNow) closeRoom();
    roomNow = room;
    const ms = Number(time);
    if (isThread === '1' && !threads.has(id)) {
      threads.set(id, { person: person === '' ? null : person, beganMs: ms, replies: 0, isAnswered: false });
    }
    if (threadId !== '') {
      const thread = threads.get(threadId) ?? { person: null, beganMs: ms, replies: 0, isAnswered: false };
      threads.set(threadId, thread);
      thread.replies += 1;
      replies += 1;
      if (thread.person !== null && person !== '' && person !== thread.person && !thread.isAnswered) {
        thread.isAnswered = true;
        threadAnswersMs.push(ms - thread.beganMs);
      }
    }
    if (person === '') continue;
    if (opening !== null && ms - opening.atMs > longestAnswerMs) opening = null;
    if (opening !== null && person !== opening.person && (threadId === '' || threadId === opening.id)) {
      openingAnswersMs.push(ms - opening.atMs);
      opening = null;
    } else if (threadId === '' && opening === null && ms - lastMs >= quietMs) {
      openings += 1;
      opening = { id, person, atMs: ms };
    }
    if (threadId === '') lastMs = ms;
  }
  closeRoom();
  const ascending = (a: number, b: number): number => a - b;
  return {
    threads: repliesByThread.length,
    replies,
    repliesByThread,
    measuredThreads,
    openings,
    threadAnswersMs: threadAnswersMs.sort(ascending),
    openingAnswersMs: openingAnswersMs.sort(ascending),
  };
}

/** No server makes ids with control characters: one that came through the API must not end a line. */
function plain(id: string): string {
  return id.replaceAll(/[\0-\x1f]/g, '\ufffd');
}
