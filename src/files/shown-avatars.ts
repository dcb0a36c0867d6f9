import type { Row } from '../model/column.ts';
import { roomAvatar, userAvatar } from '../model/files/avatar.ts';
import type { FileReference } from '../model/files/file-reference.ts';
import { inOrder, isRowBefore, type ShownRow } from './row-order.ts';

interface ShownAvatar extends ShownRow {
  readonly tsMs: number;
  readonly reference: FileReference;
}

/** The avatars of who sent the messages of earlier runs, and of their rooms, by the rows of these, in any order. */
export class ShownAvatars {
  readonly #shown = new Map<string, ShownAvatar>();

  /** In the order of the runs that name them last, and their ids. */
  get references(): readonly FileReference[] {
    const placed = [...this.#shown.values()].map(({ run, reference }) => ({ run, id: reference.fileId, reference }));
    return inOrder(placed).map(({ reference }) => reference);
  }

  note(row: Row): void {
    const { user_id: userId, username, room_id: roomId, room_name: roomName, room_type: roomType } = row;
    // Names of earlier years are not those under which the server has them: the last one counts.
    if (typeof userId === 'string' && typeof username === 'string') this.#set(row, userAvatar(userId, username));
    if (typeof roomId !== 'string' || typeof roomName !== 'string' || roomType === 'direct') return;
    this.#set(row, roomAvatar(roomId, roomName));
  }

  #set({ run, ts, message_id: messageId }: Row, reference: FileReference): void {
    if (typeof run !== 'number' || typeof messageId !== 'string') return;
    const shown = { run, tsMs: ts instanceof Date ? ts.getTime() : 0, id: messageId, reference };
    const known = this.#shown.get(reference.fileId);
    if (known === undefined || isNewer(shown, known)) this.#shown.set(reference.fileId, shown);
  }
}

/** By what the rows say of themselves: a purge moves them from file to file. */
function isNewer(one: ShownAvatar, other: ShownAvatar): boolean {
  if (one.run !== other.run) return one.run > other.run;
  return one.tsMs === other.tsMs ? isRowBefore(other, one) : one.tsMs > other.tsMs;
}
