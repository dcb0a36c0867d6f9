import { dayMs } from '../../../src/model/time/durations.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { loginUser, sampleUsers } from '../../../src/demo/sample/people.ts';
import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage, type StoredMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';

/** What happened on a day, as far as a reader of the room list could know it. */
export interface DayOfRoom {
  /** New rows at the end of the list. */
  posted: number;
  /** Rows that were imported among the old ones or deleted: they move the place where the last run left off. */
  moved: number;
  /** Anything that the room list shows. */
  shown: boolean;
  /** Edits and reactions that it does not show. */
  silent: number;
}

/**
 * Rooms in which people post, edit, react, delete, prune, import, rename, archive and open new rooms, from a seed: the
 * same seed gives the same life.
 */
export class LivingWorkspace {
  readonly workspace: Workspace;
  /** The server's clock, epoch milliseconds. */
  nowMs = Date.UTC(2025, 0, 1);
  readonly #prng: Prng;
  readonly #rooms: WorkspaceRoom[] = [];
  #made = 0;
  #day = new Map<string, DayOfRoom>();

  constructor(seed: number, rooms: number) {
    this.#prng = createPrng(seed);
    this.workspace = new Workspace({
      users: sampleUsers,
      rooms: [],
      tokens: { [sampleLogin.authToken]: sampleLogin.userId },
    });
    for (let at = 0; at < rooms; at += 1) this.#openRoom();
    this.nowMs += dayMs;
  }

  get rooms(): readonly WorkspaceRoom[] {
    return this.#rooms;
  }

  /** Lets a day of people's life go by; what happened, by room. */
  liveADay(): ReadonlyMap<string, DayOfRoom> {
    this.#day = new Map();
    const endMs = this.nowMs + dayMs;
    const busy = this.#rooms.filter(() => this.#prng.chance(0.4));
    if (this.#prng.chance(0.3)) this.#openRoom();
    for (let events = this.#prng.integer(20, 60); events > 0 && busy.length > 0; events -= 1) {
      this.nowMs += this.#prng.integer(1, 1_000_000);
      this.#happens(this.#prng.pick(busy));
    }
    this.nowMs = endMs;
    return this.#day;
  }

  /** A day on which nothing happens. */
  sleepADay(): void {
    this.nowMs += dayMs;
  }

  #happens(room: WorkspaceRoom): void {
    const kind = this.#prng.integer(0, 19);
    if (kind < 8) this.#post(room, this.#prng.chance(0.05) ? this.#prng.integer(50, 260) : 1);
    else if (kind < 11) this.#change(room, (document) => ({ ...document, msg: `${String(document['msg'])}!` }));
    else if (kind < 13) {
      const emoji = this.#prng.pick([':wave:', ':tada:']);
      this.#change(room, (document) => ({ ...document, reactions: { [emoji]: { usernames: [loginUser.username] } } }));
    } else if (kind < 16) this.#delete(room, this.#prng.integer(0, room.messages.length - 1), 1);
    else if (kind === 16) this.#delete(room, 0, this.#prng.integer(1, 12));
    else if (kind === 17) this.#import(room);
    else if (kind === 18) {
      room.name = `renamed-${(this.#made += 1)}`;
      this.#shows(room);
    } else if (this.#prng.chance(0.5)) {
      room.archived = !room.archived;
      this.#shows(room);
    }
  }

  #openRoom(): void {
    const number = this.#rooms.length;
    const room = new WorkspaceRoom({
      id: `room${String(number).padStart(13, '0')}`,
      type: 'p',
      name: `room-${number}`,
      memberIds: [sampleLogin.userId],
      createdAtMs: this.nowMs,
    });
    this.#rooms.push(room);
    this.workspace.addRoom(room);
    this.#post(room, this.#prng.integer(1, 120));
  }

  #post(room: WorkspaceRoom, messages: number): void {
    for (let left = messages; left > 0; left -= 1) {
      if (this.#prng.chance(0.9)) this.nowMs += this.#prng.integer(1, 3_000);
      this.#insert(room, this.nowMs);
    }
    this.#of(room).posted += messages;
  }

  /** From another system, with the dates it had there. */
  #import(room: WorkspaceRoom): void {
    const first = room.messages[0];
    if (first === undefined) return;
    for (let left = this.#prng.integer(1, 5); left > 0; left -= 1) {
      this.#insert(room, this.#prng.integer(first.tsMs - dayMs, this.nowMs - 120_000));
      this.#of(room).moved += 1;
    }
  }

  #insert(room: WorkspaceRoom, tsMs: number): void {
    this.#made += 1;
    room.insert(
      storeMessage({
        _id: `m${String(this.#made).padStart(16, '0')}`,
        rid: room.id,
        msg: `said ${this.#made}`,
        ts: new Date(tsMs).toISOString(),
        u: loginUser,
        _updatedAt: new Date(this.nowMs).toISOString(),
        ...(this.#prng.chance(0.1) && { mentions: [loginUser] }),
      }),
    );
    this.#shows(room);
  }

  #change(room: WorkspaceRoom, edit: (document: MessageDocument) => MessageDocument): void {
    if (room.messages.length === 0) return;
    const message: StoredMessage = this.#prng.pick(room.messages);
    const isLast = room.lastMessage?.id === message.id;
    room.replace(storeMessage({ ...edit(message.document()), _updatedAt: new Date(this.nowMs).toISOString() }));
    if (isLast) this.#shows(room);
    else this.#of(room).silent += 1;
  }

  #delete(room: WorkspaceRoom, from: number, messages: number): void {
    for (const { id } of room.messages.slice(from, from + messages)) {
      room.remove(id, this.nowMs);
      this.#of(room).moved += 1;
    }
    this.#shows(room);
  }

  #shows(room: WorkspaceRoom): void {
    room.updatedAtMs = this.nowMs;
    this.#of(room).shown = true;
  }

  #of(room: WorkspaceRoom): DayOfRoom {
    const known = this.#day.get(room.id) ?? { posted: 0, moved: 0, shown: false, silent: 0 };
    this.#day.set(room.id, known);
    return known;
  }
}
