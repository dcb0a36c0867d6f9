import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { Job } from '../../../src/job/job.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { runJob } from '../../../src/pipeline.ts';
import { checkJob } from '../../../src/preview/check-job.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { inflict } from '../../support/network/faults.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const self = sampleLogin.userId;
const others = ['nobody-of-note'];

/** What the login has joined, what it can read all the same, and what it cannot. */
const setups: readonly Pick<RoomSetup, 'id' | 'type' | 'name' | 'memberIds' | 'parentId' | 'archived' | 'withheld'>[] =
  [
    { id: 'ops', type: 'p', name: 'ops', memberIds: [self] },
    { id: 'old-ops', type: 'p', name: 'old-ops', memberIds: [self], archived: true },
    { id: 'square', type: 'c', name: 'square', memberIds: [self] },
    { id: 'plants', type: 'c', name: 'plants', memberIds: others },
    { id: 'memes', type: 'c', name: 'memes', memberIds: others, withheld: { [self]: 'BANNED' } },
    { id: 'talk', type: 'p', name: 'kV3pGm8DsYc5XoJaQ', memberIds: others, parentId: 'ops' },
    { id: 'seed-talk', type: 'p', name: 'mW4qHn9EtZd6YpKbR', memberIds: others, parentId: 'plants' },
    { id: 'old-talk', type: 'p', name: 'rB8sUo2MtYf3CwKeN', memberIds: others, parentId: 'old-ops' },
    { id: 'board', type: 'p', name: 'board', memberIds: others },
    { id: 'board-talk', type: 'p', name: 'qZ7rTn1LsXe2BvJdM', memberIds: others, parentId: 'board' },
  ];

const joined: Job['extract'] = [{ rooms: ['*'] }];
const readable: Job['extract'] = [{ rooms: ['*'], scope: 'readable' }];

interface Setting {
  readonly served: ServedWorkspace;
  readonly workspace: Workspace;
  readonly archive: string;
  readonly room: (id: string) => WorkspaceRoom;
  readonly post: (id: string, messageId: string) => void;
  readonly run: (extract: Job['extract'], fields?: Partial<Job>) => Promise<Manifest>;
  readonly idsIn: (manifest: Manifest) => Promise<readonly string[]>;
}

async function withRooms(use: (setting: Setting) => Promise<void>, rules: Partial<Rules> = {}): Promise<void> {
  const message = (id: string, messageId: string, second: number) =>
    storeMessage({ ...plainMessage(second), _id: messageId, rid: id });
  const rooms = setups.map(
    (setup) => new WorkspaceRoom({ ...setup, createdAtMs: smallStartMs, messages: [message(setup.id, setup.id, 1)] }),
  );
  const tokens = { [sampleLogin.authToken]: self };
  const workspace = new Workspace({ users: sampleUsers, rooms, tokens });
  const served = await serveWorkspace(workspace, rules);
  const room = (id: string): WorkspaceRoom => {
    const found = rooms.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no room "${id}"`);
    return found;
  };
  try {
    await inTemporaryFolder((archive) =>
      use({
        ...{ served, workspace, archive, room },
        post: (id, messageId) => room(id).insert(message(id, messageId, 1_000)),
        run: (extract, fields) => runJob(jobFor(served.url, archive, { extract, ...fields }), here),
        idsIn: async ({ files }) => {
          const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
          const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
          return lines.map((line) => (JSON.parse(line) as { readonly message_id: string }).message_id).sort();
        },
      }),
    );
  } finally {
    await served.close();
  }
}

const leftOut = (notes: readonly string[]): readonly string[] => notes.filter((note) => note.includes('not joined'));

describe('rooms that the login has not joined', () => {
  it('are left out, and the number of channels among them is a note that took one request', async () => {
    await withRooms(async ({ served, run, idsIn }) => {
      const manifest = await run(joined);
      expect(await idsIn(manifest)).toEqual(['old-ops', 'ops', 'square']);
      expect(leftOut(manifest.notes)).toEqual([
        '1 public channel was left out, which this login has not joined: "scope: readable" reads such channels, too, and discussions of rooms that it can read.',
      ]);
      const lists = served.requests.filter(({ endpoint }) => /^(channels\.list|rooms\.getDiscussions)$/.test(endpoint));
      expect(lists.map(({ endpoint, params }) => [endpoint, params])).toEqual([['channels.list', { count: '1' }]]);
    });
  });

  it('are not counted for a job that names its rooms or reads no channels', async () => {
    await withRooms(async ({ served, run }) => {
      await run([{ rooms: ['ops', 'square'] }]);
      await run([{ rooms: ['*'], endpoint: 'groups.messages' }]);
      expect(served.requests.some(({ endpoint }) => endpoint === 'channels.list')).toBe(false);
    });
  });

  it('are read with "scope: readable", once, and read on when they are joined', async () => {
    await withRooms(async ({ run, idsIn, post, room }) => {
      const first = await run(readable);
      expect(await idsIn(first)).toEqual(['old-ops', 'ops', 'plants', 'seed-talk', 'square', 'talk']);
      expect(first.gaps).toEqual([]);
      expect(leftOut(first.notes)).toEqual([]);
      expect((await run(readable)).files).toEqual([]);
      post('plants', 'new-plant');
      post('talk', 'new-talk');
      expect(await idsIn(await run(readable))).toEqual(['new-plant', 'new-talk']);
      room('plants').memberIds.add(self);
      post('plants', 'after-joining');
      expect(await idsIn(await run(readable))).toEqual(['after-joining']);
      expect((await run(joined)).gaps).not.toContainEqual(expect.objectContaining({ room: { id: 'plants' } }));
    });
  });

  longIt(
    'are read by the next run where only the message that started them shows them, as in an archived room',
    async () => {
      await withRooms(async ({ archive, run, idsIn, post, room }) => {
        const start = (messageId: string, drid: string): void =>
          room('ops').insert(
            storeMessage({ ...plainMessage(900), _id: messageId, rid: 'ops', t: 'discussion-created', drid }),
          );
        start('starts-old-talk', 'old-talk');
        start('starts-board-talk', 'board-talk');
        const first = await run(readable);
        expect(await idsIn(first)).not.toContain('old-talk');
        expect(first.coverage?.rooms.leftOut).toMatchObject({ 'not-joined': 2, refused: 0 });
        expect(first.notes).toContainEqual(
          '2 discussions that messages started are in no list of rooms: the next run looks whether the login can read them.',
        );

        const second = await run(readable);
        expect(await idsIn(second)).toEqual(['old-talk']);
        expect(second.coverage?.rooms.leftOut).toMatchObject({ 'not-joined': 0, refused: 1 });
        expect(second.notes.filter((note) => note.includes('in no list'))).toEqual([]);

        post('old-talk', 'new-old-talk');
        const third = await run(readable);
        expect(await idsIn(third)).toEqual(['new-old-talk']);
        expect(third.gaps).toEqual([]);
        expect(third.coverage?.rooms).toEqual(second.coverage?.rooms);
        expect((await verifyArchive(archive)).differences).toEqual([]);

        room('old-ops').memberIds.delete(self);
        const gone = await run(readable);
        expect(gone.gaps.map((gap) => [gap.room.id, gap.reason]).sort()).toEqual([
          ['old-ops', 'room-gone'],
          ['old-talk', 'room-gone'],
        ]);
        expect((await run(readable)).gaps).toEqual([]);
      });
    },
  );

  it('are counted, and not looked up, for a job that reads what is joined', async () => {
    await withRooms(async ({ served, run, room }) => {
      room('ops').insert(
        storeMessage({ ...plainMessage(900), _id: 'starts', rid: 'ops', t: 'discussion-created', drid: 'old-talk' }),
      );
      await run(joined);
      const { coverage, notes } = await run(joined);
      // A channel, and the discussion.
      expect(coverage?.rooms.leftOut['not-joined']).toBe(2);
      expect(notes.filter((note) => note.includes('in no list'))).toEqual([]);
      expect(served.requests.some(({ endpoint }) => endpoint === 'rooms.info')).toBe(false);
    });
  });

  it('stay counted, each by one reason, when a job that has read them reads what is joined', async () => {
    await withRooms(async ({ workspace, run }) => {
      const before = (await run(readable)).coverage?.rooms;
      const { rooms, changed } = (await run(joined)).coverage ?? {};
      expect(rooms?.seen).toBe(before?.seen);
      // A channel and two discussions; the channel is among those that were counted, too.
      expect(rooms).toMatchObject({ seen: 7, read: 3, leftOut: { 'not-joined': 3, banned: 1, gone: 0 } });
      expect(changed?.map(({ room, now }) => [room.id, now])).toEqual([
        ['plants', 'not-joined'],
        ['seed-talk', 'not-joined'],
        ['talk', 'not-joined'],
      ]);
      expect((await run(readable)).coverage).toMatchObject({ rooms: before, changed: [{}, {}, {}] });

      // No entry asks for it any more, and the server has it no more.
      workspace.removeRoom('square');
      const narrow = (await run([{ rooms: ['ops'] }])).coverage;
      expect(narrow?.rooms).toMatchObject({ seen: 7, read: 1, leftOut: { 'no-entry': 2, 'not-joined': 3, gone: 1 } });
    });
  });

  it('are counted once where they are discussions of public channels, and whatever a step drops', async () => {
    await withRooms(async ({ workspace, run, room }) => {
      const opened = { createdAtMs: smallStartMs, messages: [] };
      workspace.addRoom(
        new WorkspaceRoom({ id: 'open', type: 'c', name: 'xH5', memberIds: others, parentId: 'square', ...opened }),
      );
      const start = (parent: string, drid: string): void =>
        room(parent).insert(
          storeMessage({ ...plainMessage(900), _id: `starts-${drid}`, rid: parent, t: 'discussion-created', drid }),
        );
      start('square', 'open');
      start('ops', 'talk');
      const { coverage, notes } = await run(joined, {
        transform: { tables: ['messages'], steps: [{ kind: 'dropSystemMessages' }] },
      });
      // plants, open and talk.
      expect(coverage?.rooms).toMatchObject({ seen: 7, read: 3, leftOut: { 'not-joined': 3, banned: 1 } });
      expect(leftOut(notes)).toEqual([expect.stringMatching(/^1 public channel was left out/)]);
    });
  });

  it('stay counted when they were listed, no entry named them, and the login has left them', async () => {
    await withRooms(async ({ run, room }) => {
      room('talk').memberIds.add(self);
      const narrow: Job['extract'] = [{ rooms: ['ops'] }];
      expect((await run(narrow)).coverage?.rooms).toMatchObject({ seen: 5, leftOut: { 'no-entry': 4 } });
      room('talk').memberIds.delete(self);
      const { coverage } = await run(narrow);
      expect(coverage?.rooms).toMatchObject({ seen: 5, leftOut: { 'no-entry': 3, 'not-joined': 1 } });
      expect(coverage?.changed.map(({ room: { id }, now }) => [id, now])).toEqual([['talk', 'not-joined']]);
    });
  });

  it('are found by name only by an entry of that scope', async () => {
    await withRooms(async ({ run, idsIn }) => {
      await expect(run([{ rooms: ['plants'] }])).rejects.toThrow('no room matches "plants"');
      const mixed = await run([{ rooms: ['*'] }, { rooms: ['plants'], scope: 'readable' }]);
      expect(await idsIn(mixed)).toEqual(['old-ops', 'ops', 'plants', 'square']);
    });
  });

  longIt('are no gap when the server refuses to list them, neither at first nor later', async () => {
    let refused = true;
    const intercept = inflict(({ endpoint }) =>
      refused && endpoint === 'channels.list'
        ? {
            kind: 'answer',
            status: 403,
            contentType: 'application/json',
            body: '{"success":false,"error":"forbidden"}',
          }
        : null,
    );
    await withRooms(
      async ({ run, idsIn, post }) => {
        const counted = await run(joined);
        expect(counted.notes).toContainEqual(
          expect.stringMatching(/^Public channels could not be counted \(not-allowed\)/),
        );
        refused = false;
        expect(await idsIn(await run(readable))).toEqual(['plants', 'seed-talk', 'talk']);
        refused = true;
        post('ops', 'still-here');
        const later = await run(readable);
        expect(await idsIn(later)).toEqual(['still-here']);
        expect(later.gaps).toEqual([]);
        expect(later.notes).toContainEqual(
          expect.stringMatching(/^Public channels could not be listed \(not-allowed\)/),
        );
        refused = false;
        post('plants', 'meanwhile');
        expect(await idsIn(await run(readable))).toEqual(['meanwhile']);
      },
      { intercept },
    );
  });

  it('are in the journal that is kept, list by list', async () => {
    await withRooms(async ({ archive, run }) => {
      const { raw } = await run(readable, { raw: 'keep' });
      const path = raw.find((file) => file.path.includes('0000-run.pages'))?.path ?? '';
      const text = gunzipSync(await readFile(join(archive, path))).toString('latin1');
      expect(text).toContain('"endpoint":"channels.list"');
      expect(text.split('"endpoint":"rooms.getDiscussions"').length - 1).toBe(3);
    });
  });

  it('are tried by check, which says of others that they are left out', async () => {
    await withRooms(async ({ served, archive }) => {
      const checked = await checkJob(jobFor(served.url, archive, { extract: readable }), here);
      expect(checked.rooms.map(({ room, result }) => `${room.id} ${result}`).sort()).toEqual([
        ...['old-ops readable', 'ops readable', 'plants readable', 'seed-talk readable', 'square readable'],
        'talk readable',
      ]);
      const narrow = await checkJob(jobFor(served.url, archive, { extract: joined }), here);
      expect(leftOut(narrow.notes)).toHaveLength(1);
    });
  });
});
