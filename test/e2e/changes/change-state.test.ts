import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { runHere } from '../../support/program/fake-process.ts';
import type { Ended } from '../../support/program/program.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Setting {
  readonly archive: string;
  readonly rooms: readonly WorkspaceRoom[];
  readonly run: (environment?: Partial<typeof here>) => Promise<Manifest>;
  /** `state <action> <archive> …` */
  readonly state: (action: string, ...more: readonly string[]) => Promise<Ended>;
  readonly verify: () => Promise<Ended>;
  readonly idsIn: (manifest: Manifest) => Promise<readonly string[]>;
}

const extract: Job['extract'] = [
  { endpoint: 'groups.messages', rooms: ['*'] },
  { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
];

const idsOf = (room: string): string[] => [0, 1, 2].map((at) => `${room}-${at}`);

/** Two private rooms of three messages each, read once. */
async function afterOneRun(use: (setting: Setting) => Promise<void>): Promise<void> {
  const rooms = ['ops-a', 'ops-b'].map((name) => {
    const messages = [0, 1, 2].map((at) =>
      storeMessage({ ...plainMessage(at), _id: `${name}-${at}`, rid: `${name}-id` }),
    );
    const memberIds = [sampleLogin.userId];
    return new WorkspaceRoom({ id: `${name}-id`, type: 'p', name, memberIds, createdAtMs: smallStartMs, messages });
  });
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms, tokens }));
  try {
    await inTemporaryFolder(async (archive) => {
      const run: Setting['run'] = (environment) =>
        runJob(jobFor(served.url, archive, { extract }), { ...here, ...environment });
      await run();
      await use({
        ...{ archive, rooms, run },
        state: (action, ...more) => runHere(['state', action, archive, ...more]),
        verify: () => runHere(['verify', archive]),
        idsIn: async ({ files }) => {
          const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
          const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
          return lines.map((line) => (JSON.parse(line) as { message_id: string }).message_id);
        },
      });
    });
  } finally {
    await served.close();
  }
}

interface ShownState {
  readonly run: number;
  readonly lists: readonly Readonly<Record<string, unknown>>[];
}

const shown = ({ stdout }: Ended): ShownState => JSON.parse(stdout) as ShownState;
const keyA = 'groups.messages ops-a-id';

describe('state show', () => {
  it('tells how far each stream was read, and changes nothing', async () => {
    await afterOneRun(async ({ archive, state }) => {
      const before = await readFile(join(archive, '_state.json'), 'utf8');
      const { code, stdout } = await state('show');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^after run 1\n/);
      expect(stdout).toMatch(/^groups\.messages ops-a-id +ops-a +private +20\S+Z +3 *$/m);
      const { run, lists } = shown(await state('show', '--json'));
      expect(run).toBe(1);
      expect(lists.find(({ key }) => key === keyA)).toMatchObject({
        ...{ endpoint: 'groups.messages', room: { id: 'ops-a-id', name: 'ops-a', type: 'private' } },
        ...{ messages: 3, complete: true, gone: false, reset: false, formerNames: [] },
      });
      expect(await readFile(join(archive, '_state.json'), 'utf8')).toBe(before);
    });
  });
});

describe('state reset', () => {
  it.each(quickOrLong([['ops-a']], [['ops-a'], ['ops-a-id']]))(
    'has the next run, and only that, read room %s from its beginning',
    async (room) => {
      await afterOneRun(async ({ state, run, idsIn, verify }) => {
        const reset = await state('reset', '--room', room);
        expect(reset).toMatchObject({ code: 0, stdout: '' });
        expect(reset.stderr).toContain(
          'The next run reads 1 room from the beginning; earlier runs wrote 3 messages of it',
        );
        expect((await state('show')).stdout).toMatch(
          /^groups\.messages ops-a-id .* reset: read again by the next run$/m,
        );
        expect((await verify()).code).toBe(0);
        expect((await state('rebuild')).code).toBe(0);
        expect((await verify()).code).toBe(0);

        const second = await run();
        expect(await idsIn(second)).toEqual(idsOf('ops-a'));
        expect(
          second.notes.filter((note) => note.startsWith('Room "ops-a" (groups.messages) was read again')),
        ).toHaveLength(1);
        expect(second.state.lists[keyA]).toMatchObject({ messages: 6, complete: true });
        const third = await run();
        expect(third.files).toEqual([]);
        expect(third.notes.filter((note) => note.includes('read again from its beginning'))).toEqual([]);
      });
    },
  );

  longIt('takes several rooms, by names that they had before, too', async () => {
    await afterOneRun(async ({ state, run, idsIn, rooms: [a] }) => {
      if (a !== undefined) a.name = 'ops-c';
      await run();
      expect((await state('reset', '--room', 'ops-a', 'ops-b')).code).toBe(0);
      expect((await idsIn(await run())).toSorted()).toEqual([...idsOf('ops-a'), ...idsOf('ops-b')]);
    });
  });

  it('changes nothing for a room that no run has read', async () => {
    await afterOneRun(async ({ archive, state }) => {
      const before = await readFile(join(archive, '_state.json'), 'utf8');
      const { code, stderr } = await state('reset', '--room', 'ops-a', 'ops-bb');
      expect(code).toBe(64);
      expect(stderr).toContain('No run has read a room "ops-bb"');
      expect(stderr).toContain('Did you mean "ops-b"?');
      expect(await readFile(join(archive, '_state.json'), 'utf8')).toBe(before);
    });
  });

  it('is refused while a run is open, which would undo it', async () => {
    await afterOneRun(async ({ archive, state, run, idsIn, rooms: [a] }) => {
      a?.insert(storeMessage({ ...plainMessage(9), _id: 'new', rid: a.id }));
      // Dies when its pages are read and nothing is published.
      const { disk } = faultDisk(nodeDisk, 'dies-within', 30);
      await expect(run({ disk })).rejects.toThrow();
      await rm(join(archive, '_lock.json'));
      for (const words of [
        ['reset', '--room', 'ops-a'],
        ['forget', '--yes'],
      ] as const) {
        const [action, ...more] = words;
        const { code, stderr } = await state(action, ...more);
        expect(code).toBe(75);
        expect(stderr).toContain('an open run continues from it');
      }
      expect((await state('rebuild')).code).toBe(0);
      expect(await idsIn(await run())).toEqual(['new']);
      expect((await state('reset', '--room', 'ops-b')).code).toBe(0);
    });
  });
});

describe('state forget', () => {
  longIt('counts no room that is gone among those that the next run reads, and keeps its rows', async () => {
    await afterOneRun(async ({ rooms, run, state, idsIn, verify }) => {
      rooms[1]?.memberIds.delete(sampleLogin.userId);
      expect((await run()).gaps.map(({ reason }) => reason)).toEqual(['room-gone', 'room-gone']);
      const { code, stderr } = await state('forget', '--yes');
      expect(code).toBe(0);
      expect(stderr).toContain('The next run reads 1 room from the beginning; earlier runs wrote 3 messages of it');
      expect(stderr).toContain('1 room is gone, and is read from the beginning when back');
      const third = await run();
      expect([third.gaps, await idsIn(third)]).toEqual([[], idsOf('ops-a')]);
      rooms[1]?.memberIds.add(sampleLogin.userId);
      expect(await idsIn(await run())).toEqual(idsOf('ops-b'));
      expect((await verify()).code).toBe(0);
    });
  });

  it('has the next run read everything again, if it is meant', async () => {
    await afterOneRun(async ({ archive, state, run, idsIn, verify }) => {
      const before = await readFile(join(archive, '_state.json'), 'utf8');
      const asked = await state('forget');
      expect(asked.code).toBe(64);
      expect(asked.stderr).toContain('Add --yes to do it');
      expect(await readFile(join(archive, '_state.json'), 'utf8')).toBe(before);

      const { code, stdout } = await state('forget', '--yes', '--json');
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as ShownState).lists.map(({ watermark }) => watermark)).toEqual(Array(4).fill(null));
      expect((await verify()).code).toBe(0);
      expect(await idsIn(await run())).toEqual([...idsOf('ops-a'), ...idsOf('ops-b')]);
      expect((await run()).files).toEqual([]);
    });
  });
});

describe('state rebuild', () => {
  it('makes the state of the chain alone, resets included', async () => {
    await afterOneRun(async ({ archive, state, run, rooms: [a] }) => {
      a?.insert(storeMessage({ ...plainMessage(9), _id: 'new', rid: a.id }));
      await run();
      await state('reset', '--room', 'ops-b');
      const before = await readFile(join(archive, '_state.json'), 'utf8');
      await rm(join(archive, '_state.json'));
      const { code, stderr } = await state('rebuild');
      expect(code).toBe(0);
      expect(stderr).toContain('the state is that of run 3');
      expect(await readFile(join(archive, '_state.json'), 'utf8')).toBe(before);
    });
  });

  it('leaves a small link in the chain, however many rooms it forgets', async () => {
    await afterOneRun(async ({ archive, state }) => {
      await state('forget', '--yes');
      const text = await readFile(join(archive, '_manifest/run-000002.json'), 'utf8');
      expect(JSON.parse(text)).toMatchObject({ kind: 'state', state: { reset: 'all', lists: {}, changes: {} } });
      expect(text.length).toBeLessThan(1_000);
    });
  });

  const wrong = [
    ['damaged', '{"version": 1, "ru'],
    ['of another run', '{"version": 2, "longestPage": 0, "lists": {}, "changes": {}}'],
    ['of a version to come', '{"version": 99}'],
    ['of another run and the first version', '{"version": 1, "run": 0, "streams": {}, "longestPage": {}}'],
  ];
  it.each(wrong.slice(0, quickOrLong(1, 4)))(
    'mends a state that is %s, as the error of a run says',
    async (_, text) => {
      await afterOneRun(async ({ archive, state, run, verify }) => {
        const path = join(archive, '_state.json');
        const before = await readFile(path, 'utf8');
        await writeFile(path, text);
        const hint = expect.stringContaining(`state rebuild ${archive}`) as unknown;
        await expect(run()).rejects.toMatchObject({ kind: 'output', hint });
        expect((await state('show')).code).toBe(73);
        expect((await state('rebuild')).code).toBe(0);
        expect(await readFile(path, 'utf8')).toBe(before);
        expect((await verify()).code).toBe(0);
        expect((await run()).files).toEqual([]);
      });
    },
  );

  it('does not build on a manifest that was changed, and not without one', async () => {
    await afterOneRun(async ({ archive, state }) => {
      const path = join(archive, '_manifest/run-000001.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"ops-a"', '"ops-x"'));
      const changed = await state('rebuild');
      expect(changed.code).toBe(73);
      expect(changed.stderr).toContain('SHA256SUMS says');
      await rm(path);
      const missing = await state('rebuild');
      expect(missing.code).toBe(73);
      expect(missing.stderr).toContain('there is no manifest to make it from');
    });
  });
});

describe('state', () => {
  it('does not reset without rooms what it cannot make anew of `_raw`, and says what asks the server', async () => {
    await afterOneRun(async ({ state }) => {
      const { code, stderr } = await state('reset');
      expect(code).toBe(64);
      expect(stderr).toMatch(/it has no responses of run 1[^]*state reset \S+ --room NAME/);
    });
  });

  it.each([
    [['shw'], 'Unknown action "shw" of state'],
    [['reset'], 'there is no archive'],
    [['reset', '--room', 'a'], 'there is no archive'],
    [['show', '--room', 'a'], 'state show takes no --room'],
    [['rebuild', '--yes'], 'state rebuild takes no --yes'],
    [['show'], 'there is no archive'],
    [['forget', '--yes'], 'there is no archive'],
  ])('%j is refused, and makes no folder', async ([action = '', ...more], message) => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'nothing');
      const { code, stderr } = await runHere(['state', action, archive, ...more]);
      expect(code).toBe(64);
      expect(stderr).toContain(message);
      expect(await nodeDisk.list(archive)).toBeUndefined();
    });
  });
});
