import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { ExtractEntry, Job } from '../../../src/job/job.ts';
import type { EndpointName } from '../../../src/endpoints/endpoint-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const messagesAtStart = 40;

const setups: readonly Pick<RoomSetup, 'id' | 'type' | 'name'>[] = [
  { id: 'group', type: 'p', name: 'ops' },
  { id: 'channel', type: 'c', name: 'town-square' },
  { id: 'old-channel', type: 'c', name: 'old-square' },
  { id: 'livechat', type: 'l', name: 'Visitor 17' },
  { id: 'direct', type: 'd', name: `${sampleLogin.user},leila.h` },
];

const everyKind: Job['extract'] = [
  { endpoint: 'groups.messages', rooms: ['*'] },
  { endpoint: 'channels.messages', rooms: ['*'] },
  { endpoint: 'im.messages', rooms: ['*'] },
];

const anyKind: Job['extract'] = [{ rooms: ['*'] }];

interface Setting {
  readonly served: ServedWorkspace;
  readonly room: (id: string) => WorkspaceRoom;
  readonly post: (id: string, messageId: string, second: number) => void;
  readonly run: (extract?: Job['extract']) => Promise<Manifest>;
  /** `room_type room_name message_id` of the rows of a run, in order. */
  readonly rowsOf: (manifest: Manifest) => Promise<readonly string[]>;
}

/** A room of each kind, livechat among them, and an archived channel. Every third message is a reply that is not shown outside its thread. */
async function withRooms(use: (setting: Setting) => Promise<void>, rules: Partial<Rules> = {}): Promise<void> {
  const rooms = setups.map((setup) => {
    const messages = Array.from({ length: messagesAtStart }, (_, at) =>
      storeMessage({
        ...plainMessage(at, at % 3 === 1 ? { tmid: `${setup.id}-0` } : {}),
        ...{ _id: `${setup.id}-${at}`, rid: setup.id },
      }),
    );
    const archived = setup.id === 'old-channel';
    return new WorkspaceRoom({
      ...{ ...setup, archived, memberIds: [sampleLogin.userId], createdAtMs: smallStartMs, messages },
    });
  });
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms, tokens }), rules);
  const room = (id: string): WorkspaceRoom => {
    const found = rooms.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no room "${id}"`);
    return found;
  };
  try {
    await inTemporaryFolder((archive) =>
      use({
        ...{ served, room },
        post: (id, messageId, second) =>
          room(id).insert(storeMessage({ ...plainMessage(second), _id: messageId, rid: id })),
        run: (extract = everyKind) => runJob(jobFor(served.url, archive, { extract }), here),
        rowsOf: async ({ files }) => {
          const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
          const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
          return lines.map((line) => {
            const { room_type, room_name, message_id } = JSON.parse(line) as Record<string, string>;
            return `${String(room_type)} ${String(room_name)} ${String(message_id)}`;
          });
        },
      }),
    );
  } finally {
    await served.close();
  }
}

const rowsAtStart = (words: string, id: string): string[] =>
  Array.from({ length: messagesAtStart }, (_, at) => `${words} ${id}-${at}`);

const all = [
  ...rowsAtStart('private ops', 'group'),
  ...rowsAtStart('livechat Visitor 17', 'livechat'),
  ...rowsAtStart('channel old-square', 'old-channel'),
  ...rowsAtStart('channel town-square', 'channel'),
  ...rowsAtStart('direct leila.h', 'direct'),
];

describe('rooms of every kind', () => {
  it('come into one table, archived channels among them, and into it once', async () => {
    await withRooms(async ({ served, run, rowsOf }) => {
      const first = await run();
      expect(await rowsOf(first)).toEqual(all);
      expect(first.gaps).toEqual([]);
      expect(first.lists.map(({ via }) => via)).toEqual(Array(5).fill('messages'));
      expect((await run()).files).toEqual([]);
      expect(new Set(served.requests.map(({ endpoint }) => endpoint))).toEqual(
        new Set([
          ...['/api/info', 'me', 'subscriptions.get', 'rooms.get', 'channels.list'],
          ...['groups.messages', 'channels.messages', 'im.messages'],
        ]),
      );
    });
  });

  it('are all read by one entry without an endpoint, each by that of its kind', async () => {
    await withRooms(async ({ served, run, rowsOf }) => {
      const manifest = await run(anyKind);
      expect((await rowsOf(manifest)).toSorted()).toEqual(all.toSorted());
      expect(manifest.gaps).toEqual([]);
      expect(manifest.lists.map(({ endpoint, room }) => `${endpoint} ${room.type}`).toSorted()).toEqual([
        ...['channels.messages channel', 'channels.messages channel', 'channels.messages livechat'],
        ...['groups.messages private', 'im.messages direct'],
      ]);
      const asked = served.requests.length;
      expect((await run(anyKind)).files).toEqual([]);
      expect(served.requests.slice(asked).filter(({ endpoint }) => endpoint.endsWith('.messages'))).toEqual([]);
    });
  });

  it.each(
    [['entries with endpoints', everyKind, anyKind] as const, ['an entry without', anyKind, everyKind] as const].slice(
      quickOrLong(1, 0),
    ),
  )('that %s read are read on by the others, and no message twice', async (_, before, after) => {
    await withRooms(async ({ served, run, rowsOf, post }) => {
      await run(before);
      const asked = served.requests.length;
      expect((await run(after)).files).toEqual([]);
      expect(served.requests.slice(asked).filter(({ endpoint }) => endpoint.endsWith('.messages'))).toEqual([]);
      for (const { id } of setups) post(id, `new-in-${id}`, 1_000);
      expect((await rowsOf(await run(after))).map((row) => row.split(' ').at(-1)).toSorted()).toEqual(
        setups.map(({ id }) => `new-in-${id}`).toSorted(),
      );
    });
  });

  it('are missed, and named once, when they are gone from an entry without an endpoint', async () => {
    await withRooms(async ({ run, room, post }) => {
      await run(anyKind);
      for (const id of ['channel', 'direct']) room(id).memberIds.delete(sampleLogin.userId);
      post('group', 'still-here', 1_000);
      const missed = await run(anyKind);
      expect(missed.gaps.map(({ endpoint, reason, room: { id } }) => `${endpoint} ${reason} ${id}`).toSorted()).toEqual(
        ['channels.messages room-gone channel', 'im.messages room-gone direct'],
      );
      expect((await run(anyKind)).gaps).toEqual([]);
    });
  });

  it('hold the filters of an entry without an endpoint', async () => {
    await withRooms(async ({ run, rowsOf, room }) => {
      for (const id of ['group', 'direct', 'livechat'])
        room(id).insert(storeMessage({ ...plainMessage(500, { pinned: true }), _id: `${id}-pin`, rid: id }));
      expect((await rowsOf(await run([{ rooms: ['*'], pinned: true }]))).toSorted()).toEqual([
        ...['direct leila.h direct-pin', 'livechat Visitor 17 livechat-pin', 'private ops group-pin'],
      ]);
    });
  });

  it('are read by time where a job says so and it gains something, else as messages, which is noted', async () => {
    await withRooms(async ({ served, run, rowsOf }) => {
      const manifest = await run([{ rooms: ['*'], via: 'history', pageSize: 9 }]);
      expect((await rowsOf(manifest)).toSorted()).toEqual(all.toSorted());
      expect(new Set(manifest.lists.map(({ endpoint, via }) => `${endpoint} ${via}`))).toEqual(
        new Set(['channels.messages messages', 'groups.messages history', 'im.messages messages']),
      );
      const histories = served.requests.filter(({ endpoint }) => endpoint.endsWith('.history'));
      expect(new Set(histories.map(({ endpoint }) => endpoint))).toEqual(new Set(['groups.history']));
      expect(manifest.notes).toContain(
        '"via: history" has no effect on rooms of channels.messages and im.messages: they were read as messages, on pages of the same size.',
      );
    });
  });

  it('are read without a word about their histories where no entry asks for those', async () => {
    await withRooms(async ({ run }) => {
      const groupsByTime: Job['extract'] = [
        { endpoint: 'groups.messages', rooms: ['*'], via: 'history' },
        { endpoint: 'channels.messages', rooms: ['*'] },
      ];
      expect((await run(groupsByTime)).notes.join()).not.toContain('via: history');
    });
  });

  it('are read once where an entry without an endpoint names them beside one with theirs', async () => {
    await withRooms(async ({ run, rowsOf }) => {
      const both: Job['extract'] = [{ rooms: ['o*'] }, { endpoint: 'groups.messages', rooms: ['*'] }];
      expect(await rowsOf(await run(both))).toEqual([
        ...rowsAtStart('channel old-square', 'old-channel'),
        ...rowsAtStart('private ops', 'group'),
      ]);
      await expect(run([...both, { rooms: ['ops'], pinned: true }])).rejects.toThrow(
        'room "ops" is in two entries of groups.messages with different filters',
      );
    });
  });

  it.each(quickOrLong(['7.0'], ['6.13', '7.0', '7.5', '8.8']))(
    'are read by time from server %s, replies in threads included',
    async (version) => {
      const byTime = everyKind.map((entry): ExtractEntry => ({ ...entry, via: 'history' }));
      await withRooms(
        async ({ run, rowsOf, post }) => {
          expect(await rowsOf(await run(byTime))).toEqual(all);
          post('group', 'new-in-group', 1_000);
          post('direct', 'new-in-direct', 1_000);
          expect(await rowsOf(await run(byTime))).toEqual(['private ops new-in-group', 'direct leila.h new-in-direct']);
          expect((await run(byTime)).files).toEqual([]);
        },
        { version, cap: 7 },
      );
    },
  );

  longIt('leave a channel the same room when it is renamed or archived between two runs', async () => {
    await withRooms(async ({ run, rowsOf, post, room }) => {
      await run();
      room('channel').name = 'market-square';
      post('channel', 'after-rename', 1_000);
      expect(await rowsOf(await run())).toEqual(['channel market-square after-rename']);
      room('channel').archived = true;
      post('channel', 'before-archiving', 2_000);
      expect(await rowsOf(await run())).toEqual(['channel market-square before-archiving']);
    });
  });

  it.each<[rooms: readonly string[], endpoint: EndpointName, problem: string]>([
    [
      ['town-square'],
      'groups.messages',
      '"town-square" matches channel rooms only, and groups.messages reads private rooms (channels.messages reads those, as does an entry without endpoint)',
    ],
    [
      ['*', 'leila.h'],
      'channels.messages',
      '"leila.h" matches direct rooms only, and channels.messages reads channel and livechat rooms (im.messages reads those, as does an entry without endpoint)',
    ],
    [
      ['*s*', 'o*'],
      'im.messages',
      '"o*" matches channel and private rooms only, and im.messages reads direct rooms (groups.messages and channels.messages read those, as does an entry without endpoint)',
    ],
  ])(
    'named at an endpoint that does not read them are an error that says which does',
    async (rooms, endpoint, problem) => {
      await withRooms(async ({ run, served }) => {
        await expect(run([{ endpoint, rooms }])).rejects.toThrow(problem);
        expect(served.requests.some((request) => request.endpoint.endsWith('.messages'))).toBe(false);
      });
    },
  );

  it('may be named by the same words at every endpoint, as long as one of them reads each', async () => {
    await withRooms(async ({ run, rowsOf }) => {
      const rooms = ['ops', 'town-square'];
      const both = [{ endpoint: 'groups.messages', rooms } as const, { endpoint: 'channels.messages', rooms } as const];
      expect(await rowsOf(await run(both))).toEqual([
        ...rowsAtStart('private ops', 'group'),
        ...rowsAtStart('channel town-square', 'channel'),
      ]);
    });
  });
});
