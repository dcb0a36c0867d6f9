import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { loginUser, sampleUsers } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { Workspace, type WorkspaceUser } from '../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../src/demo/workspace/workspace-room.ts';
import type { Job } from '../../src/job/job.ts';
import { dayMs } from '../../src/model/time/durations.ts';
import { runJob } from '../../src/pipeline.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import type { PurgeTarget } from '../../src/purge/purge-target.ts';
import { rebuildArchive } from '../../src/rebuild/rebuild-archive.ts';
import { latest } from '../../src/snapshot/latest.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { virtualClock } from '../support/clocks/virtual-clock.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { plainMessage } from '../support/workspaces/small-workspace.ts';

const inFolder = temporaryFolder();
const why = { reason: 'policy 4.2', by: 'J. Doe, DPO' };
const mallory = { _id: 'otherUser', username: 'mallory', name: 'Mallory' };
const renamed = { ...mallory, username: 'mal' };
const account: WorkspaceUser = {
  ...{ id: mallory._id, username: mallory.username, name: mallory.name },
  ...{ roles: ['user'], email: 'mallory@example.org', password: null, totpCode: null },
};
const beginMs = Date.UTC(2024, 5, 1, 9);
const retainedDays = 90;

type Room = 'alpha' | 'beta';
type Name = Room | 'mallory';

type Act =
  | {
      readonly kind: 'run';
      readonly rooms: readonly Room[];
      readonly holds: readonly Name[];
      readonly retains: boolean;
    }
  | { readonly kind: 'purge'; readonly days: number }
  | { readonly kind: 'purge-message' | 'edit' | 'post'; readonly room: Room; readonly at: number }
  | { readonly kind: 'forget' | 'rename' };

const room = fc.constantFrom<Room>('alpha', 'beta');
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      rooms: fc.constantFrom<readonly Room[]>(['alpha'], ['alpha', 'beta']),
      holds: fc.uniqueArray(fc.constantFrom<Name>('alpha', 'beta', 'mallory')),
      retains: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purge' as const), days: fc.constantFrom(50, 150, 250) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('purge-message' as const, 'edit' as const, 'post' as const),
      room,
      at: fc.nat({ max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('forget' as const, 'rename' as const) }) },
);

interface Sent {
  readonly room: Room;
  readonly tsMs: number;
  readonly isMallory: boolean;
}

/** What an archive should hold, by rules that a person would say aloud. */
class Model {
  readonly sent = new Map<string, Sent>();
  /** Ids of the messages that the archive should show. */
  readonly kept = new Set<string>();
  readonly #read = new Set<string>();
  readonly #edited = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #rules: { readonly beforeMs: number; readonly holds: readonly Name[] }[] = [];
  holds: readonly Name[] = [];

  isHeld(id: string, holds = this.holds): boolean {
    const message = this.sent.get(id);
    return message !== undefined && (holds.includes(message.room) || (message.isMallory && holds.includes('mallory')));
  }

  edit(id: string): void {
    this.#edited.add(id);
  }

  forget(): void {
    this.#read.clear();
  }

  run(rooms: readonly Room[], holds: readonly Name[]): void {
    this.holds = holds;
    for (const [id, message] of this.sent) {
      const wasRead = this.#read.has(id);
      if (!rooms.includes(message.room) || (wasRead && !this.#edited.has(id))) continue;
      this.#read.add(id);
      this.#edited.delete(id);
      const isOut = this.#rules.some((rule) => message.tsMs < rule.beforeMs && !this.isHeld(id, rule.holds));
      if (!this.#gone.has(id) && (!isOut || this.isHeld(id))) this.kept.add(id);
      // What a hold kept that has ended since: a room that is read anew has what no purge keeps out.
      else if (!wasRead) this.kept.delete(id);
    }
  }

  /** @param isPublished whether the archive says that there was something to purge, in kept pages at least */
  purgeBefore(beforeMs: number, isPublished: boolean): void {
    const old = [...this.kept].filter((id) => (this.sent.get(id)?.tsMs ?? 0) < beforeMs && !this.isHeld(id));
    expect(isPublished || old.length === 0).toBe(true);
    for (const id of old) this.kept.delete(id);
    if (isPublished) this.#rules.push({ beforeMs, holds: this.holds });
  }

  purge(id: string): void {
    this.kept.delete(id);
    this.#gone.add(id);
  }
}

/** A server, its archive, and what that should hold. */
class Life {
  readonly model = new Model();
  readonly clock = virtualClock(beginMs);
  readonly archive: string;
  readonly #job: Job;
  readonly #chat: Workspace;
  #mallory = mallory;
  #runs = 0;

  constructor(url: string, archive: string, chat: Workspace) {
    this.archive = archive;
    this.#chat = chat;
    this.#job = jobFor(url, archive, { raw: 'keep', transform: { tables: ['messages', 'users', 'rooms'] } });
    for (const room of ['alpha', 'beta'] as const) {
      [400, 200, 100, 80, 10].forEach((days, at) => this.#send(room, at, beginMs - days * dayMs));
    }
  }

  async act(act: Act): Promise<void> {
    this.clock.setTo(this.clock.now() + 20 * dayMs);
    switch (act.kind) {
      case 'run':
        return this.#run(act);
      case 'purge':
        return this.#purgeBefore(this.clock.now() - act.days * dayMs);
      case 'purge-message':
        return this.#purgeMessage(`${act.room}${act.at}`);
      case 'edit':
        this.#replace(`${act.room}${act.at}`);
        return;
      case 'post':
        this.#send(act.room, 10 + this.model.sent.size, this.clock.now());
        return;
      case 'rename':
        this.#mallory = renamed;
        this.#chat.setUser({ ...account, username: renamed.username });
        for (const [id, { isMallory }] of this.model.sent) if (isMallory) this.#store(id);
        return;
      case 'forget':
        if (this.#runs === 0) return;
        await resetState(nodeDisk, this.archive, '2024-06-01T00:00:00.000Z', () => 'all');
        this.model.forget();
    }
  }

  async #run({ rooms, holds, retains }: Extract<Act, { kind: 'run' }>): Promise<void> {
    const hold = {
      rooms: holds.filter((name) => name !== 'mallory'),
      users: holds.filter((name) => name === 'mallory'),
    };
    // A name that the archive has never met is refused.
    const isMet = hold.rooms.every((name) => name === 'alpha' || rooms.includes('beta'));
    const purged: { before: string }[] = [];
    await runJob(
      {
        ...this.#job,
        extract: [{ endpoint: 'groups.messages', rooms }],
        ...(isMet && { hold }),
        ...(retains && { retention: { messages: { count: retainedDays, unit: 'days' }, ...why } }),
      },
      {
        ...{ ...here, clock: this.clock, everyRoom: true },
        onEvent: (event) => {
          if (event.kind === 'purged') purged.push(event);
        },
      },
    );
    this.#runs += 1;
    this.model.run(rooms, isMet ? holds : []);
    const midnight = Math.floor(this.clock.now() / dayMs) * dayMs;
    if (retains) this.model.purgeBefore(midnight - retainedDays * dayMs, purged.length > 0);
  }

  async #purgeBefore(beforeMs: number): Promise<void> {
    if (this.#runs === 0) return;
    const done = await purgeArchive(this.archive, { kind: 'before', beforeMs }, { ...here, ...why });
    this.model.purgeBefore(beforeMs, done.kind === 'purged');
  }

  async #purgeMessage(id: string): Promise<void> {
    if (!this.model.kept.has(id)) return;
    const target: PurgeTarget = { kind: 'messages', ids: [id] };
    const purge = purgeArchive(this.archive, target, { ...here, ...why });
    if (this.model.isHeld(id)) return expect(purge).rejects.toThrow('1 of the messages are held');
    expect(await purge).toMatchObject({ kind: 'purged' });
    this.model.purge(id);
  }

  #send(room: Room, at: number, tsMs: number): void {
    const id = `${room}${at}`;
    this.model.sent.set(id, { room, tsMs, isMallory: at % 2 === 1 });
    this.#chat.room(`${room}Room`)?.insert(storeMessage(this.#message(id)));
  }

  #replace(id: string): void {
    this.model.edit(id);
    this.#store(id, { _updatedAt: new Date().toISOString(), editedAt: new Date().toISOString() });
  }

  /** A new name is in all messages of old, which do not count as changed for it. */
  #store(id: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const room = this.#chat.room(`${this.model.sent.get(id)?.room}Room`);
    const updatedAt = new Date(room?.find(id)?.updatedAtMs ?? 0).toISOString();
    room?.replace(storeMessage({ ...this.#message(id), _updatedAt: updatedAt, ...fields }));
  }

  #message(id: string): ReturnType<typeof plainMessage> {
    const { room, tsMs = 0, isMallory } = this.model.sent.get(id) ?? {};
    const ts = new Date(tsMs).toISOString();
    const u = isMallory === true ? this.#mallory : loginUser;
    return plainMessage(0, { ...{ _id: id, rid: `${room}Room`, msg: `words of ${id}` }, ts, _updatedAt: ts, u });
  }

  async expectAsModel(): Promise<void> {
    if (this.#runs === 0) return;
    const ids: unknown[] = [];
    const { rows } = await latest(this.archive);
    for await (const batch of rows) ids.push(...batch.map(({ message_id: id }) => id));
    expect(ids.sort()).toEqual([...this.model.kept].sort());
  }
}

// The quick suite holds each rule by itself: late-hold.test.ts, purge-archive.test.ts.
const longIt = quickOrLong(it.skip, it);

let lives = 0;

longIt('keeps what is held and no more, in lives of runs, holds that come and go, and purges', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 10 }), async (acts) => {
      lives += 1;
      const archive = inFolder(`life-${lives}`);
      const rooms = ['alpha', 'beta'].map(
        (name) =>
          new WorkspaceRoom({
            ...{ id: `${name}Room`, type: 'p', name, memberIds: [sampleLogin.userId], createdAtMs: 0, messages: [] },
          }),
      );
      const users = [...sampleUsers, account];
      const chat = new Workspace({ users, rooms, tokens: { [sampleLogin.authToken]: sampleLogin.userId } });
      const served = await serveWorkspace(chat);
      const life = new Life(served.url, archive, chat);
      try {
        const first: Act = { kind: 'run', rooms: ['alpha'], holds: [], retains: false };
        for (const each of [first, ...acts]) {
          await life.act(each);
          await life.expectAsModel();
        }
        expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
        expect(await rebuildArchive(archive, inFolder(`life-${lives}-rebuilt`))).toMatchObject({ differences: [] });
      } finally {
        await served.close();
      }
    }),
    { numRuns: 10 },
  );
});
