import { indexDirection, sortMessages } from './sort-order.ts';
import type { SortOrder } from './sort-order.ts';
import type { StoredMessage } from './stored-message.ts';
import { Trash } from './trash.ts';

/** Which messages of a room a query selects. `key` names the filter: the same key means the same filter. */
export interface MessageFilter {
  readonly key: string;
  matches(message: StoredMessage): boolean;
}

export interface MessagePage {
  readonly messages: readonly StoredMessage[];
  readonly total: number;
}

/** Private group, public channel, direct room, livechat. */
export type WireRoomType = 'p' | 'c' | 'd' | 'l';

/** What keeps a user from reading a room that is among their subscriptions. Source: core-typings, ISubscription.ts */
export type WithheldStatus = 'INVITED' | 'BANNED';

export interface RoomSetup {
  readonly id: string;
  readonly type: WireRoomType;
  /** For a direct room the usernames of its people, joined by a comma. */
  readonly name: string;
  /** `fname`, what people see; of a discussion its name is random letters. Default: the name. */
  readonly title?: string;
  readonly memberIds: readonly string[];
  /** By user id: `owner`, `moderator`, `leader`. */
  readonly memberRoles?: Readonly<Record<string, readonly string[]>>;
  /** Users whose subscription does not let them read, by id. */
  readonly withheld?: Readonly<Record<string, WithheldStatus>>;
  readonly archived?: boolean;
  /** The room a discussion belongs to. */
  readonly parentId?: string;
  readonly createdAtMs: number;
  /** What else the room list shows of it: `topic`, `u`, `ro`… */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly messages?: readonly StoredMessage[];
}

/** Where and how far back the history of a room is read. */
interface HistorySpan {
  readonly latestMs: number;
  readonly oldestMs: number | null;
  /** Whether both ends belong to it. */
  readonly inclusive: boolean;
  readonly offset: number;
  /** 0 means all that is left. */
  readonly count: number;
}

/** A room and its messages, kept in the order of the server's index (`ts`, then `_updatedAt`). */
export class WorkspaceRoom {
  readonly id: string;
  /** A channel may be made private, a group public. */
  type: WireRoomType;
  readonly parentId: string | null;
  readonly memberIds: Set<string>;
  readonly memberRoles: Map<string, readonly string[]>;
  readonly withheld: Map<string, WithheldStatus>;
  readonly createdAtMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
  name: string;
  /** null: people see the name. */
  title: string | null;
  archived: boolean;
  updatedAtMs: number;
  /** Added to every `total`: the server counts beside the find, without a snapshot, so the two may disagree. */
  totalDrift = 0;
  readonly trash = new Trash();
  readonly #messages: StoredMessage[];
  #byId: Map<string, StoredMessage> | null = null;
  #hiddenCount = 0;
  readonly #selections = new Map<string, readonly StoredMessage[]>();

  constructor(setup: RoomSetup) {
    this.id = setup.id;
    this.type = setup.type;
    this.name = setup.name;
    this.title = setup.title ?? null;
    this.parentId = setup.parentId ?? null;
    this.memberIds = new Set(setup.memberIds);
    this.memberRoles = new Map(Object.entries(setup.memberRoles ?? {}));
    this.withheld = new Map(Object.entries(setup.withheld ?? {}));
    this.archived = setup.archived ?? false;
    this.createdAtMs = setup.createdAtMs;
    this.fields = setup.fields ?? {};
    this.#messages = [...(setup.messages ?? [])];
    if (!this.#messages.every((message, at) => at === 0 || compareByIndex(this.#messages[at - 1], message) <= 0)) {
      this.#messages.sort(compareByIndex);
    }
    this.#hiddenCount = this.#messages.reduce((count, { hidden }) => count + Number(hidden), 0);
    this.updatedAtMs = this.#messages.at(-1)?.tsMs ?? setup.createdAtMs;
  }

  /** In index order, edit-history clones included. */
  get messages(): readonly StoredMessage[] {
    return this.#messages;
  }

  get hiddenCount(): number {
    return this.#hiddenCount;
  }

  get lastMessage(): StoredMessage | undefined {
    return this.#messages.findLast(({ hidden }) => !hidden);
  }

  find(id: string): StoredMessage | undefined {
    this.#byId ??= new Map(this.#messages.map((message) => [message.id, message]));
    return this.#byId.get(id);
  }

  /** Posted, imported or sent by another server: the room's counter and its date follow. */
  insert(message: StoredMessage): void {
    this.#insert(message);
    this.#touch(message.updatedAtMs);
  }

  #insert(message: StoredMessage): void {
    if (this.find(message.id)) throw new Error(`Room "${this.id}" already has a message "${message.id}"`);
    this.#messages.splice(this.#upperBound(message), 0, message);
    this.#byId?.set(message.id, message);
    this.#hiddenCount += Number(message.hidden);
    this.#selections.clear();
  }

  /** Deletes for good, into the trash. Returns whether there was such a message. */
  remove(id: string, atMs: number): boolean {
    const removed = this.#take(id);
    if (removed === undefined) return false;
    this.trash.add(removed, atMs);
    this.#touch(atMs);
    return true;
  }

  /**
   * Puts a new version in place of the message with the same id. Only that of the last message shows in the room.
   *
   * Source: app/lib/server/functions/updateMessage.ts, lib/notifyUsersOnMessage.ts
   */
  replace(message: StoredMessage): void {
    const isLast = this.lastMessage?.id === message.id;
    if (this.#take(message.id) === undefined) throw new Error(`Room "${this.id}" has no message "${message.id}"`);
    this.#insert(message);
    if (isLast) this.#touch(message.updatedAtMs);
  }

  #touch(atMs: number): void {
    this.updatedAtMs = Math.max(this.updatedAtMs, atMs);
  }

  #take(id: string): StoredMessage | undefined {
    const message = this.find(id);
    if (!message) return undefined;
    // Ties stand right before the upper bound.
    this.#messages.splice(this.#messages.lastIndexOf(message, this.#upperBound(message)), 1);
    this.#byId?.delete(id);
    this.#hiddenCount -= Number(message.hidden);
    this.#selections.clear();
    return message;
  }

  /** `count` 0 means all that is left. */
  page(filter: MessageFilter | null, order: SortOrder, offset: number, count: number): MessagePage {
    const direction = indexDirection(order);
    const selected = this.#select(filter, direction === null ? order : null);
    const total = selected.length;
    const end = count === 0 ? total : Math.min(total, offset + count);
    const messages =
      direction === 'descending'
        ? selected.slice(Math.max(0, total - end), Math.max(0, total - offset)).reverse()
        : selected.slice(offset, end);
    return { messages, total: Math.max(0, total + this.totalDrift) };
  }

  /** Newest first: those that `matches` accepts, by walking back from the span's end. */
  history(span: HistorySpan, matches: (message: StoredMessage) => boolean): readonly StoredMessage[] {
    const { latestMs, oldestMs, inclusive, offset, count } = span;
    const found: StoredMessage[] = [];
    const wanted = count === 0 ? Infinity : offset + count;
    for (let at = this.#countUntil(latestMs, inclusive) - 1; at >= 0 && found.length < wanted; at -= 1) {
      const message = this.#messages[at];
      if (message === undefined) break;
      if (oldestMs !== null && (inclusive ? message.tsMs < oldestMs : message.tsMs <= oldestMs)) break;
      if (matches(message)) found.push(message);
    }
    return found.slice(offset);
  }

  #countUntil(tsMs: number, inclusive: boolean): number {
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#messages[middle]?.tsMs ?? Infinity;
      if (at < tsMs || (inclusive && at === tsMs)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #select(filter: MessageFilter | null, order: SortOrder | null): readonly StoredMessage[] {
    if (filter === null && order === null) return this.#messages;
    const key = `${filter?.key ?? ''}\0${order === null ? '' : JSON.stringify(order)}`;
    const known = this.#selections.get(key);
    if (known) return known;
    const filtered = filter === null ? this.#messages : this.#messages.filter((message) => filter.matches(message));
    const selected = order === null ? filtered : sortMessages(filtered, order);
    this.#selections.set(key, selected);
    return selected;
  }

  #upperBound(message: StoredMessage): number {
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareByIndex(this.#messages[middle], message) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareByIndex(a: StoredMessage | undefined, b: StoredMessage | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.tsMs - b.tsMs || a.updatedAtMs - b.updatedAtMs;
}
