import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { OutputError } from '../../src/errors.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';
import type { Row } from '../../src/model/column.ts';
import { textOrNull } from '../../src/model/text/text-or-null.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import type { PurgeTarget } from '../../src/purge/purge-target.ts';
import type { CurrentTableName } from '../../src/snapshot/current-table.ts';
import { latest } from '../../src/snapshot/latest.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { loginUser } from '../../src/demo/sample/people.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { sampleKey } from '../support/archives/sample-keys.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { fileWorkspace, send } from '../support/workspaces/file-workspace.ts';
import { createSmallWorkspace, plainMessage, smallRoomId } from '../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const other = { _id: 'otherUser', username: 'mallory', name: 'Mallory' };
const why = { reason: 'erasure request 17', by: 'J. Doe, DPO' };
const secret = 'unforgettable-words';

const everyFormat: Job['sinks'] = [{ format: 'parquet' }, { format: 'csv' }, { format: 'jsonl' }];
const fields: Partial<Job> = {
  transform: { tables: ['messages', 'mentions', 'reactions', 'links', 'message_versions', 'users'] },
  sinks: quickOrLong([{ format: 'jsonl' }], everyFormat),
  raw: 'keep',
};

/** For what all tables have alike: each table more is as much work as a run. */
const few: Partial<Job> = { transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }] };

/** Ten messages, of which number 4, by somebody else, is the one to go. */
function workspace(): Workspace {
  return createSmallWorkspace(
    Array.from({ length: 10 }, (_, at) =>
      plainMessage(at, {
        u: at === 4 ? other : loginUser,
        msg: at === 4 ? `${secret} https://example.org/${secret}` : `message ${at}`,
        reactions: at === 4 ? { ':tada:': { usernames: [`${secret}-reactor`] } } : {},
      }),
    ),
  );
}

async function archived(name: string, use: (world: World) => Promise<void>, more: Partial<Job> = {}): Promise<void> {
  const archive = inFolder(name);
  const chat = workspace();
  const served = await serveWorkspace(chat);
  const job = jobFor(served.url, archive, { ...fields, ...more });
  try {
    await runJob(job, here);
    await use({ archive, job, chat, run: () => runJob(job, { ...here, everyRoom: true }) });
  } finally {
    await served.close();
  }
}

interface World {
  readonly archive: string;
  readonly job: Job;
  readonly chat: Workspace;
  readonly run: () => Promise<unknown>;
}

/** Files of the archive in which the text stands, compressed Parquet pages unread. */
async function filesWith(archive: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { path, name } of walkFiles(nodeDisk, archive)) {
    const bytes = readFileSync(path);
    if ((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(text)) found.push(name);
  }
  return found;
}

function withPseudonyms(job: Job): Job {
  return {
    ...job,
    transform: { ...job.transform, steps: [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] },
  };
}

async function currentRows(archive: string, table: CurrentTableName = 'messages'): Promise<readonly Row[]> {
  const { rows } = await latest(archive, { table });
  const all: Row[] = [];
  for await (const batch of rows) all.push(...batch);
  return all;
}

async function senderOf(archive: string, message: string): Promise<string> {
  const row = (await currentRows(archive)).find(({ message_id: id }) => id === message);
  return textOrNull(row?.['user_id']) ?? '';
}

async function idsIn(archive: string): Promise<readonly unknown[]> {
  return (await currentRows(archive)).map(({ message_id: id }) => id);
}

const four = 'm0000000000000004';
const targets: readonly (readonly [string, PurgeTarget])[] = [
  ['message', { kind: 'messages', ids: [four] }],
  ['person', { kind: 'user', name: 'mallory' }],
];

describe('purging an archive', () => {
  longIt(
    'removes what a person sent by the pseudonym that the job gave them later, too, and keeps it away',
    async () => {
      await archived('pseudonymized', async ({ archive, job }) => {
        const pseudonymous = { ...withPseudonyms(job), backfill: true as const };
        await runJob(pseudonymous, here);
        expect(await idsIn(archive)).toContain(four);
        await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
        expect(await idsIn(archive)).not.toContain(four);
        await resetState(nodeDisk, archive, '2026-01-01T00:00:00.000Z', () => 'all');
        await runJob(pseudonymous, here);
        expect(await idsIn(archive)).toHaveLength(9);
        expect(await idsIn(archive)).not.toContain(four);
      });
    },
  );

  it('says of a person that the purge is done, by name or id, and refuses a name that it never had', async () => {
    await archived('again', async ({ archive }) => {
      await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
      expect(await filesWith(archive, 'mallory')).toEqual([]);
      for (const name of ['mallory', other._id]) {
        const again = await purgeArchive(archive, { kind: 'user', name }, { ...here, ...why, reason: 'another' });
        expect(again).toMatchObject({ kind: 'purged-before', held: 0, manifest: { run: 2 } });
      }
      const mistyped = purgeArchive(archive, { kind: 'user', name: 'malory' }, { ...here, ...why });
      await expect(mistyped).rejects.toThrow('has no user "malory"');
    });
  });

  it('removes nothing of whoever had the username of another: says the ids, and takes one of them', async () => {
    await archived(
      'reused-name',
      async ({ archive, chat, run }) => {
        const renamed = { ...loginUser, username: 'mallory' };
        chat.room(smallRoomId)?.insert(storeMessage(plainMessage(11, { _id: 'late', u: renamed })));
        await run();
        const before = await contentOf(archive);
        await expect(purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why })).rejects.toThrow(
          `2 people have had the username "mallory": ${[other._id, loginUser._id].sort().join(', ')}`,
        );
        expect(await contentOf(archive)).toEqual(before);
        const done = await purgeArchive(archive, { kind: 'user', name: other._id }, { ...here, ...why });
        expect(done).toMatchObject({ manifest: { messages: 1 } });
        expect(await idsIn(archive)).toHaveLength(10);
      },
      few,
    );
  });

  it('removes nothing of those who only mention the person or have a reaction of theirs (regression: all of it)', async () => {
    const name = `${secret}-reactor`;
    await archived(
      'reactor',
      async ({ archive, job }) => {
        const more = { ...job, transform: { tables: ['messages', 'reactions'] as const } };
        await runJob(more, here);
        const purged = purgeArchive(archive, { kind: 'user', name }, { ...here, ...why });
        await expect(purged).rejects.toThrow(`the archive has no user "${name}"`);
        const holds = { rooms: [], users: [name] };
        const held = purgeArchive(archive, { kind: 'user', name: other._id }, { ...here, ...why, holds });
        await expect(held).rejects.toThrow(`nothing in it has the name "${name}"`);
        expect(await idsIn(archive)).toHaveLength(10);
      },
      few,
    );
  });

  it('removes nothing of whoever has the username of somebody purged, when it is called again, and knows former names', async () => {
    await archived(
      'namesake',
      async ({ archive, chat, run }) => {
        const room = chat.room(smallRoomId);
        room?.insert(storeMessage(plainMessage(11, { _id: 'renamed', u: { ...other, username: 'mallory.new' } })));
        await run();
        await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
        expect(await idsIn(archive)).not.toContain('renamed');
        for (const name of ['mallory', 'mallory.new']) {
          const again = await purgeArchive(archive, { kind: 'user', name }, { ...here, ...why });
          expect(again).toMatchObject({ kind: 'purged-before' });
        }
        const namesake = { _id: 'namesake', username: 'mallory', name: 'Another' };
        room?.insert(storeMessage(plainMessage(12, { _id: 'late', u: namesake })));
        await run();
        await expect(purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why })).rejects.toThrow(
          /"mallory" was the username of somebody whose messages are purged already, and is now that of namesake$/,
        );
        expect(await idsIn(archive)).toContain('late');
        const done = await purgeArchive(archive, { kind: 'user', name: 'namesake' }, { ...here, ...why });
        expect(done).toMatchObject({ kind: 'purged', manifest: { messages: 1 } });
      },
      few,
    );
  });

  it('removes nothing by a time that is still to come: no later run would write a message until then', async () => {
    await archived(
      'future',
      async ({ archive }) => {
        const before = await contentOf(archive);
        const target: PurgeTarget = { kind: 'before', beforeMs: Date.parse('2206-01-01') };
        await expect(purgeArchive(archive, target, { ...here, ...why })).rejects.toThrow(
          'sent before 2206-01-01T00:00:00.000Z: that is still to come',
        );
        expect(await contentOf(archive)).toEqual(before);
      },
      few,
    );
  });

  longIt(
    'removes what a person sent by a clock that is ahead from kept pages, too, and nothing brings it back',
    async () => {
      await archived(
        'ahead',
        async ({ archive, chat, run }) => {
          const ts = '2999-01-01T00:00:00.000Z';
          chat.room(smallRoomId)?.insert(storeMessage(plainMessage(11, { u: other, msg: secret, ts })));
          await run();
          await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
          expect(await filesWith(archive, secret)).toEqual([]);
          await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
          chat.room(smallRoomId)?.insert(storeMessage(plainMessage(12, { u: loginUser, msg: 'of somebody else', ts })));
          await run();
          expect(await filesWith(archive, secret)).toEqual([]);
          expect(await filesWith(archive, 'of somebody else')).not.toEqual([]);
        },
        few,
      );
    },
  );

  it("removes from kept pages, too, what a step of one's own dates otherwise, and has somebody else send", async () => {
    const cwd = inFolder('steps');
    mkdirSync(cwd, { recursive: true });
    writeFileSync(
      join(cwd, 'step.mjs'),
      'export default () => (m) => ({ ...m, userId: `staff-${m.username}`, ts: new Date(m.ts.getTime() - 9000) });',
    );
    const plugin = { use: './step.mjs', cwd, options: {}, writtenOptions: {} };
    await archived(
      'own-step',
      async ({ archive, run }) => {
        await purgeArchive(archive, { kind: 'user', name: 'staff-mallory' }, { ...here, ...why });
        expect(await filesWith(archive, secret)).toEqual([]);
        const beforeMs = Date.parse('2024-01-01T00:00:00.000Z');
        expect(await filesWith(archive, 'message 8')).not.toEqual([]);
        await purgeArchive(archive, { kind: 'before', beforeMs }, { ...here, ...why });
        expect(await filesWith(archive, 'message 8')).toEqual([]);
        expect(await filesWith(archive, 'message 9')).not.toEqual([]);
        await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
        await run();
        expect(await filesWith(archive, secret)).toEqual([]);
        expect(await idsIn(archive)).toHaveLength(1);
      },
      { transform: { tables: ['messages'], steps: [{ kind: 'use', plugin }] }, sinks: [{ format: 'jsonl' }] },
    );
  });

  it('removes by a pseudonym what the person sent by name before, where a message of both tells', async () => {
    await archived('by-pseudonym', async ({ archive, job }) => {
      await runJob({ ...withPseudonyms(job), backfill: true as const }, here);
      const mallory = await senderOf(archive, four);
      const done = await purgeArchive(archive, { kind: 'user', name: mallory }, { ...here, ...why });
      expect(done).toMatchObject({ manifest: { messages: 1, notes: [] } });
      expect(await filesWith(archive, secret)).toEqual([]);
      expect(await filesWith(archive, 'mallory')).toEqual([]);
    });
  });

  it('says in which runs a person may stand by other names, where no message tells', async () => {
    await archived(
      'half-known',
      async ({ archive, job, chat }) => {
        chat.room(smallRoomId)?.insert(storeMessage(plainMessage(11, { _id: 'late', u: other, msg: secret })));
        await runJob(withPseudonyms(job), here);
        const late = await senderOf(archive, 'late');
        expect(late).toMatch(/^u_/);
        const byName = await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
        expect(byName).toMatchObject({
          manifest: {
            messages: 1,
            notes: [expect.stringMatching(/^Rows of run 2 show people by pseudonyms, and no mess/)],
          },
        });
        expect(await idsIn(archive)).toContain('late');
        const rest = await purgeArchive(archive, { kind: 'user', name: late }, { ...here, ...why });
        expect(rest).toMatchObject({
          manifest: {
            messages: 1,
            notes: [expect.stringMatching(/^Rows of run 1 show people by name, and no message/)],
          },
        });
        expect(await idsIn(archive)).not.toContain('late');
      },
      few,
    );
  });

  it.each(quickOrLong(targets.slice(0, 1), [...targets]))(
    'removes the %s from every table, format and kept page, and no later run brings it back',
    async (name, target) => {
      const purged = async ({ archive, chat, run }: World): Promise<void> => {
        expect((await filesWith(archive, secret)).length).toBeGreaterThan(3);
        const done = await purgeArchive(archive, target, { ...here, ...why });
        expect(done).toMatchObject({
          kind: 'purged',
          held: 0,
          manifest: { run: 2, kind: 'purge', messages: 1, ...why },
        });
        expect(await filesWith(archive, secret)).toEqual([]);
        expect(await idsIn(archive)).toHaveLength(9);
        expect(await verifyArchive(archive)).toMatchObject({ differences: [], runs: 2 });
        expect(await filesWith(archive, `"_id":"${four}","purged":2`)).toHaveLength(1);

        chat
          .room(smallRoomId)
          ?.replace(
            storeMessage(plainMessage(4, { u: other, msg: `${secret} again`, _updatedAt: '2026-11-20T00:00:00.000Z' })),
          );
        await run();
        expect(await filesWith(archive, secret)).toEqual([]);
        await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
        await run();
        expect(await filesWith(archive, secret)).toEqual([]);
        expect(await idsIn(archive)).toHaveLength(9);
        if (name === 'person') expect(await filesWith(archive, 'mallory')).toEqual([]);
        expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
      };
      await archived(`purge-${name}`, purged, { sinks: everyFormat });
    },
  );

  const elements = { tables: ['reactions'] as const };
  const whatToPurge: readonly (readonly [string, PurgeTarget])[] = [
    ['message', { kind: 'messages', ids: [four] }],
    // By id: elements have no usernames.
    ['person', { kind: 'user', name: other._id }],
    ['time', { kind: 'before', beforeMs: Date.parse('2026-01-01') }],
  ];

  it.each(quickOrLong(whatToPurge.slice(1, 2), whatToPurge))(
    'removes what a job without the table of messages wrote of them: by %s',
    async (what, target) => {
      await archived(
        `elements-${what}`,
        async ({ archive }) => {
          expect(await filesWith(archive, secret)).not.toEqual([]);
          await purgeArchive(archive, target, { ...here, ...why });
          expect(await filesWith(archive, secret)).toEqual([]);
          expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
        },
        { transform: elements, sinks: [{ format: 'csv' }] },
      );
    },
  );

  it('removes what runs after the table of messages was taken out wrote of a person', async () => {
    await archived('without-messages', async ({ archive, job, chat }) => {
      const reactions = { ':tada:': { usernames: [`late-${secret}`] } };
      chat.room(smallRoomId)?.insert(storeMessage(plainMessage(11, { _id: 'late', u: other, reactions })));
      await runJob({ ...job, transform: elements }, here);
      expect(await filesWith(archive, `late-${secret}`)).not.toEqual([]);
      await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
      expect(await filesWith(archive, secret)).toEqual([]);
    });
  });

  longIt('lets nobody come back by a change of its manifest: no run is built on that', async () => {
    await archived(
      'changed-purge',
      async ({ archive, run }) => {
        await purgeArchive(archive, { kind: 'user', name: 'mallory' }, { ...here, ...why });
        await run();
        const path = join(archive, '_manifest/run-000002.json');
        const manifest = readFileSync(path, 'utf8');
        const changed = manifest.replaceAll(/"hash":"[0-9a-f]{8}/g, '"hash":"00000000');
        expect(changed).not.toBe(manifest);
        writeFileSync(path, changed);
        await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
        await expect(run()).rejects.toThrow(/run-000002.json": its SHA-256 is .*, and the next one says/);
      },
      few,
    );
  });

  it('removes what is older than a time, but for what is held', async () => {
    await archived(
      'before',
      async ({ archive, run }) => {
        const beforeMs = Date.parse('2024-01-01T00:00:05.000Z');
        const holds = { rooms: [], users: ['mallory'] };
        const done = await purgeArchive(archive, { kind: 'before', beforeMs }, { ...here, ...why, holds });
        expect(done).toMatchObject({ kind: 'purged', held: 1, manifest: { messages: 4 } });
        expect(await idsIn(archive)).toHaveLength(6);
        await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
        await run();
        expect(await idsIn(archive)).toHaveLength(6);
        expect(await filesWith(archive, 'message 3')).toEqual([]);
        expect(await filesWith(archive, secret)).not.toEqual([]);
        const again = await purgeArchive(archive, { kind: 'before', beforeMs }, { ...here, ...why, holds });
        expect(again).toEqual({ kind: 'nothing-to-do', held: 1 });
      },
      few,
    );
  });

  it('refuses what is held, what is not there, and a signed archive without its key, and changes nothing', async () => {
    const { privatePem, signer } = sampleKey(1);
    await archived(
      'refused',
      async ({ archive }) => {
        const before = await contentOf(archive);
        const target: PurgeTarget = { kind: 'messages', ids: [four] };
        const holds = { rooms: ['small'], users: [] };
        await expect(purgeArchive(archive, target, { ...here, ...why, signer, holds })).rejects.toThrow(
          '1 of the messages are held',
        );
        const unknown: PurgeTarget = { kind: 'messages', ids: ['nobody'] };
        await expect(purgeArchive(archive, unknown, { ...here, ...why, signer })).rejects.toThrow(
          'has no message "nobody"',
        );
        await expect(purgeArchive(archive, target, { ...here, ...why })).rejects.toThrow('it is signed');
        expect(await contentOf(archive)).toEqual(before);
        await purgeArchive(archive, target, { ...here, ...why, signer });
        expect(await verifyArchive(archive, { publicKey: sampleKey(1).publicPem })).toMatchObject({ differences: [] });
      },
      { ...few, sign: { key: privatePem } },
    );
  });
});

const unmet = [
  { rooms: ['leagl-room'], users: [] },
  { rooms: [], users: ['nobody'] },
];

it.each(unmet.slice(0, quickOrLong(1, 2)))(
  'refuses to purge while a name is held that nothing in the archive has: %j',
  async (holds) => {
    await archived(
      'unmet-hold',
      async ({ archive }) => {
        const before = await idsIn(archive);
        const target: PurgeTarget = { kind: 'before', beforeMs: Date.parse('2026-01-01T00:00:00.000Z') };
        await expect(purgeArchive(archive, target, { ...here, ...why, holds })).rejects.toThrow(
          `nothing in it has the name "${[...holds.rooms, ...holds.users].join('')}", which the job holds`,
        );
        expect(await idsIn(archive)).toEqual(before);
      },
      few,
    );
  },
);

it('refuses what the job of the newest run holds', async () => {
  await archived(
    'hold',
    async ({ archive }) => {
      const target: PurgeTarget = { kind: 'user', name: 'mallory' };
      await expect(purgeArchive(archive, target, { ...here, ...why })).rejects.toThrow('1 of the messages are held');
      const beforeMs = Date.parse('2025-01-01T00:00:00.000Z');
      const done = await purgeArchive(archive, { kind: 'before', beforeMs }, { ...here, ...why });
      expect(done).toMatchObject({ kind: 'purged', held: 1, manifest: { messages: 9 } });
      expect(await idsIn(archive)).toEqual([four]);
    },
    { ...few, hold: { users: ['mallory'] } },
  );
});

describe('purging a message with files', () => {
  it.each(quickOrLong([['attachments']] as const, [['attachments'], ['messages']] as const))(
    'leaves a file that a message which stays shows, and names it with that (by the table %s)',
    async (table) => {
      const archive = inFolder(`shown-twice-${table}`);
      const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'one' }]));
      const sinks = [{ format: 'parquet' }, { format: 'csv' }] as const;
      const transform = { tables: [table] };
      const job = jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {}, transform, sinks });
      const ids = ['alpha-000000', 'alpha-000001'];
      try {
        await runJob(job, here);
        for (const [purges, id] of ids.entries()) {
          expect(await currentRows(archive, 'files')).toMatchObject([{ file_id: 'one', message_id: id }]);
          expect(await filesWith(archive, 'content of one')).toHaveLength(1);
          await purgeArchive(archive, { kind: 'messages', ids: [id] }, { ...here, ...why });
          expect(await verifyArchive(archive)).toMatchObject({ runs: purges + 2, differences: [] });
        }
        expect(await currentRows(archive, 'files')).toEqual([]);
        expect(await filesWith(archive, 'content of one')).toEqual([]);
      } finally {
        await served.close();
      }
    },
  );

  longIt(
    'is done where later runs write another ending than what was compacted: its rows have their "run"',
    async () => {
      const archive = inFolder('other-ending');
      const chat = fileWorkspace([{ id: 'one' }, { id: 'two' }]);
      const served = await serveWorkspace(chat);
      const fields = { extract: [{ rooms: ['*'] }], attachments: {}, sinks: [{ format: 'jsonl' }] } as const;
      const job = jobFor(served.url, archive, fields);
      try {
        await runJob(job, here);
        send(chat, { id: 'three' });
        await runJob(job, here);
        await compactHere(archive);
        send(chat, { id: 'four' });
        await runJob({ ...job, sinks: [{ format: 'jsonl', compression: 'gzip' }] }, here);
        await purgeArchive(archive, { kind: 'messages', ids: ['alpha-000000'] }, { ...here, ...why });
        const left = (await currentRows(archive, 'files')).map(({ file_id: id }) => id);
        expect(left.sort()).toEqual(['four', 'three', 'two']);
        expect(await filesWith(archive, 'content of one')).toEqual([]);
      } finally {
        await served.close();
      }
    },
  );

  it('refuses where only the table of files tells of messages, unless their ids are given', async () => {
    const archive = inFolder('files-alone');
    const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'two' }]));
    const transform = { tables: ['links'] } as const;
    const job = jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {}, transform });
    try {
      await runJob(job, here);
      const before = await contentOf(archive);
      const byTime = purgeArchive(archive, { kind: 'before', beforeMs: Date.parse('2026-01-01') }, { ...here, ...why });
      await expect(byTime).rejects.toThrow('of 2 messages with saved files no table says who sent them, and when');
      expect(await contentOf(archive)).toEqual(before);
      await purgeArchive(archive, { kind: 'messages', ids: ['alpha-000000'] }, { ...here, ...why });
      expect(await filesWith(archive, 'content of')).toHaveLength(1);
    } finally {
      await served.close();
    }
  });

  it('removes those that were saved with it, and no other', async () => {
    const archive = inFolder('files');
    const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'two' }]));
    const job = jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {}, raw: 'keep' });
    try {
      await runJob(job, here);
      expect(await filesWith(archive, 'content of')).toHaveLength(2);
      const target: PurgeTarget = { kind: 'messages', ids: ['alpha-000000'] };
      await purgeArchive(archive, target, { ...here, ...why });
      expect(await filesWith(archive, 'content of one')).toEqual([]);
      expect(await filesWith(archive, 'content of two')).toHaveLength(1);
      // Links cannot be changed; nothing else has the name that somebody gave the file.
      expect(await filesWith(archive, '_files/one/')).toEqual([
        '_manifest/run-000001.json',
        '_manifest/run-000002.json',
      ]);
      expect(await nodeDisk.list(join(archive, '_files'))).toEqual(['two']);
      await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
      await runJob(job, here);
      expect(await filesWith(archive, 'content of one')).toEqual([]);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    } finally {
      await served.close();
    }
  });
});

async function contentOf(archive: string): Promise<ReadonlyMap<string, string>> {
  const content = new Map<string, string>();
  for await (const { path } of walkFiles(nodeDisk, archive)) content.set(path, readFileSync(path, 'base64'));
  return content;
}

describe('a purge that was killed behind its commit, and is called again', () => {
  quickOrLong(it.skip, it).each([
    ['what is purged by its id', targets[0]?.[1]],
    ['a person by name', targets[1]?.[1]],
    ['what is old', { kind: 'before', beforeMs: Date.parse('2024-01-01T00:00:05.000Z') }],
  ] satisfies [string, PurgeTarget | undefined][])(
    'is brought to its end with its pages, and is no error: %s',
    async (name, target) => {
      if (target === undefined) throw new Error('There is no such target');
      await archived(
        `killed-${name}`,
        async ({ archive }) => {
          const views = join(archive, '_view');
          const remove = (path: string): Promise<void> =>
            path === views ? Promise.reject(new OutputError('killed')) : nodeDisk.remove(path);
          const dying = { ...nodeDisk, remove };
          await expect(purgeArchive(archive, target, { ...here, ...why, disk: dying })).rejects.toThrow('killed');
          const again = await purgeArchive(archive, target, { ...here, ...why });
          expect(again).toMatchObject({ kind: 'purged-before', held: 0, manifest: { run: 2, ...why } });
          expect(await nodeDisk.list(views)).toEqual(['report.html', 'schema', 'transcript']);
          if (target.kind !== 'before') expect(await filesWith(archive, secret)).toEqual([]);
          expect(await verifyArchive(archive)).toMatchObject({ differences: [], runs: 2 });
        },
        { transcript: true, report: true },
      );
    },
  );
});
