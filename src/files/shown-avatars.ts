import type { Row } from '../model/column.ts';
import { roomAvatar, userAvatar } from '../model/files/avatar.ts';
import type { FileReference } from '../model/files/file-reference.ts';

/** The avatars of who sent the messages of earlier runs, and of their rooms, by the rows of these. */
export class ShownAvatars {
  readonly #references = new Map<string, FileReference>();

  get references(): readonly FileReference[] {
    return [...this.#references.values()];
  }

  note({ user_id: userId, username, room_id: roomId, room_name: roomName, room_type: roomType }: Row): void {
    // Names of earlier years are not those under which the server has them: the last one counts.
    if (typeof userId === 'string' && typeof username === 'string') this.#set(userAvatar(userId, username));
    if (typeof roomId !== 'string' || typeof roomName !== 'string' || roomType === 'direct') return;
    this.#set(roomAvatar(roomId, roomName));
  }

  #set(reference: FileReference): void {
    if (this.#references.get(reference.fileId)?.name !== reference.name) {
      this.#references.set(reference.fileId, reference);
    }
  }
}
