import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { readStoredState, rebuildState } from '../../src/archive/stored-state/read-stored-state.ts';
import type { State } from '../../src/archive/state/state.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { sampleUsers } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../src/demo/workspace/workspace-room.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { JobError } from '../../src/errors.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { plainMessage, smallStartMs } from '../support/workspaces/small-workspace.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Setting {
  readonly room: (name: string) => WorkspaceRoom;
  /** A new message of a room; `second` counts from the start of the rooms. */
  readonly post: (name: string, id: string, second: number, fields?: Readonly<Record<string, unknown>>) => void;
  /** Runs the job, checks the whole archive by every means, and answers the manifest. */
  readonly run: (fields?: Partial<Job>) => Promise<Manifest>;
  /** Ids in a table's file of one run, in order. */
  readonly idsIn: (manifest: Manifest, table?: string) => Promise<readonly string[]>;
  /** As it is after the last run. */
  readonly state: () => Promise<State>;
  readonly archive: string;
}

const messagesAtStart = 150;

/** Two rooms `ops-a` and `ops-b`, one message a second; `ops-c` is there, too, but the login is not in it. */
async function withRooms(use: (setting: Setting) => Promise<void>): Promise<void> {
  const rooms = ['ops-a', 'ops-b', 'ops-c'].map((name) => {
    const messages = Array.from({ length: messagesAtStart }, (_, at) =>
      storeMessage({ ...plainMessage(at), _id: `${name}-${at}`, rid: `${name}-id` }),
    );
    const memberIds = name === 'ops-c' ? [] : [sampleLogin.userId];
    return new WorkspaceRoom({ id: `${name}-id`, type: 'p', name, memberIds, createdAtMs: smallStartMs, messages });
  });
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms, tokens }));
  const room = (name: string): WorkspaceRoom => {
    const found = rooms.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no room "${name}"`);
    return found;
  };
  try {
    await inTemporaryFolder((archive) =>
      use({
        room,
        archive,
        post: (name, id, second, fields) =>
          room(name).insert(storeMessage({ ...plainMessage(second, fields), _id: id, rid: room(name).id })),
        run: async (fields) => {
          const extract: Job['extract'] = [
            { endpoint: 'groups.messages', rooms: ['ops-*'] },
            { endpoint: 'chat.getMentionedMessages', rooms: ['ops-*'] },
          ];
          const transform: Job['transform'] = { tables: ['messages', 'mentioned_messages', 'mentions', 'rooms'] };
          const manifest = await runJob(jobFor(served.url, archive, { extract, transform, ...fields }), here);
          await checkArchive(archive, manifest);
          return manifest;
        },
        state: () => readStoredState(nodeDisk, archive),
        idsIn: async ({ files }, table = 'messages') => {
          const texts = await Promise.all(
            files.filter((file) => file.table === table).map(({ path }) => readFile(join(archive, path), 'utf8')),
          );
          return texts.flatMap((text) =>
            text
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => (JSON.parse(line) as { message_id: string }).message_id),
          );
        },
      }),
    );
  } finally {
    await served.close();
  }
}

async function checkArchive(archive: string, manifest: Manifest): Promise<void> {
  const report = await verifyArchive(archive);
  expect(report.differences).toEqual([]);
  expect(report.runs).toBe(manifest.run);
  const json = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    JSON.parse(await readFile(join(archive, path), 'utf8')) as Record<string, unknown>;
  const published = await json(manifestPath(manifest.run));
  const state = await readFile(join(archive, '_state.json'));
  expect(published['state']).toMatchObject({ sha256: createHash('sha256').update(state).digest('hex') });
  expect(await rebuildState(nodeDisk, archive)).toEqual(await readStoredState(nodeDisk, archive));
  const before = manifest.run === 1 ? null : await readFile(join(archive, manifestPath(manifest.run - 1)));
  expect(published['previous']).toEqual(
    before && { path: manifestPath(manifest.run - 1), sha256: createHash('sha256').update(before).digest('hex') },
  );
}

/** By a program that is not ours: exits with 1 for any difference. */
async function expectSums(archive: string): Promise<void> {
  await promisify(execFile)('sha256sum', ['--check', '--strict', '--quiet', '_manifest/SHA256SUMS'], { cwd: archive });
}

function manifestPath(run: number): string {
  return `_manifest/run-00000${run}.json`;
}

function idsOf(room: string, from = 0, to = messagesAtStart): string[] {
  return Array.from({ length: to - from }, (_, at) => `${room}-${from + at}`);
}

const mention = { mentions: [{ _id: sampleLogin.userId, username: sampleLogin.user, type: 'user' }] };

describe('a second run', () => {
  it('adds no row when nothing is new, and says so in a manifest of its own', async () => {
    await withRooms(async ({ run, idsIn }) => {
      expect(await idsIn(await run())).toEqual([...idsOf('ops-a'), ...idsOf('ops-b')]);
      const second = await run();
      expect(second.tables).toEqual({ messages: 0, mentioned_messages: 0, mentions: 0, rooms: 0 });
      expect(second.files).toEqual([]);
      expect(second.gaps).toEqual([]);
      expect(second.previous?.path).toBe('_manifest/run-000001.json');
      // The room list tells that nothing has changed: no room is asked.
      expect(second).toMatchObject({ lists: [], changes: [], unchanged: 4 });
      expect(Object.keys(second.requests).sort()).toEqual(['me', 'rooms.get', 'subscriptions.get']);
    });
  });

  it('brings exactly what was posted since, run after run', async () => {
    await withRooms(async ({ run, idsIn, post, archive }) => {
      await run();
      await run();
      for (let night = 0; night < quickOrLong(1, 3); night += 1) {
        for (let at = 0; at < 120; at += 1) post('ops-b', `night-${night}-${at}`, 1_000 * (night + 1) + at);
        post('ops-a', `mention-${night}`, 1_000 * (night + 1), mention);
        const manifest = await run();
        expect(await idsIn(manifest)).toEqual([
          `mention-${night}`,
          ...Array.from({ length: 120 }, (_, at) => `night-${night}-${at}`),
        ]);
        expect(await idsIn(manifest, 'mentioned_messages')).toEqual([`mention-${night}`]);
        // Both endpoints bring the message: its mentions stand in the side table once.
        expect(await idsIn(manifest, 'mentions')).toEqual([`mention-${night}`]);
      }
      expect((await run()).files).toEqual([]);
      await expectSums(archive);
    });
  });

  longIt('finds a message that became visible late, behind newer ones, and takes none twice', async () => {
    await withRooms(async ({ run, idsIn, post }) => {
      await run();
      const newest = messagesAtStart - 1;
      // In the very millisecond of others, between them, and just inside of the last minute.
      post('ops-a', 'late-tie', newest);
      post('ops-a', 'late-between', newest - 30, {
        ts: new Date(smallStartMs + (newest - 30) * 1000 + 500).toISOString(),
      });
      post('ops-a', 'late-edge', newest, { ts: new Date(smallStartMs + newest * 1000 - 59_999).toISOString() });
      expect(await idsIn(await run())).toEqual(['late-edge', 'late-between', 'late-tie']);
      post('ops-a', 'later-still', newest - 10);
      expect(await idsIn(await run())).toEqual(['later-still']);
      expect((await run()).files).toEqual([]);
    });
  });

  longIt(
    'goes on where it was when the last messages were deleted meanwhile, or the whole room was emptied',
    async () => {
      await withRooms(async ({ run, idsIn, post, room }) => {
        await run();
        for (const id of idsOf('ops-a', messagesAtStart - 5)) room('ops-a').remove(id, 0);
        for (const id of idsOf('ops-b')) room('ops-b').remove(id, 0);
        // But for the rooms, which hold fewer.
        expect((await run()).files.filter(({ table }) => table !== 'rooms')).toEqual([]);
        post('ops-a', 'after-a', 1_000);
        post('ops-b', 'after-b', 1_000);
        // Nobody reported these deletions: the counts of the first messages behind them show them, see totals.test.ts.
        const ids = new Set(await idsIn(await run()));
        expect([...ids].filter((id) => id.startsWith('after'))).toEqual(['after-a', 'after-b']);
      });
    },
  );

  longIt('reads a room from its beginning when the login joins it', async () => {
    await withRooms(async ({ run, idsIn, room }) => {
      await run();
      room('ops-c').memberIds.add(sampleLogin.userId);
      const manifest = await run();
      expect(await idsIn(manifest)).toEqual(idsOf('ops-c'));
      expect(manifest.tables['rooms']).toBe(1);
    });
  });

  longIt(
    'goes on without a room that a glob matches no more, and with it when it is back, from where it was',
    async () => {
      await withRooms(async ({ run, idsIn, post, room }) => {
        await run();
        room('ops-b').memberIds.delete(sampleLogin.userId);
        post('ops-a', 'meanwhile-a', 1_000);
        post('ops-b', 'meanwhile-b', 1_000);
        const without = await run();
        expect(await idsIn(without)).toEqual(['meanwhile-a']);
        expect(new Set(without.lists.map((stream) => stream.room.name))).toEqual(new Set(['ops-a', 'ops-b']));
        expect(
          without.gaps.map(({ endpoint, room: { name, type }, reason }) => [endpoint, name, type, reason]),
        ).toEqual([
          ['groups.messages', 'ops-b', 'private', 'room-gone'],
          ['chat.getMentionedMessages', 'ops-b', 'private', 'room-gone'],
        ]);
        room('ops-b').memberIds.add(sampleLogin.userId);
        expect(await idsIn(await run())).toEqual(['meanwhile-b']);
      });
    },
  );

  const askedFor: readonly (readonly [string, readonly string[]])[] = [
    ['its name', ['ops-a', 'ops-b']],
    ['its id', ['ops-a', 'ops-b-id']],
    ['a glob that finds nothing else', ['ops-a', '*-b']],
    ['exclusions alone, and there is no other room', ['!ops-a']],
  ];
  longIt.each(askedFor)(
    'names a room that is gone as a gap once, and from then on as a note: a job that asks for it by %s',
    async (_, rooms) => {
      await withRooms(async ({ run, idsIn, post, room }) => {
        const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms }];
        await run({ extract });
        room('ops-b').memberIds.delete(sampleLogin.userId);
        const key = 'groups.messages ops-b-id';
        const missing = await run({ extract });
        expect(missing.gaps).toMatchObject([{ room: { id: 'ops-b-id', name: 'ops-b' }, reason: 'room-gone' }]);
        expect(missing.state.lists[key]).toMatchObject({ complete: false, gone: true, messages: messagesAtStart });
        for (let night = 0; night < 2; night += 1) {
          const later = await run({ extract });
          expect(later.gaps).toEqual([]);
          expect(later.notes.filter((note) => note.includes('"ops-b" (groups.messages)'))).toHaveLength(1);
          expect(later.state.lists).not.toHaveProperty([key]);
        }
        room('ops-b').memberIds.add(sampleLogin.userId);
        post('ops-b', 'back', 1_000);
        const back = await run({ extract });
        expect(await idsIn(back)).toEqual(['back']);
        expect(back.gaps).toEqual([]);
        expect(back.state.lists[key]).toMatchObject({ gone: false });
        // Gone again is news again.
        room('ops-b').memberIds.delete(sampleLogin.userId);
        expect((await run({ extract })).gaps).toHaveLength(1);
      });
    },
  );

  it('does not say of a room that is read without its filter now that the job does not find it', async () => {
    await withRooms(async ({ run }) => {
      const list = { endpoint: 'groups.messages', rooms: ['ops-a'] } as const;
      await run({ extract: [{ ...list, pinned: true }] });
      const { notes } = await run({ extract: [list] });
      expect(notes.filter((note) => note.includes('no longer among the rooms'))).toEqual([]);
      expect(notes).toContainEqual(
        expect.stringMatching(/^A list of room "ops-a" .* reads the room by other filters or another endpoint now/),
      );
    });
  });

  it('takes a room that the job asks for no more for a note, gone or not', async () => {
    await withRooms(async ({ run, room }) => {
      await run({ extract: [{ endpoint: 'groups.messages', rooms: ['ops-a', 'ops-b'] }] });
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['ops-a'] }];
      for (const isMember of [true, false]) {
        if (!isMember) room('ops-b').memberIds.delete(sampleLogin.userId);
        const manifest = await run({ extract });
        expect(manifest.gaps).toEqual([]);
        expect(
          manifest.notes.filter((note) => note.includes('no longer among the rooms that the job finds')),
        ).toHaveLength(1);
        expect(manifest.state.lists).not.toHaveProperty(['groups.messages ops-b-id']);
      }
    });
  });

  it('is refused when the job names a room that no run has read, and publishes nothing', async () => {
    await withRooms(async ({ run, room }) => {
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['ops-a', 'ops-b'] }];
      await run({ extract });
      room('ops-b').memberIds.delete(sampleLogin.userId);
      const second = run({ extract: [{ endpoint: 'groups.messages', rooms: ['ops-a', 'ops-c'] }] });
      await expect(second).rejects.toBeInstanceOf(JobError);
      await expect(second).rejects.toThrow(/^Cannot select rooms: no room matches "ops-c" \(did you mean "ops-a"\?\)$/);
      expect((await run({ extract })).run).toBe(2);
    });
  });

  it('keeps the room under its new name and reads nothing of it again', async () => {
    await withRooms(async ({ run, idsIn, post, room }) => {
      await run();
      room('ops-b').name = 'ops-renamed';
      post('ops-renamed', 'after', 1_000);
      const manifest = await run();
      expect(await idsIn(manifest)).toEqual(['after']);
      expect(manifest.lists.map((stream) => stream.room.name)).toContain('ops-renamed');
    });
  });

  longIt('still finds a room by the names it had before, however often it was renamed, and notes it', async () => {
    await withRooms(async ({ run, idsIn, post, room, state }) => {
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['ops-b'] }];
      await run({ extract });
      let name = 'ops-b';
      for (const next of ['ops-d', 'ops-e']) {
        room(name).name = next;
        name = next;
        post(name, `in-${name}`, name === 'ops-d' ? 1_000 : 2_000);
        const manifest = await run({ extract });
        expect(await idsIn(manifest)).toEqual([`in-${name}`]);
        expect(manifest.gaps).toEqual([]);
        expect(
          manifest.notes.filter((note) => note.startsWith(`Room "${name}" is named "ops-b" in the job`)),
        ).toHaveLength(1);
      }
      await run({ extract });
      expect((await state()).lists['groups.messages ops-b-id']).toMatchObject({
        ...{ roomName: 'ops-e', formerNames: ['ops-b', 'ops-d'] },
      });
      // A name belongs to the room that has it now.
      room('ops-a').name = 'ops-b';
      expect(await idsIn(await run({ extract }))).toEqual(idsOf('ops-a'));
    });
  });

  const ways: readonly [entries: string, Job['extract']][] = [
    [
      'an entry of each endpoint',
      [
        { endpoint: 'groups.messages', rooms: ['*'] },
        { endpoint: 'channels.messages', rooms: ['*'] },
      ],
    ],
    ['an entry without endpoint', [{ rooms: ['*'] }]],
  ];
  longIt.each(ways)(
    'with %s reads a room on that was made public or private, and none of its messages twice',
    async (_, extract) => {
      await withRooms(async ({ run, idsIn, post, room, state }) => {
        await run({ extract });
        for (const [type, night] of [
          ['c', 1],
          ['p', 2],
        ] as const) {
          room('ops-b').type = type;
          post('ops-b', `as-${type}`, 1_000 * night);
          const manifest = await run({ extract });
          expect(await idsIn(manifest)).toEqual([`as-${type}`]);
          expect(manifest.gaps).toEqual([]);
          expect(manifest.notes.filter((note) => /ops-b.*(gone|again|no longer)/.test(note))).toEqual([]);
          expect(Object.keys((await state()).lists).sort()).toEqual(
            ['groups.messages ops-a-id', `${type === 'c' ? 'channels' : 'groups'}.messages ops-b-id`].sort(),
          );
        }
      });
    },
  );
});
