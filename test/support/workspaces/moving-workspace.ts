import { loginUser } from '../../../src/demo/sample/people.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';

interface Life {
  /** Number of the change with which the message came; 0: it was there from the start. */
  readonly bornAt: number;
  /** Number of the change with which it went; null: it is still there. */
  diedAt: number | null;
}

/**
 * A workspace that changes while it is read, and remembers what lived when: the judge of every walk. Changes are
 * counted; `now` is the number of the last one and serves as the time for `survivors` and `everAlive`.
 */
export class MovingWorkspace {
  readonly workspace: Workspace;
  readonly #lives = new Map<string, Map<string, Life>>();
  #changes = 0;
  #clockMs: number;
  #made = 0;

  /** `clockMs`: the time of the first change; each change takes a second. */
  constructor(workspace: Workspace, clockMs = Date.UTC(2026, 0, 1)) {
    this.workspace = workspace;
    this.#clockMs = clockMs;
    for (const room of workspace.rooms) {
      const visible = room.messages.filter(({ hidden }) => !hidden);
      this.#lives.set(room.id, new Map(visible.map(({ id }) => [id, { bornAt: 0, diedAt: null }])));
    }
  }

  get now(): number {
    return this.#changes;
  }

  /** A new message now. */
  post(roomId: string): void {
    this.#insert(roomId, this.#change());
  }

  /** New messages now, all in one millisecond. */
  burst(roomId: string, count: number): void {
    const tsMs = this.#change();
    for (let made = 0; made < count; made += 1) this.#insert(roomId, tsMs);
  }

  /** A message with an old `ts`, as imports, federation and slow inserts make them. */
  insertLate(roomId: string, tsMs: number): void {
    this.#change();
    this.#insert(roomId, tsMs);
  }

  /** Deletes the message at this place (0: the oldest, 1: the newest); nothing in an empty room. */
  remove(roomId: string, place: number): void {
    const room = this.room(roomId);
    const message = at(room, place);
    if (message) this.#remove(room, message.id, this.#change());
  }

  /** Retention: deletes the oldest messages. */
  prune(roomId: string, count: number): void {
    const room = this.room(roomId);
    const nowMs = this.#change();
    for (const { id } of room.messages.slice(0, count)) this.#remove(room, id, nowMs);
  }

  /** Edits the message at this place: the new `_updatedAt` changes its order among ties of `ts`. */
  edit(roomId: string, place: number): void {
    const room = this.room(roomId);
    const message = at(room, place);
    if (!message) return;
    const editedAt = new Date(this.#change()).toISOString();
    const document = message.document();
    const editedBy = { _id: loginUser._id, username: loginUser.username };
    room.replace(
      storeMessage({ ...document, msg: `edited ${this.#changes}`, editedAt, editedBy, _updatedAt: editedAt }),
    );
  }

  archive(roomId: string): void {
    this.#change();
    this.room(roomId).archived = true;
  }

  rename(roomId: string, name: string): void {
    this.#change();
    this.room(roomId).name = name;
  }

  removeAccess(roomId: string, userId: string): void {
    this.#change();
    this.room(roomId).memberIds.delete(userId);
  }

  expireToken(token: string): void {
    this.#change();
    this.workspace.logout(token);
  }

  /** From now on every `total` is off by this many. */
  driftTotal(roomId: string, by: number): void {
    this.#change();
    this.room(roomId).totalDrift = by;
  }

  /** Ids of the messages that were there at change `from` and still are at change `until`, sorted. */
  survivors(roomId: string, from = 0, until = this.now): readonly string[] {
    return this.#idsOf(roomId, ({ bornAt, diedAt }) => bornAt <= from && (diedAt === null || diedAt > until));
  }

  /** Ids of the messages that were there at some time from change `from` to change `until`, sorted. */
  everAlive(roomId: string, from = 0, until = this.now): readonly string[] {
    return this.#idsOf(roomId, ({ bornAt, diedAt }) => bornAt <= until && (diedAt === null || diedAt > from));
  }

  /** @throws Error when there is no such room */
  room(roomId: string): WorkspaceRoom {
    const room = this.workspace.room(roomId);
    if (!room) throw new Error(`The workspace has no room "${roomId}"`);
    return room;
  }

  #idsOf(roomId: string, matches: (life: Life) => boolean): readonly string[] {
    const lives = this.#lives.get(roomId) ?? new Map<string, Life>();
    return [...lives].flatMap(([id, life]) => (matches(life) ? [id] : [])).sort();
  }

  #change(): number {
    this.#changes += 1;
    this.#clockMs += 1000;
    return this.#clockMs;
  }

  #insert(roomId: string, tsMs: number): void {
    this.#made += 1;
    const room = this.room(roomId);
    const document: MessageDocument = {
      _id: `new${String(this.#made).padStart(14, '0')}`,
      rid: roomId,
      msg: `said ${this.#made}`,
      ts: new Date(tsMs).toISOString(),
      u: loginUser,
      _updatedAt: new Date(this.#clockMs).toISOString(),
    };
    room.insert(storeMessage(document));
    room.updatedAtMs = this.#clockMs;
    this.#lives.get(roomId)?.set(document._id, { bornAt: this.#changes, diedAt: null });
  }

  #remove(room: WorkspaceRoom, id: string, nowMs: number): void {
    room.remove(id, nowMs);
    const life = this.#lives.get(room.id)?.get(id);
    if (life) life.diedAt = this.#changes;
  }
}

function at({ messages }: WorkspaceRoom, place: number): WorkspaceRoom['messages'][number] | undefined {
  return messages[Math.min(messages.length - 1, Math.floor(place * messages.length))];
}
