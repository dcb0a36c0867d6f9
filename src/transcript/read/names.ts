import { ownCopy } from '../../model/text/own-copy.ts';
import type { Row } from '../../model/column.ts';
import { namesNewer } from '../../snapshot/versions/newest-version.ts';

/** What a room is called. */
export interface RoomName {
  readonly title: string;
  readonly name: string;
  readonly type: string;
}

/** Names as the newest rows have them: of rooms by id, of users by username. */
export class Names {
  readonly #rooms = new Map<string, RoomName & { readonly run: number }>();
  readonly #users = new Map<string, { readonly name: string; readonly run: number }>();

  readonly #senders = new Set<string>();

  note(row: Row): void {
    const {
      room_id: roomId,
      room_title: title,
      room_name: name,
      room_type: type,
      run,
      user_id: userId,
      username,
      user_name: userName,
    } = row;
    const newest = typeof run === 'number' ? run : 0;
    if (typeof roomId === 'string' && namesNewer(newest, this.#rooms.get(roomId)?.run)) {
      const known = typeof name === 'string' ? name : roomId;
      this.#rooms.set(ownCopy(roomId), {
        title: ownCopy(typeof title === 'string' ? title : known),
        name: ownCopy(known),
        type: typeof type === 'string' ? type : '',
        run: newest,
      });
    }
    for (const sender of [userId, username]) {
      if (typeof sender === 'string' && !this.#senders.has(sender)) this.#senders.add(ownCopy(sender));
    }
    if (typeof username !== 'string' || typeof userName !== 'string') return;
    if (namesNewer(newest, this.#users.get(username)?.run))
      this.#users.set(ownCopy(username), { name: ownCopy(userName), run: newest });
  }

  room(roomId: string): RoomName {
    return this.#rooms.get(roomId) ?? { title: roomId, name: roomId, type: '' };
  }

  user(username: string): string | undefined {
    return this.#users.get(username)?.name;
  }

  /** Ids and usernames of whoever sent a message. */
  get senders(): ReadonlySet<string> {
    return this.#senders;
  }

  /** Ids of the rooms that a word means: by id, name or title. */
  roomsCalled(word: string): readonly string[] {
    return [...this.#rooms].filter(([id, { name, title }]) => [id, name, title].includes(word)).map(([id]) => id);
  }
}
