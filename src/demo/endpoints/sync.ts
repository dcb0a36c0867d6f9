import type { Endpoint, UserCall } from '../endpoint.ts';
import { text } from '../params.ts';
import type { Param } from '../query-schema.ts';
import { meteorError, byteReply } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { byteText } from '../stored-message.ts';
import type { ByteText } from '../stored-message.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceRoom } from '../workspace-room.ts';
import { viewBytes } from './message-view.ts';
import { findReadableRoom } from './room-lookup.ts';

const string: Param = { type: 'string' };
const optionalString: Param = { type: 'string', nullable: true };

/** A change of a room: the row and the time it is ordered by. */
interface Change {
  readonly atMs: number;
  readonly bytes: ByteText;
}

/**
 * GET chat.syncMessages: what changed and what was deleted since a time (`lastUpdate`, unpaged) or, since 7.1, page by
 * page with a cursor of epoch milliseconds (`type`, `next` or `previous`, `count`).
 *
 * Source: server/publications/messages.ts, server/api/v1/chat.ts. `fromTs` of 8.8 is accepted and ignored; the reasons
 * of the errors (not their codes) are not verified.
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
    if (!lastUpdate && !type && !next && !previous) {
      throw meteorError('error-param-required', 'The required "type" or "lastUpdate" param is missing.');
    }
    if (lastUpdate && (next || previous)) {
      throw meteorError(
        'error-cursor-and-lastUpdate-conflict',
        'The attributes "next", "previous" and "lastUpdate" cannot be used together.',
      );
    }
    if (next && previous) {
      throw meteorError('error-cursor-conflict', 'The attributes "next" and "previous" cannot be used together.');
    }
    if ((next || previous) && !type) {
      throw meteorError('error-type-param-required', 'The "type" parameter must be provided.');
    }
    const room = findReadableRoom(call);
    if (lastUpdate) return changesSince(call, room, lastUpdate);
    if (!next && !previous) return result({ updated: '[]', deleted: '[]' });
    return changePage(call, room, type === 'DELETED' ? 'deleted' : 'updated', next, previous);
  },
};

function changesSince(call: UserCall, room: WorkspaceRoom, lastUpdate: string): Reply {
  const sinceMs = Date.parse(lastUpdate);
  if (Number.isNaN(sinceMs)) {
    throw meteorError('error-lastUpdate-param-invalid', 'The "lastUpdate" query parameter must be a valid date.');
  }
  const updated = room.messages
    .filter(({ hidden, updatedAtMs }) => !hidden && updatedAtMs > sinceMs)
    .reverse()
    .map((message) => viewBytes(message, call.user.id, 'whole'));
  const deleted = deletions(room).filter(({ atMs }) => atMs > sinceMs);
  return result({ updated: `[${updated.join(',')}]`, deleted: list(deleted) });
}

function changePage(
  call: UserCall,
  room: WorkspaceRoom,
  kind: 'updated' | 'deleted',
  next: string | undefined,
  previous: string | undefined,
): Reply {
  const count = Number(text(call.params, 'count') ?? '') || 20;
  const all = kind === 'deleted' ? deletions(room) : updates(call, room);
  const fromMs = Number.parseInt(next ?? previous ?? '', 10);
  // The border is exclusive: rows that share the last time of a page are lost, here as there.
  const beyond = next
    ? all.filter(({ atMs }) => atMs > fromMs).sort((a, b) => a.atMs - b.atMs)
    : all.filter(({ atMs }) => atMs < fromMs).sort((a, b) => b.atMs - a.atMs);
  const page = beyond.slice(0, count);
  const hasMore = beyond.length > count;
  const [first, last] = [page[0], page.at(-1)];
  const forward = next ? (hasMore ? last : undefined) : first;
  const back = next ? first : hasMore ? last : undefined;
  const cursor = JSON.stringify({
    next: forward ? String(forward.atMs) : null,
    previous: back ? String(back.atMs) : null,
  });
  return result({ [kind]: list(page), cursor });
}

function updates({ user }: UserCall, room: WorkspaceRoom): readonly Change[] {
  return room.messages
    .filter(({ hidden }) => !hidden)
    .map((message) => ({ atMs: message.updatedAtMs, bytes: viewBytes(message, user.id, 'whole') }));
}

function deletions(room: WorkspaceRoom): readonly Change[] {
  return room.deletions.map(({ id, atMs }) => ({
    atMs,
    bytes: byteText({ _id: id, _deletedAt: new Date(atMs).toISOString() }),
  }));
}

function list(changes: readonly Change[]): string {
  return `[${changes.map(({ bytes }) => bytes).join(',')}]`;
}

/** The values are bytes of JSON already. */
function result(parts: Readonly<Record<string, ByteText>>): Reply {
  const fields = Object.entries(parts).map(([name, bytes]) => `"${name}":${bytes}`);
  return byteReply(`{"result":{${fields.join(',')}},"success":true}`);
}
