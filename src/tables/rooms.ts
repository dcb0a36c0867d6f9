import type { Room } from '../rocketchat/room.ts';
import type { Column } from './column.ts';
import { columnsOf } from './define-column.ts';

/** A room that a run exported, as the room list told it when the run started. */
export interface ExportedRoom {
  readonly room: Room;
  readonly run: number;
}

const column = columnsOf<ExportedRoom>();

/** Columns of `rooms`: one row a room and run. */
export const roomColumns: readonly Column<ExportedRoom>[] = [
  column('room_id', 'string', '_id', 'Id of the room.', ({ room }) => room.id),
  column('room_name', 'string', 'name', 'Its name; of a direct room, the other people.', ({ room }) => room.name),
  column('room_type', 'string', 't', '`private`, `channel`, `direct`, `livechat` or `voip`.', ({ room }) => room.type),
  column('archived', 'boolean', 'archived', 'Whether it is closed to new messages.', ({ room }) => room.archived),
  column(
    'parent_id',
    'string?',
    'prid',
    'The room a discussion belongs to; null for a room of its own.',
    ({ room }) => room.parentId,
  ),
  column(
    'message_count',
    'int?',
    'msgs',
    "The server's own count of messages: near, not exact.",
    ({ room }) => room.messageCount,
  ),
  column('last_message_at', 'timestamp?', 'lm', 'When the newest message was sent.', ({ room }) =>
    room.lastMessageAtMs === null ? null : new Date(room.lastMessageAtMs),
  ),
  column('run', 'int', 'the run', 'Number of the run that wrote the row.', ({ run }) => run),
];
