import { canRead } from '../can-read.ts';
import type { Endpoint, UserCall } from '../endpoint.ts';
import { text } from '../params.ts';
import type { Param } from '../query-schema.ts';
import { byteReply, failure, meteorError } from '../reply.ts';
import type { Refusal, Reply } from '../reply.ts';
import { byteText } from '../../workspace/stored-message.ts';
import type { ByteText } from '../../workspace/stored-message.ts';
import type { TrashedMessage } from '../../workspace/trash.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceRoom } from '../../workspace/workspace-room.ts';
import { viewBytes } from './message-view.ts';

const string: Param = { type: 'string' };
const optionalString: Param = { type: 'string', nullable: true };

/** A row of either list. */
interface Change {
  /** What the cursor counts by: `_updatedAt` of a message, `_deletedAt` of a deletion. */
  readonly cursorMs: number;
  /** What the rows are sorted by: in both lists the message's own `_updatedAt`. */
  readonly updatedAtMs: number;
  readonly bytes: ByteText;
}

/**
 * GET chat.syncMessages: what changed and what was deleted since a time (`lastUpdate`, unpaged) or, since 7.1, page by
 * page with a cursor of epoch milliseconds (`type`, `next` or `previous`, `count`, which has no upper limit).
 *
 * Source: server/publications/messages.ts, server/api/v1/chat.ts. `fromTs` of 8.8 is accepted and ignored.
 */
export const syncMessages: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: (version) => ({
    typed: atLeast(version, '8.3'),
    query: atLeast(version, '7.1')
      ? {
          kind: 'object',
          required: ['roomId'],
          properties: {
            roomId: string,
            lastUpdate: optionalString,
            ...(atLeast(version, '8.8') ? { fromTs: string } : {}),
            count: { type: 'number', nullable: true },
            next: optionalString,
            previous: optionalString,
            type: { type: 'string', values: ['UPDATED', 'DELETED'], nullable: true },
          },
        }
      : { kind: 'object', required: ['roomId', 'lastUpdate'], properties: { roomId: string, lastUpdate: string } },
  }),
  answer: (call) => {
    const { params } = call;
    const [lastUpdate, type, next, previous] = ['lastUpdate', 'type', 'next', 'previous'].map((name) =>
      text(params, name),
    );
    if (!lastUpdate && !type) {
      throw meteorError('error-param-required', 'The "type" or "lastUpdate" parameters must be provided');
    }
    const sinceMs = lastUpdate ? Date.parse(lastUpdate) : null;
    if (Number.isNaN(sinceMs)) throw invalidLastUpdate(call);
    const room = findSyncedRoom(call);
    if ((next || previous) && !type) {
      throw meteorError(
        'error-type-param-required',
        'The "type" parameter is required when using the "next" or "previous" parameters',
      );
    }
    if (next && previous) {
      throw meteorError('error-cursor-conflict', 'You cannot provide both "next" and "previous" parameters');
    }
    if ((next || previous) && lastUpdate) {
      throw meteorError(
        'error-cursor-and-lastUpdate-conflict',
        'The attributes "next", "previous" and "lastUpdate" cannot be used together',
      );
    }
    if (sinceMs !== null) return changesSince(call, room, sinceMs);
    // Without a cursor the server reads the room's history, of whose answer this route passes nothing on.
    if (!next && !previous) return result({ updated: '[]', deleted: '[]' });
    return changePage(call, room, type === 'DELETED' ? 'deleted' : 'updated', next, previous);
  },
};

/** 7.0 and before named another code. */
function invalidLastUpdate({ rules }: UserCall): Refusal {
  const code = atLeast(rules.version, '7.1') ? 'error-lastUpdate-param-invalid' : 'error-roomId-param-invalid';
  return meteorError(code, 'The "lastUpdate" query parameter must be a valid date');
}

function findSyncedRoom(call: UserCall): WorkspaceRoom {
  const room = call.workspace.room(text(call.params, 'roomId') ?? '');
  if (room && canRead(call, room)) return room;
  throw meteorError('error-not-allowed', 'Not allowed', { method: 'messages/get' });
}

function changesSince(call: UserCall, room: WorkspaceRoom, sinceMs: number): Reply {
  const updated = room.messages
    .filter(({ hidden, updatedAtMs }) => !hidden && updatedAtMs > sinceMs)
    .reverse()
    .map((message) => viewBytes(message, call.user.id, 'whole'));
  const deleted = room.trash.messages
    .filter(({ atMs }) => atMs > sinceMs)
    .sort((a, b) => b.tsMs - a.tsMs)
    .map(deletion);
  return result({ updated: `[${updated.join(',')}]`, deleted: list(deleted) });
}

/**
 * One options object serves both types, so deletions are sorted by what the trash keeps of the message's `_updatedAt`,
 * while the cursor is compared with, and made from, their `_deletedAt`.
 */
function changePage(
  call: UserCall,
  room: WorkspaceRoom,
  kind: 'updated' | 'deleted',
  next: string | undefined,
  previous: string | undefined,
): Reply {
  const count = Math.trunc(Number(text(call.params, 'count'))) || 20;
  const all = kind === 'deleted' ? room.trash.messages.map(deletion) : updates(call, room);
  const fromMs = Number.parseInt(next ?? previous ?? '', 10);
  if (Number.isNaN(new Date(fromMs).getTime())) throw failure('Invalid Date');
  // The border is exclusive: rows that share the last time of a page are lost, here as there.
  const beyond = next
    ? all.filter(({ cursorMs }) => cursorMs > fromMs).sort((a, b) => a.updatedAtMs - b.updatedAtMs)
    : all.filter(({ cursorMs }) => cursorMs < fromMs).sort((a, b) => b.updatedAtMs - a.updatedAtMs);
  const page = beyond.slice(0, count);
  const hasMore = beyond.length > count;
  const [first, last] = [page[0], page.at(-1)];
  const forward = next ? (hasMore ? last : undefined) : first;
  const back = next ? first : hasMore ? last : undefined;
  const cursor = JSON.stringify({
    next: forward ? String(forward.cursorMs) : null,
    previous: back ? String(back.cursorMs) : null,
  });
  return result({ updated: '[]', deleted: '[]', [kind]: list(page), cursor });
}

function updates({ user }: UserCall, room: WorkspaceRoom): readonly Change[] {
  return room.messages
    .filter(({ hidden }) => !hidden)
    .map((message) => ({
      cursorMs: message.updatedAtMs,
      updatedAtMs: message.updatedAtMs,
      bytes: viewBytes(message, user.id, 'whole'),
    }));
}

function deletion({ id, atMs, updatedAtMs }: TrashedMessage): Change {
  const bytes = byteText({ _id: id, _deletedAt: new Date(atMs).toISOString() });
  return { cursorMs: atMs, updatedAtMs, bytes };
}

function list(changes: readonly Change[]): string {
  return `[${changes.map(({ bytes }) => bytes).join(',')}]`;
}

/** The values are bytes of JSON already. */
function result(parts: Readonly<Record<string, ByteText>>): Reply {
  const fields = Object.entries(parts).map(([name, bytes]) => `"${name}":${bytes}`);
  return byteReply(`{"result":{${fields.join(',')}},"success":true}`);
}
