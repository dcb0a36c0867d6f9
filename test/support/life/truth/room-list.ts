import { roomDocument } from '../../../../src/demo/workspace/room-document.ts';
import type { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';
import type { Row } from './truth-lines.ts';

/** A room as the list showed it when a run asked for it. */
export interface ListedRoom {
  readonly id: string;
  readonly type: WorkspaceRoom['type'];
  readonly archived: boolean;
  /** All that the list shows of it. */
  readonly mark: string;
  readonly updatedAtMs: number;
  readonly messageCount: number;
  readonly lastMessageMs: number | null;
  /** Its row in the table `rooms`, as docs/tables.md has it. */
  readonly row: Row;
}

/** What a run was told of the rooms, and when: whatever happens later may be left to the next run. */
export interface RoomList {
  /** The newest act. */
  readonly act: number;
  /** By the clock of the exporting machine. */
  readonly clientMs: number;
  /** Whether the run was told to ask every room what changed. */
  readonly isEveryRoom: boolean;
  readonly rooms: ReadonlyMap<string, ListedRoom>;
  /** Ids of rooms that the login may not read: invitations, and rooms that it is banned from. Their rows stay. */
  readonly withheld: ReadonlySet<string>;
}

/** @param self username of the login */
export function listedRoom(room: WorkspaceRoom, self: string): ListedRoom {
  const { id, type, name, archived, updatedAtMs } = room;
  const messageCount = room.messages.length - room.hiddenCount;
  const lastMessageMs = room.lastMessage?.tsMs ?? null;
  const others = name.split(',').filter((username) => username !== self);
  return {
    ...{ id, type, archived, updatedAtMs, messageCount, lastMessageMs },
    mark: JSON.stringify(roomDocument(room)),
    row: {
      room_name: type === 'd' ? others.join(', ') : name,
      room_type: { p: 'private', c: 'channel', d: 'direct', l: 'livechat' }[type],
      archived,
      message_count: messageCount,
      last_message_at: lastMessageMs === null ? null : new Date(lastMessageMs).toISOString(),
    },
  };
}
