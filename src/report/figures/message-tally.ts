import { textOrNull } from '../../model/text/text-or-null.ts';
import { recordsIn } from '../../model/json/is-record.ts';
import { ownCopy } from '../../model/text/own-copy.ts';
import { dayMs, hourMs } from '../../model/time/durations.ts';
import type { Row } from '../../model/column.ts';
import { namesNewer } from '../../snapshot/versions/newest-version.ts';
import type { ZonedTime } from '../../transcript/text/zoned-time.ts';

/** Days since 1970-01-01, as the clocks of the zone count them. Weeks are named by their Monday. */
export type Day = number;

export interface RoomFigures {
  readonly id: string;
  title: string;
  type: string;
  /** Of the row that the title is from. */
  run: number;
  messages: number;
  readonly byWeek: Map<Day, number>;
}

export interface PersonFigures {
  username: string | null;
  name: string | null;
  run: number;
  messages: number;
  isBot: boolean;
  readonly weeks: Set<Day>;
}

/** A message, as far as conversations are looked for among them. */
export interface TalliedMessage {
  readonly id: string;
  /** Number of its room, in the order in which rooms were met. */
  readonly room: number;
  readonly tsMs: number;
  /** Number of who wrote it; null: a bot, or nobody knows. */
  readonly person: number | null;
  /** Whether others replied in a thread. */
  readonly isThread: boolean;
  /** First message of the thread that it is in. */
  readonly threadId: string | null;
}

/** What is read of a message. */
export const talliedColumns: ReadonlySet<string> = new Set([
  ...['message_id', 'room_id', 'room_name', 'room_title', 'room_type', 'ts', 'user_id', 'username', 'user_name'],
  ...['is_bot', 'type', 'is_system', 'reactions', 'thread_id', 'thread_count', 'edited_at', 'run', 'op'],
]);

/**
 * Adds messages up, in any order. Memory grows with days, rooms, people, their weeks, and names of emoji; not with messages.
 * System messages (somebody joined, a topic was changed) are counted for themselves.
 */
export class MessageTally {
  messages = 0;
  systemMessages = 0;
  byBots = 0;
  edited = 0;
  /** Rows without a room or a time. */
  misplaced = 0;
  firstMs = Infinity;
  lastMs = -Infinity;
  readonly byDay = new Map<Day, number>();
  /** Monday 0:00 first, hour by hour. */
  readonly byHour: number[] = Array.from({ length: 168 }, () => 0);
  readonly rooms: RoomFigures[] = [];
  readonly people: PersonFigures[] = [];
  /** By name, as the server has it: `:tada:`. */
  readonly reactions = new Map<string, number>();
  readonly #roomNumbers = new Map<string, number>();
  readonly #personNumbers = new Map<string, number>();
  readonly #zone: ZonedTime;

  constructor(zone: ZonedTime) {
    this.#zone = zone;
  }

  /** @returns undefined for what is no message of anybody */
  add(row: Row): TalliedMessage | undefined {
    const { message_id: id, room_id: roomId, ts, thread_id: threadId, thread_count: replies } = row;
    if (typeof roomId !== 'string' || !(ts instanceof Date)) {
      this.misplaced += 1;
      return undefined;
    }
    if (isSystemMessage(row)) {
      this.systemMessages += 1;
      return undefined;
    }
    const tsMs = ts.getTime();
    const wallMs = this.#zone.wallMs(tsMs);
    const day = Math.floor(wallMs / dayMs);
    const week = mondayOf(day);
    this.messages += 1;
    this.firstMs = Math.min(this.firstMs, tsMs);
    this.lastMs = Math.max(this.lastMs, tsMs);
    if (row['edited_at'] instanceof Date) this.edited += 1;
    increase(this.byDay, day, 1);
    const hour = (day - week) * 24 + Math.floor((wallMs - day * dayMs) / hourMs);
    this.byHour[hour] = (this.byHour[hour] ?? 0) + 1;
    const room = this.#room(roomId, row, week);
    const person = this.#person(row, week);
    for (const reaction of recordsIn(row['reactions'])) {
      const { emoji, count } = reaction;
      if (typeof emoji !== 'string' || typeof count !== 'number') continue;
      increase(this.reactions, this.reactions.has(emoji) ? emoji : ownCopy(emoji), count);
    }
    return {
      id: typeof id === 'string' ? id : '',
      room,
      tsMs,
      person,
      isThread: typeof replies === 'number' && replies > 0,
      threadId: typeof threadId === 'string' ? threadId : null,
    };
  }

  #room(id: string, row: Row, week: Day): number {
    const number = this.#roomNumbers.get(id) ?? this.rooms.length;
    let room = this.rooms[number];
    if (room === undefined) {
      const own = ownCopy(id);
      room = { id: own, title: own, type: '', run: -1, messages: 0, byWeek: new Map() };
      this.#roomNumbers.set(own, number);
      this.rooms.push(room);
    }
    room.messages += 1;
    increase(room.byWeek, week, 1);
    const run = runOf(row);
    if (namesNewer(run, room.run)) {
      room.title = ownCopy(textOrNull(row['room_title']) ?? textOrNull(row['room_name']) ?? room.id);
      room.type = ownCopy(textOrNull(row['room_type']) ?? '');
      room.run = run;
    }
    return number;
  }

  #person(row: Row, week: Day): number | null {
    const username = textOrNull(row['username']);
    const key = textOrNull(row['user_id']) ?? username;
    const isBot = row['is_bot'] === true;
    if (isBot) this.byBots += 1;
    if (key === null) return null;
    const number = this.#personNumbers.get(key) ?? this.people.length;
    let person = this.people[number];
    if (person === undefined) {
      person = { username: null, name: null, run: -1, messages: 0, isBot, weeks: new Set() };
      this.#personNumbers.set(ownCopy(key), number);
      this.people.push(person);
    }
    person.messages += 1;
    person.weeks.add(week);
    const run = runOf(row);
    if (namesNewer(run, person.run)) {
      const name = textOrNull(row['user_name']);
      person.username = username === null ? null : ownCopy(username);
      person.name = name === null ? null : ownCopy(name);
      person.isBot = isBot;
      person.run = run;
    }
    return isBot ? null : number;
  }
}

/** 1970-01-01 was a Thursday. */
function mondayOf(day: Day): Day {
  return Math.floor((day + 3) / 7) * 7 - 3;
}

/** A job may have dropped the column that says it. */
function isSystemMessage({ is_system: isSystem, type }: Row): boolean {
  if (typeof isSystem === 'boolean') return isSystem;
  return typeof type === 'string' && type !== 'e2e';
}

function increase<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function runOf({ run }: Row): number {
  return typeof run === 'number' ? run : 0;
}
