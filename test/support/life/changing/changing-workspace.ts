import { people } from '../../../../src/demo/sample/people.ts';
import type { Prng } from '../../../../src/demo/sample/prng.ts';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import type { MessageDocument } from '../../../../src/demo/workspace/message-document.ts';
import type { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';
import { decorations, messageActs } from '../acts/message-acts.ts';
import { dayMs, isoTime, LifeWorld, visible } from '../life-world.ts';

const { post, reply, edit, react, unreact, unmention, detach, unlink, remove, pin } = messageActs;
const acts = { post, reply, edit, react, unreact, unmention, detach, unlink, remove, pin } as const;

const login = sampleLogin.userId;
const colleague = 'aK4mPwZ8cRjNx2VfQ';
const hourMs = 3_600_000;

/** Who sent a message, and when: also of those that are gone. */
interface Sent {
  readonly userId: string;
  readonly tsMs: number;
}

/** A workspace with rooms of every kind, joined and not, in which people write, are renamed, leave and come back. */
export class ChangingWorkspace {
  readonly world = new LifeWorld();
  readonly beganMs = this.world.trueMs;
  /** Every message that there ever was, by id. */
  readonly sent = new Map<string, Sent>();
  /** Every name that anybody ever had, and every id. */
  readonly names = new Set(people.flatMap(({ _id, username, name = username }) => [_id, username, name]));
  readonly #prng: Prng;
  /** With every kind; what happens to rooms happens to the first five. */
  readonly #rooms: readonly WorkspaceRoom[];

  constructor(prng: Prng) {
    this.#prng = prng;
    const { world } = this;
    world.settings.version = '8.8.0';
    world.settings.keepHistory = prng.chance(0.15);
    const general = world.openRoom({ type: 'c', name: 'general' });
    this.#rooms = [
      world.openRoom({ type: 'p', name: 'ops' }),
      general,
      world.openRoom({ type: 'd', name: `${sampleLogin.user},tomasz.r`, id: `${login}${colleague}` }),
      world.openRoom({ type: 'l', name: 'guest' }),
      world.openRoom({ type: 'c', name: 'unjoined', memberIds: [colleague] }),
      world.openRoom({ type: 'p', name: 'invited', withheld: { [login]: 'INVITED' } }),
      world.openRoom({ type: 'p', name: 'xYzDisc', title: 'A talk', parentId: general.id, memberIds: [colleague] }),
    ];
    world.openRoom({ type: 'p', name: 'empty' });
    for (const room of this.#rooms) {
      for (let left = prng.integer(3, 14); left > 0; left -= 1) {
        // Ties, too.
        world.trueMs += prng.pick([0, 1, 1_000, hourMs, 2 * dayMs]);
        world.post(room, prng, { ...decorations(prng), ...this.#oddities(left) });
      }
    }
    this.#note();
  }

  /** @returns what people did between two runs */
  liveOn(): readonly string[] {
    const { world } = this;
    const prng = this.#prng;
    const done: string[] = [];
    for (let left = prng.integer(0, 5); left > 0; left -= 1) {
      world.trueMs += prng.integer(1_000, 900_000);
      const what = prng.pick(Object.keys(acts) as (keyof typeof acts)[]);
      acts[what](world, prng);
      done.push(what);
    }
    if (prng.chance(0.1)) done.push(this.#renamePerson());
    if (prng.chance(0.2)) done.push(this.#changeRoom());
    this.#note();
    this.show();
    world.trueMs += prng.pick([10_000, 20 * 60_000, 2 * hourMs, 3 * dayMs]);
    return done;
  }

  /** Has the room list show that something is new everywhere: what a run may put off is no matter here. */
  show(): void {
    for (const room of this.world.workspace.rooms) this.world.shows(room);
  }

  /** Ids of the rooms that `rooms: ['*']` is to read, and that have messages. */
  get readable(): readonly string[] {
    return this.world.rooms.flatMap((room) => (visible(room).length > 0 ? [room.id] : []));
  }

  /** What a message is now; undefined: it is gone, or was never there. */
  find(id: string): MessageDocument | undefined {
    for (const room of this.world.workspace.rooms) {
      const message = room.find(id);
      if (message !== undefined && !message.hidden) return message.document();
    }
    return undefined;
  }

  #note(): void {
    for (const { messages } of this.world.workspace.rooms)
      for (const message of messages)
        this.sent.set(message.id, { userId: message.document().u._id, tsMs: message.tsMs });
  }

  #oddities(number: number): Partial<MessageDocument> {
    const prng = this.#prng;
    const url = `https://example.org/${number}`;
    return {
      ...(prng.chance(0.1) && { pinned: true }),
      ...(prng.chance(0.1) && { t: 'e2e', msg: 'xx', content: { algorithm: 'a', ciphertext: 'zz' } }),
      ...(prng.chance(0.1) && { msg: `ask @leila.h about ${url}`, urls: [{ url }] }),
      ...(prng.chance(0.1) && this.#file(number)),
    };
  }

  /** Source of the fields: app/file-upload/server/methods/sendFileMessage.ts */
  #file(number: number): Partial<MessageDocument> {
    const id = this.world.newId('f');
    const content = Buffer.from(`content of ${id}`);
    const name = `plan ${number}.txt`;
    this.world.workspace.setUpload({ id, name, type: 'text/plain', content, uploadedAtMs: this.world.trueMs });
    const file = { _id: id, name, type: 'text/plain', size: content.length };
    const link = `/file-upload/${id}/${encodeURIComponent(name)}`;
    const attachment = { type: 'file', title: name, title_link: link, title_link_download: true };
    return { msg: '', file, files: [file], attachments: [attachment] };
  }

  /** With all messages, as one update of the database. Source: app/lib/server/functions/saveUserIdentity.ts */
  #renamePerson(): string {
    const prng = this.#prng;
    const { workspace } = this.world;
    const { _id } = prng.pick(people.slice(3));
    const username = `renamed-${prng.integer(1, 999)}`;
    const user = workspace.findUser(({ id }) => id === _id);
    if (user === undefined) return 'renamePerson nobody';
    workspace.setUser({ ...user, username });
    this.names.add(username);
    const _updatedAt = isoTime(this.world.stampMs(prng));
    for (const room of workspace.rooms)
      for (const message of visible(room)) {
        const { u } = message.document();
        if (u._id === _id) this.world.change(room, message, prng, { u: { ...u, username }, _updatedAt });
      }
    return `renamePerson ${_id}`;
  }

  #changeRoom(): string {
    const prng = this.#prng;
    const room = prng.pick(this.#rooms.slice(0, 5));
    const what = prng.pick(['rename', 'convert', 'archive', 'leave', 'join', 'admit', 'demolish', 'ban'] as const);
    const isDirect = room.type === 'd';
    switch (what) {
      case 'rename':
        // Whoever may name a room may name it like a pattern.
        if (!isDirect) room.name = prng.chance(0.3) ? '*' : `${room.name}x`;
        break;
      case 'convert':
        if (room.type === 'p' || room.type === 'c') room.type = room.type === 'p' ? 'c' : 'p';
        break;
      case 'archive':
        if (!isDirect) room.archived = !room.archived;
        break;
      case 'leave':
        if (!isDirect) room.memberIds.delete(login);
        break;
      case 'join':
        room.memberIds.add(login);
        break;
      case 'admit':
        for (const { withheld } of this.#rooms) withheld.delete(login);
        break;
      case 'demolish':
        this.world.workspace.removeRoom(room.id);
        break;
      case 'ban':
        if (!isDirect) room.withheld.set(login, 'BANNED');
        break;
    }
    return `${what} ${room.id}`;
  }
}
