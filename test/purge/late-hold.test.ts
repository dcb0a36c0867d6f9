import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { compareWithServer } from '../../src/audit/compare-with-server.ts';
import { loginUser, sampleUsers } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../src/demo/workspace/workspace-room.ts';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import type { Job } from '../../src/job/job.ts';
import { dayMs } from '../../src/model/time/durations.ts';
import { runJob } from '../../src/pipeline.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../src/rebuild/rebuild-archive.ts';
import { Pseudonyms } from '../../src/transforms/steps/pseudonyms.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { virtualClock } from '../support/clocks/virtual-clock.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { fileWorkspace } from '../support/workspaces/file-workspace.ts';
import { plainMessage } from '../support/workspaces/small-workspace.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const mallory = { _id: 'otherUser', username: 'mallory', name: 'Mallory' };
const why = { reason: 'policy 4.2', by: 'J. Doe, DPO' };
const retention: Job['retention'] = { messages: { count: 90, unit: 'days' }, ...why };
const today = Date.UTC(2024, 5, 1, 9);
const clock = virtualClock(today);

/** Of each room four messages of long ago, the third by somebody else, and one of today. */
function roomOf(name: string, ages = [400, 300, 200, 100, 0]): WorkspaceRoom {
  return new WorkspaceRoom({
    ...{ id: `${name}Room00000001`, type: 'p', name, memberIds: [sampleLogin.userId], createdAtMs: 0 },
    messages: ages.map((days, at) =>
      storeMessage(
        plainMessage(at, {
          ...{ _id: `${name}${at}`, rid: `${name}Room00000001`, msg: `words of ${name} ${at}` },
          ...{
            ts: new Date(today - days * dayMs).toISOString(),
            _updatedAt: new Date(today - days * dayMs).toISOString(),
          },
          u: at === 2 ? mallory : loginUser,
          reactions: { ':tada:': { usernames: [`reactor with words of ${name} ${at}`] } },
        }),
      ),
    ),
  });
}

interface World {
  readonly archive: string;
  readonly job: Job;
  readonly run: (fields?: Partial<Job>) => Promise<Manifest>;
}

async function archived(name: string, use: (world: World) => Promise<void>, fields: Partial<Job> = {}): Promise<void> {
  const archive = inFolder(name);
  const rooms = [roomOf('alpha'), roomOf('beta'), roomOf('old', [400, 300])];
  const chat = new Workspace({
    ...{ users: sampleUsers, rooms },
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
  const served = await serveWorkspace(chat);
  const job = jobFor(served.url, archive, {
    raw: 'keep',
    extract: [{ endpoint: 'groups.messages', rooms: ['alpha'] }],
    ...fields,
  });
  const run: World['run'] = (more = {}) => runJob({ ...job, ...more }, { ...here, clock, everyRoom: true });
  try {
    await use({ archive, job, run });
    expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
  } finally {
    await served.close();
  }
}

const rooms = (...names: readonly string[]): Job['extract'] => [{ endpoint: 'groups.messages', rooms: names }];

/** The messages of which words are in any file below a folder. */
async function wordsIn(folder: string, under = ''): Promise<readonly string[]> {
  const words = new Set<string>();
  for await (const { path } of walkFiles(nodeDisk, join(folder, under))) {
    const bytes = readFileSync(path);
    const text = String(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    for (const [, name, at] of text.matchAll(/words of (\w+) (\d)/g)) words.add(`${name}${at}`);
  }
  return [...words].sort();
}

const rowsIn = (archive: string): Promise<readonly string[]> => wordsIn(archive, 'messages');
const all = (name: string): readonly string[] => [0, 1, 2, 3, 4].map((at) => `${name}${at}`);

async function expectRebuilt(archive: string): Promise<void> {
  const rebuilt = await rebuildArchive(archive, inFolder(`${archive}-rebuilt`));
  expect(rebuilt).toMatchObject({ differences: [] });
}

it('keeps all messages of a room that is held when it is read for the first time, whatever purges came before', async () => {
  await archived('new-room', async ({ archive, run }) => {
    await run({ retention });
    expect(await rowsIn(archive)).toEqual(['alpha4']);
    const more = { retention, extract: rooms('alpha', 'beta', 'old'), hold: { rooms: ['beta', 'old'] } };
    expect((await run(more)).notes.join()).not.toContain('held');
    expect(await rowsIn(archive)).toEqual(['alpha4', ...all('beta'), 'old0', 'old1']);
    // Of the responses, too; the list of rooms shows the newest of each.
    expect(await wordsIn(archive, '_raw')).toEqual(['alpha4', ...all('beta'), 'old0', 'old1']);
    await expectRebuilt(archive);

    // A hold that has ended ends it with the next retention.
    await run({ retention, extract: rooms('alpha', 'beta', 'old') });
    expect(await rowsIn(archive)).toEqual(['alpha4', 'beta4']);
    expect(await wordsIn(archive)).toEqual(['alpha4', 'beta4']);
  });
});

it('says what a hold came too late for, and reads it again after a reset of the room', async () => {
  await archived('late', async ({ archive, run, job }) => {
    await run({ retention });
    const held = { retention, hold: { rooms: ['alpha'] } };
    const first = await run(held);
    expect(first.notes).toContainEqual(
      'Room "alpha" is held by the job since this run. What purges by time had removed before (messages sent before 2024-03-03T00:00:00.000Z) is not in the archive: the hold keeps what is there, and what is read from now on. What the server still has of it is read once more after `state reset` of the room.',
    );
    expect((await run(held)).notes.join()).not.toContain('since this run');
    expect(await rowsIn(archive)).toEqual(['alpha4']);
    const options = { ...here, clock, sample: 1, seed: 1 };
    expect(await compareWithServer(archive, job, options)).toMatchObject({ differs: [], purged: 4 });

    await resetState(nodeDisk, archive, '2024-06-01T00:00:00.000Z', () => 'all');
    expect((await run(held)).notes.join()).not.toContain('since this run');
    expect(await rowsIn(archive)).toEqual(all('alpha'));
    expect(await compareWithServer(archive, { ...job, ...held }, options)).toMatchObject({ differs: [], purged: 0 });
    await expectRebuilt(archive);
  });
});

longIt(
  'keeps what a person has written who is held since, by a name of long ago, too, and leaves out what was purged by its id',
  async () => {
    await archived('person', async ({ archive, run }) => {
      await run();
      await purgeArchive(archive, { kind: 'messages', ids: ['alpha1'] }, { ...here, ...why });
      await purgeArchive(archive, { kind: 'before', beforeMs: today - 350 * dayMs }, { ...here, ...why });
      expect(await rowsIn(archive)).toEqual(['alpha2', 'alpha3', 'alpha4']);
      const more = { extract: rooms('alpha', 'beta'), hold: { users: ['mallory'] }, retention };
      expect((await run(more)).notes.join()).toContain('User "mallory" is held by the job since this run');
      expect(await rowsIn(archive)).toEqual(['alpha2', 'alpha4', 'beta2', 'beta4']);
      await resetState(nodeDisk, archive, '2024-06-01T00:00:00.000Z', () => 'all');
      await run({ ...more, hold: { ...more.hold, rooms: ['alpha'] } });
      expect(await rowsIn(archive)).toEqual(['alpha0', 'alpha2', 'alpha3', 'alpha4', 'beta2', 'beta4']);
      await expectRebuilt(archive);
    });
  },
);

it('keeps the responses, too, of people who are held by their pseudonyms, when a purge or a run leaves out what is old', async () => {
  const transform: Job['transform'] = {
    tables: ['messages'],
    steps: [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }],
  };
  const pseudonym = new Pseudonyms('a key of sixteen or more').user('otherUser');
  await archived(
    'pseudonyms',
    async ({ archive, run, job }) => {
      const hold = { users: [pseudonym] };
      const first = await run({ hold, retention });
      expect(first.notes.join()).not.toContain('since this run');
      expect(await rowsIn(archive)).toEqual(['alpha2', 'alpha4']);
      expect(await ofRoom(archive)).toEqual(['alpha2', 'alpha4']);
      await run({ hold, retention, extract: rooms('alpha', 'beta') });
      expect(await rowsIn(archive)).toEqual(['alpha2', 'alpha4', 'beta2', 'beta4']);
      expect(await ofRoom(archive)).toEqual(['alpha2', 'alpha4', 'beta2', 'beta4']);
      const rebuilt = await rebuildArchive(archive, inFolder('pseudonyms-rebuilt'), { jobs: [job] });
      expect(rebuilt).toMatchObject({ differences: [] });
    },
    { transform },
  );
});

longIt(
  'removes reactions that were read for a new table while a hold lasted, though the table of messages never had them back',
  async () => {
    await archived('new-table', async ({ archive, run }) => {
      await run({ retention });
      const transform: Job['transform'] = { tables: ['messages', 'reactions'] };
      await run({ retention, transform, hold: { rooms: ['alpha'] } });
      expect(await rowsIn(archive)).toEqual(['alpha4']);
      expect(await wordsIn(archive, 'reactions')).toEqual(all('alpha'));
      await run({ retention, transform });
      // Of the other room the list of rooms shows the newest.
      expect(await wordsIn(archive)).toEqual(['alpha4', 'beta4']);
      await expectRebuilt(archive);
    });
  },
);

longIt(
  'saves the files of messages again that a purge had removed, and that are read again because they are held',
  async () => {
    const archive = inFolder('files');
    const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'two' }]));
    const job = { ...jobFor(served.url, archive, { raw: 'keep', attachments: {} }), retention };
    const run = (fields: Partial<Job> = {}): Promise<Manifest> =>
      runJob({ ...job, ...fields }, { ...here, clock, everyRoom: true });
    const saved = async (): Promise<readonly string[]> => (await nodeDisk.list(join(archive, '_files'))) ?? [];
    try {
      await run();
      expect(await saved()).toEqual([]);
      await resetState(nodeDisk, archive, '2024-06-01T00:00:00.000Z', () => 'all');
      expect(await run({ hold: { rooms: ['alpha-room'] } })).toMatchObject({ tables: { files: 2 } });
      expect(await saved()).toEqual(['one', 'two']);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
      await expectRebuilt(archive);
      await run();
      expect(await saved()).toEqual([]);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    } finally {
      await served.close();
    }
  },
);

it('knows a room that is held by the state, where all of its rows are gone', async () => {
  await archived('no-row', async ({ archive, run }) => {
    await run({ extract: rooms('old'), retention });
    expect(await rowsIn(archive)).toEqual([]);
    await run({ extract: rooms('old'), retention, hold: { rooms: ['old'] } });
    const mistyped = run({ extract: rooms('old'), retention, hold: { rooms: ['odl'] } });
    await expect(mistyped).rejects.toThrow('nothing in it has the name "odl", which the job holds');
  });
});

/** What kept responses have but for the lists of rooms, which show the newest message of each. */
async function ofRoom(archive: string): Promise<readonly string[]> {
  const words = new Set<string>();
  for await (const { path, name } of walkFiles(nodeDisk, join(archive, '_raw'))) {
    if (name.includes('0000-')) continue;
    for (const [, room, at] of String(gunzipSync(readFileSync(path))).matchAll(/words of (\w+) (\d)/g))
      words.add(`${room}${at}`);
  }
  return [...words].sort();
}
