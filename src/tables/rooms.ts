import type { Room } from '../model/room.ts';
import type { Column } from '../model/column.ts';
import { columnsOf } from './define-column.ts';

/** A room that a run exported, as the room list showed it when the run started; or that is gone since. */
export type ExportedRoom =
  | { readonly op: 'upsert'; readonly room: Room; readonly run: number }
  | { readonly op: 'delete'; readonly roomId: string; readonly run: number };

const column = columnsOf<ExportedRoom>();

/** Columns of `rooms`: one row per room and run. */
export const roomColumns: readonly Column<ExportedRoom>[] = [
  column('room_id', 'string', '_id', 'Id of the room.', (row) => (row.op === 'delete' ? row.roomId : row.room.id)),
  column(
    'room_name',
    'string?',
    'name',
    'Its name; of a direct room, the other people.',
    ofRoom((room) => room.name),
  ),
  column(
    'room_title',
    'string?',
    'fname, name',
    'What clients show for it: of a discussion, whose name is random letters, its title.',
    ofRoom(roomTitle),
  ),
  column(
    'room_type',
    'string?',
    't',
    '`private`, `channel`, `direct`, `livechat` or `voip`.',
    ofRoom((room) => room.type),
  ),
  column(
    'archived',
    'boolean?',
    'archived',
    'Whether it is closed to new messages.',
    ofRoom((room) => room.archived),
  ),
  column(
    'read_only',
    'boolean?',
    'ro',
    'Whether only some may write in it.',
    ofRoom((room) => room.details?.readOnly ?? null),
  ),
  column(
    'topic',
    'string?',
    'topic',
    'Its topic.',
    ofRoom((room) => room.details?.topic ?? null),
  ),
  column(
    'description',
    'string?',
    'description',
    'Its description.',
    ofRoom((room) => room.details?.description ?? null),
  ),
  column(
    'parent_id',
    'string?',
    'prid',
    'The room a discussion belongs to; null for a room of its own.',
    ofRoom((room) => room.parentId),
  ),
  column(
    'team_id',
    'string?',
    'teamId',
    'The team it belongs to.',
    ofRoom((room) => room.details?.teamId ?? null),
  ),
  column(
    'owner_id',
    'string?',
    'u._id',
    'Id of the user who created it.',
    ofRoom((room) => room.details?.ownerId ?? null),
  ),
  column(
    'created_at',
    'timestamp?',
    'ts',
    'When it was created.',
    ofRoom((room) => dateOf(room.details?.createdAtMs ?? null)),
  ),
  column(
    'members_count',
    'int?',
    'usersCount',
    "The server's own count of members.",
    ofRoom((room) => room.details?.membersCount ?? null),
  ),
  column(
    'message_count',
    'int?',
    'msgs',
    "The server's own count of messages: near, not exact.",
    ofRoom((room) => room.messageCount),
  ),
  column(
    'last_message_at',
    'timestamp?',
    'lm',
    'When the newest message was sent.',
    ofRoom((room) => dateOf(room.lastMessageAtMs)),
  ),
  column(
    'op',
    'string',
    'the run',
    '`upsert`: the row replaces those of earlier runs; `delete`: the login cannot see the room any more, and all else is null.',
    ({ op }) => op,
  ),
  column('run', 'int', 'the run', 'Number of the run that wrote the row.', ({ run }) => run),
];

function roomTitle({ displayName, name }: Room): string {
  return displayName ?? name;
}

function ofRoom<Cell>(read: (room: Room) => Cell): (row: ExportedRoom) => Cell | null {
  return (row) => (row.op === 'delete' ? null : read(row.room));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
