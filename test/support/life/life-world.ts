import type { Clock } from '../../../src/system/clock.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { people, sampleUsers } from '../../../src/demo/sample/people.ts';
import type { Prng } from '../../../src/demo/sample/prng.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage, type StoredMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { backUp, type Backup } from '../workspaces/backup.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';

export const dayMs = 86_400_000;

/** What an administrator has set, and what a restore does not bring back. */
export interface LifeSettings {
  /** Message_KeepHistory: edits leave hidden clones, deletions hide the message and leave no trace in the trash. */
  keepHistory: boolean;
  version: string;
}

/**
 * A workspace, the time, and the clocks that show it wrongly. People's acts change it through these few methods; what it
 * holds is the truth that an archive is compared with.
 */
export class LifeWorld {
  readonly workspace: Workspace;
  readonly settings: LifeSettings = { keepHistory: false, version: '6.13' };
  /** Epoch milliseconds, as nobody's clock shows it. */
  trueMs = Date.UTC(2025, 0, 1);
  /** The server's clock is ahead of it by this much, and the exporting machine's by that. */
  serverAheadMs = 0;
  clientAheadMs = 0;
  /** Of each node of the cluster, beside `serverAheadMs`. Every write goes through some node. */
  nodesAheadMs: readonly number[] = [0];
  /** What backups hold, oldest first: one of each day. */
  readonly backups: Backup[] = [];
  #made = 0;

  constructor() {
    const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
    this.workspace = new Workspace({ users: sampleUsers, rooms: [], tokens });
  }

  /** Rooms that the login is in, and may read. */
  get rooms(): readonly WorkspaceRoom[] {
    return this.workspace.roomsOf(sampleLogin.userId).filter(({ withheld }) => !withheld.has(sampleLogin.userId));
  }

  serverMs(): number {
    return this.trueMs + this.serverAheadMs;
  }

  /** The time that some node of the server writes down. */
  stampMs(prng: Prng): number {
    return this.serverMs() + prng.pick(this.nodesAheadMs);
  }

  /** Sleeping takes no time, and yet time goes on by it; looking at the clock takes 5 ms, so that it goes on anyhow. */
  clientClock(): Clock {
    return {
      now: () => (this.trueMs += 5) + this.clientAheadMs,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        this.trueMs += ms;
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      },
    };
  }

  /** At the end of a day. */
  backUp(): void {
    this.backups.push(backUp(this.workspace));
    if (this.backups.length > 5) this.backups.shift();
  }

  newId(prefix: string): string {
    this.#made += 1;
    return `${prefix}${String(this.#made).padStart(17 - prefix.length, '0')}`;
  }

  openRoom(setup: Pick<RoomSetup, 'name' | 'type'> & Partial<RoomSetup>): WorkspaceRoom {
    const memberIds = [sampleLogin.userId, people[1]?._id ?? ''];
    const room = new WorkspaceRoom({ id: this.newId('r'), memberIds, createdAtMs: this.serverMs(), ...setup });
    this.workspace.addRoom(room);
    return room;
  }

  /** @param fields what it says beside its own; `ts` may be anything */
  post(room: WorkspaceRoom, prng: Prng, fields: Partial<MessageDocument> = {}): StoredMessage {
    const atMs = this.stampMs(prng);
    const id = fields._id ?? this.newId('m');
    const message = storeMessage({
      _id: id,
      rid: room.id,
      msg: `said ${id}`,
      ts: isoTime(atMs),
      u: prng.pick(people),
      _updatedAt: isoTime(atMs),
      ...fields,
    });
    room.insert(message);
    room.updatedAtMs = Math.max(room.updatedAtMs, this.serverMs());
    return message;
  }

  /** A new version of a message: only that of the last one shows in the room list. */
  change(room: WorkspaceRoom, message: StoredMessage, prng: Prng, fields: Readonly<Record<string, unknown>>): void {
    room.replace(storeMessage(unset({ ...message.document(), _updatedAt: isoTime(this.stampMs(prng)), ...fields })));
  }

  /** As the workspace's settings have it; the room's counter shows it either way. */
  remove(room: WorkspaceRoom, message: StoredMessage, prng: Prng): void {
    const atMs = this.stampMs(prng);
    if (this.settings.keepHistory) {
      room.replace(storeMessage({ ...message.document(), _hidden: true, _updatedAt: isoTime(atMs) }));
    } else {
      room.remove(message.id, atMs);
    }
    this.shows(room);
  }

  /** Something about the room that its list shows. */
  shows(room: WorkspaceRoom): void {
    room.updatedAtMs = Math.max(room.updatedAtMs + 1, this.serverMs());
  }
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Those that people see. */
export function visible(room: WorkspaceRoom): readonly StoredMessage[] {
  return room.messages.filter(({ hidden }) => !hidden);
}

/** As `$unset` does. */
function unset(document: MessageDocument): MessageDocument {
  const { _id, rid, ts, _updatedAt, u } = document;
  return {
    _id,
    rid,
    ts,
    _updatedAt,
    u,
    ...Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined)),
  };
}
