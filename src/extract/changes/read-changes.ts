import { markOf } from '../message-mark.ts';
import type { RoomError } from '../../errors.ts';
import { parseChanges, type Change, type ChangePage, type UnreadableChange } from '../../model/changes.ts';
import type { Query, RocketChat } from '../../model/rocketchat.ts';
import { changesEndpoint, type Cursor, type Hole, type PageRecord } from '../../model/stream.ts';
import type { ReadHole, ReadPage } from '../read-step.ts';
import { walkChanges } from './walk-changes.ts';
import { type ChangeRequest, type ChangeStep } from './change-request.ts';

export interface ReadChangesOptions {
  readonly chat: Pick<RocketChat, 'get'>;
  readonly room: { readonly id: string };
  /** Its watermark: since when. Its `deliveredIds`: keys of later changes that earlier runs took. */
  readonly cursor: Cursor;
  /** See ChangeWalkOptions. */
  readonly isPaged: boolean;
  readonly journaled?: readonly { readonly request: ChangeRequest; readonly page: ChangePage }[];
  readonly endsBoth?: (error: RoomError) => boolean;
}

interface SyncPage extends ChangePage {
  readonly body: Uint8Array;
}

/**
 * Reads what changed in a room since a cursor: edits, reactions, pins, new replies of threads, deletions; also messages
 * that were posted meanwhile or imported with old dates. Deletions are those of the server's trash, which forgets them
 * after 30 days; with Message_KeepHistory messages are hidden instead, which is not reported here.
 *
 * @yields pages with something new, and a hole for each changed message that cannot be read
 * @returns the cursor it began with: how far it came is for the run to say, which knows when it began
 * @throws what `walkChanges`, `parseChanges` and `RocketChat.get` throw
 */
export async function* readChanges(options: ReadChangesOptions): AsyncGenerator<ReadPage | ReadHole, Cursor> {
  const { chat, room, cursor, isPaged, journaled = [], endsBoth } = options;
  const steps = walkChanges<SyncPage>(
    async (request) => {
      const answer = await chat.get(changesEndpoint, { roomId: room.id, ...queryOf(request) });
      return { ...parseChanges(answer.value), body: answer.body };
    },
    { sinceMs: sinceMsOf(cursor), taken: cursor.deliveredIds, isPaged, journaled, ...(endsBoth && { endsBoth }) },
  );
  for await (const step of steps) {
    const { page, unreadable } = step;
    const record = recordOf(step, cursor);
    yield { kind: 'page', record, body: page.body };
    // The page itself is kept where it has anything else to give.
    const body = record.first === null ? page.body : Buffer.alloc(0);
    for (const one of unreadable) yield { kind: 'hole', hole: holeOf(one), cursor, body };
  }
  return cursor;
}

function sinceMsOf({ watermark }: Cursor): number {
  return Math.max(1, watermark?.tsMs ?? 1);
}

/** Server versions before 7.1 know `lastUpdate` only, and reject what they do not know. */
function queryOf({ list, afterMs, beforeMs, count }: ChangeRequest): Query {
  switch (list) {
    case 'both':
      return { lastUpdate: new Date(afterMs).toISOString() };
    case 'updated':
    case 'deleted':
      return beforeMs === undefined
        ? { type: list.toUpperCase(), next: String(afterMs), count }
        : { type: list.toUpperCase(), previous: String(beforeMs), count };
  }
}

function recordOf({ request, page, skip }: ChangeStep<SyncPage>, cursor: Cursor): PageRecord {
  const known = new Set(skip);
  const taken = page.changes.filter((_, index) => !known.has(index)).toSorted((a, b) => a.atMs - b.atMs);
  return {
    asked: { kind: 'changes', ...request },
    rows: page.changes.length,
    total: null,
    from: 0,
    to: page.changes.length,
    skip,
    versions: 0,
    first: markOf(placeOf(taken[0])),
    last: markOf(placeOf(taken.at(-1))),
    repaired: 0,
    cursor,
  };
}

/** This list is in order of the changes, so that is what its place is given by. */
function holeOf({ reason, id, atMs, untilMs, problem }: UnreadableChange): Hole {
  return {
    reason,
    message: problem,
    offset: 0,
    rows: 1,
    after: { tsMs: atMs, id: null },
    before: { tsMs: untilMs, id: null },
    id: id === '' ? null : id,
  };
}

/** By the time of the change. */
function placeOf(change: Change | undefined) {
  return change && { id: change.id, tsMs: change.atMs };
}
