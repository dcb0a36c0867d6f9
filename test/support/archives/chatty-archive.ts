import { dayMs } from '../../../src/model/time/durations.ts';
import type { Row } from '../../../src/model/column.ts';
import { fixtureRow, type FixtureRun, type FixtureTable, type TableRows } from './revised-archive.ts';

/** A message as it is after all runs, unless it was deleted. */
export interface Said {
  readonly id: string;
  readonly room: string;
  readonly ts: Date;
  readonly user: string;
  readonly thread: string | null;
  readonly isSystem: boolean;
  readonly text: string;
  readonly emoji: readonly string[];
  readonly mentions: readonly string[];
  readonly reactions: readonly { readonly emoji: string; readonly username: string }[];
  readonly attachments: readonly { readonly mimeType: string | null; readonly sizeBytes: number | null }[];
  readonly links: readonly string[];
  readonly editedAt: Date | null;
}

/** Runs of an archive, and what is true after them. */
export interface ChattyArchive {
  readonly runs: readonly FixtureRun[];
  readonly messages: readonly Said[];
  /** Each edit and each deletion that a run saw. */
  readonly edits: readonly Date[];
  readonly deletions: readonly Date[];
  /** Of those: messages that are there, as ones that were deleted (`type` `rm`). */
  readonly deletedInPlace: number;
  readonly bots: ReadonlySet<string>;
  /** Members by room, after each run. */
  readonly members: readonly Readonly<Record<string, readonly string[]>>[];
}

const people = ['ana', 'bob', 'cyd', 'dev', 'bot'];
const rooms = ['r0', 'r1', 'r2'];
const startMs = Date.UTC(2026, 2, 20, 22, 30);
const elementTables = ['mentions', 'reactions', 'attachments', 'links'] as const;

/** Five runs over seven weeks, in which a clock is put forward: messages with all that belongs to them, edited and deleted. */
export function chattyArchive(): ChattyArchive {
  let seed = 7;
  const below = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * limit);
  };
  const pick = (words: readonly string[]): string => words[below(words.length)] ?? '';
  const some = (words: readonly string[]): readonly string[] => words.filter(() => below(3) === 0);

  const said = new Map<string, Said>();
  const edits: Date[] = [];
  const deletions: Date[] = [];
  let deletedInPlace = 0;
  const members: Record<string, readonly string[]>[] = [];
  const runs: FixtureRun[] = [];

  const content = () => ({
    text: pick(['It was rolled back at ten', 'Rolled  Back', 'ROLLED BACK', 'nothing "new"', 'no, thanks']),
    emoji: some([':tada:', '🎉']),
    mentions: some(people),
    reactions: some(people).map((username) => ({ emoji: pick([':tada:', ':+1:']), username })),
    attachments: some(['image/png', 'text/csv', '']).map((mime) => ({
      ...{ mimeType: mime === '' ? null : mime, sizeBytes: mime === '' ? null : below(1000) },
    })),
    links: some(['https://a.example/', 'https://b.example/?q=1', 'https://a.example/']),
  });

  for (let run = 1; run <= 5; run += 1) {
    const tables: Partial<Record<FixtureTable, { first: Row[]; revising: Row[] }>> = {};
    const add = (table: FixtureTable, fields: Row, place: keyof TableRows): void => {
      (tables[table] ??= { first: [], revising: [] })[place].push(fixtureRow(table, { ...fields, run }));
    };
    const write = (message: Said, place: keyof TableRows): void =>
      writeMessage(message, (table, fields) => add(table, fields, place));

    for (const message of [...said.values()]) {
      const fate = below(8);
      if (fate > 1) continue;
      const at = new Date(startMs + run * 10 * dayMs + below(dayMs));
      if (fate === 0) {
        said.delete(message.id);
        deletions.push(at);
        const common = { message_id: message.id, room_id: message.room, ts: message.ts, op: 'delete' };
        const inRoom = { ...common, room_name: '', room_title: '', room_type: 'private' };
        // Some keep their place, as where the workspace shows what was deleted (Message_ShowDeletedStatus).
        const keepsPlace =
          deletions.length % 2 === 0 && [...said.values()].every(({ thread: root }) => root !== message.id);
        if (keepsPlace) deletedInPlace += 1;
        const gone = keepsPlace
          ? { ...inRoom, op: 'upsert', type: 'rm', is_system: true, user_id: message.user, edited_at: at }
          : { ...inRoom, deleted_at: at };
        add('messages', gone, 'revising');
        for (const table of elementTables) add(table, common, 'revising');
      } else {
        edits.push(at);
        const edited = { ...message, ...content(), editedAt: at };
        said.set(message.id, edited);
        write(edited, 'revising');
      }
    }
    for (let at = 0; at < 40; at += 1) {
      const room = pick(rooms);
      const threads = [...said.values()].filter((other) => other.room === room && other.thread === null);
      const message: Said = {
        ...{ id: `m${run}-${at}`, room, user: pick(people), isSystem: below(9) === 0, editedAt: null, ...content() },
        ts: new Date(startMs + (run - 1) * 10 * dayMs + Math.floor((at / 40) * 10 * dayMs) + below(3_600_000)),
        thread: below(2) === 0 ? (threads[below(threads.length)]?.id ?? null) : null,
      };
      said.set(message.id, message);
      write(message, 'first');
    }
    for (const user of run === 1 ? people : []) {
      add('users', { user_id: user, username: user, is_bot: user === 'dev', source: 'list', op: 'upsert' }, 'first');
    }
    if (run === 3)
      add('users', { user_id: 'bot', username: 'bot', is_bot: true, source: 'list', op: 'upsert' }, 'revising');
    if (run === 3)
      add('users', { user_id: 'dev', username: 'dev', is_bot: false, source: 'list', op: 'upsert' }, 'revising');
    const before = members.at(-1) ?? {};
    const after = Object.fromEntries(rooms.map((room) => [room, run === 4 ? (before[room] ?? []) : some(people)]));
    for (const room of rooms) {
      for (const user of people) {
        const [was, is] = [before[room]?.includes(user) === true, after[room]?.includes(user) === true];
        const common = { room_id: room, user_id: user, first_run: run, last_run: run };
        if (is && (!was || below(4) === 0)) add('room_members', { ...common, op: 'upsert' }, 'first');
        if (was && !is) add('room_members', { ...common, op: 'delete' }, 'revising');
      }
    }
    members.push(after);
    runs.push({ tables, rowsPerFile: 1000, lists: [{ endpoint: 'groups.messages', filters: {} }] });
  }
  return { runs, messages: [...said.values()], edits, deletions, deletedInPlace, bots: new Set(['bot']), members };
}

function writeMessage(message: Said, add: (table: FixtureTable, fields: Row) => void): void {
  const { id, room, ts, user, thread } = message;
  const common = { message_id: id, room_id: room, ts, user_id: user, thread_id: thread, op: 'upsert' };
  add('messages', {
    ...common,
    ...{ room_name: room, room_title: room, room_type: 'private', text: message.text, emoji: message.emoji },
    ...{ is_system: message.isSystem, type: message.isSystem ? 'uj' : null, edited_at: message.editedAt },
  });
  const elements: Readonly<Record<(typeof elementTables)[number], readonly Row[]>> = {
    mentions: message.mentions.map((mentioned) => ({
      mention_id: mentioned,
      username: mentioned,
      mention_type: 'user',
    })),
    reactions: message.reactions.map(({ emoji, username }) => ({ emoji, username })),
    attachments: message.attachments.map(({ mimeType, sizeBytes }) => ({
      ...{ kind: mimeType === null ? 'quote' : 'file', mime_type: mimeType, size_bytes: sizeBytes },
    })),
    links: message.links.map((url) => ({ url })),
  };
  for (const table of elementTables) {
    elements[table].forEach((element, position) => add(table, { ...common, ...element, position }));
    if (elements[table].length === 0 && message.editedAt !== null) {
      add(table, { message_id: id, room_id: room, ts, op: 'delete' });
    }
  }
}
