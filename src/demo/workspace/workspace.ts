import { createHash } from 'node:crypto';
import type { WorkspaceRoom } from './workspace-room.ts';

export interface WorkspaceUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly email: string;
  /** null: cannot log in. */
  readonly password: string | null;
  /** Default `user`. */
  readonly type?: string;
  /** Default true; false: deactivated, and in no list of members. */
  readonly active?: boolean;
  /** Hours; default 0. */
  readonly utcOffset?: number;
  /** The code a login with a second factor has to bring; null: no second factor. */
  readonly totpCode: string | null;
}

/** A file that somebody has sent. */
export interface WorkspaceUpload {
  readonly id: string;
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly content: Uint8Array;
  readonly uploadedAtMs: number;
  /** Room of its message. */
  readonly roomId?: string;
}

interface WorkspaceSetup {
  readonly users: readonly WorkspaceUser[];
  readonly rooms: readonly WorkspaceRoom[];
  /** Default: none. */
  readonly uploads?: readonly WorkspaceUpload[];
  /** Pictures of people by username, of rooms by `room/` and id. Default: none. */
  readonly avatars?: Readonly<Record<string, WorkspaceUpload>>;
  /** Tokens that are good from the start: auth token to user id. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Everything a server knows: users, who is logged in, rooms. Outlives a server, as a database does. */
export class Workspace {
  readonly #users: Map<string, WorkspaceUser>;
  readonly #rooms: Map<string, WorkspaceRoom>;
  readonly #tokens: Map<string, string>;
  readonly #uploads: Map<string, WorkspaceUpload>;
  readonly #avatars: Map<string, WorkspaceUpload>;
  readonly #tokenNames = new Set<string>();
  #logins = 0;

  constructor({ users, rooms, tokens, uploads = [], avatars = {} }: WorkspaceSetup) {
    this.#users = new Map(users.map((user) => [user.id, user]));
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
    this.#tokens = new Map(Object.entries(tokens));
    this.#uploads = new Map(uploads.map((upload) => [upload.id, upload]));
    this.#avatars = new Map(Object.entries(avatars));
  }

  get users(): readonly WorkspaceUser[] {
    return [...this.#users.values()];
  }

  get rooms(): readonly WorkspaceRoom[] {
    return [...this.#rooms.values()];
  }

  /** The user a token was given to; undefined when the token is not (or no longer) good. */
  userOfToken(token: string): WorkspaceUser | undefined {
    const id = this.#tokens.get(token);
    return id === undefined ? undefined : this.#users.get(id);
  }

  /** A new account, or what has become of one: renamed, deactivated, given a role. */
  setUser(user: WorkspaceUser): void {
    this.#users.set(user.id, user);
  }

  /** Deletes the account, which leaves its rooms without a message. Source: app/lib/server/functions/deleteUser.ts */
  removeUser(id: string): void {
    this.#users.delete(id);
    for (const room of this.#rooms.values()) room.memberIds.delete(id);
  }

  findUser(match: (user: WorkspaceUser) => boolean): WorkspaceUser | undefined {
    return this.users.find(match);
  }

  /** A new token for the user. The same sequence of logins gives the same tokens. */
  login(userId: string): string {
    this.#logins += 1;
    const token = createHash('sha256').update(`${userId}:${this.#logins}`).digest('base64url');
    this.#tokens.set(token, userId);
    return token;
  }

  /** A token that logins do not end; undefined: the user has one of this name. */
  personalToken(userId: string, name: string): string | undefined {
    const key = `${userId}:${name}`;
    if (this.#tokenNames.has(key)) return undefined;
    this.#tokenNames.add(key);
    return this.login(userId);
  }

  /** From now on the token is not good. */
  logout(token: string): void {
    this.#tokens.delete(token);
  }

  upload(id: string): WorkspaceUpload | undefined {
    return this.#uploads.get(id);
  }

  /** A new file, or another content of one. */
  setUpload(upload: WorkspaceUpload): void {
    this.#uploads.set(upload.id, upload);
  }

  /** As when its message is deleted. Source: app/lib/server/functions/deleteMessage.ts */
  removeUpload(id: string): void {
    this.#uploads.delete(id);
  }

  /** @param key username, or `room/` and the id of a room */
  avatar(key: string): WorkspaceUpload | undefined {
    return this.#avatars.get(key);
  }

  addRoom(room: WorkspaceRoom): void {
    this.#rooms.set(room.id, room);
  }

  /** Deletes the room with all its messages, without a trace in anybody's trash. */
  removeRoom(id: string): void {
    this.#rooms.delete(id);
  }

  room(id: string): WorkspaceRoom | undefined {
    return this.#rooms.get(id);
  }

  roomByName(name: string): WorkspaceRoom | undefined {
    return this.rooms.find((room) => room.type !== 'd' && room.name === name);
  }

  /** Those the user has a subscription of, whether or not it lets them read. Sorted by name, as the lists of the API are. */
  roomsOf(userId: string): readonly WorkspaceRoom[] {
    return this.rooms
      .filter((room) => room.memberIds.has(userId) || room.withheld.has(userId))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }
}
