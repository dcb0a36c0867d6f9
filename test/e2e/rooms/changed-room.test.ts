import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post, roomOf } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Lab {
  readonly workspace: CrashLab['workspace'];
  readonly run: (fields?: Partial<Job>) => Promise<Manifest>;
}

async function inLab(rooms: readonly string[], use: (lab: Lab) => Promise<void>): Promise<void> {
  const extract = [{ endpoint: 'groups.messages', rooms }] as const;
  const lab = await CrashLab.open([30, 20, 12], {
    ...{ extract, transform: { tables: ['messages', 'rooms'] }, sinks: [{ format: 'jsonl' }] },
  });
  const { workspace } = lab;
  try {
    await lab.withArchive((archive) =>
      use({ workspace, run: (fields = {}) => runJob({ ...lab.job(archive), ...fields }, newProcess()) }),
    );
  } finally {
    await lab.close();
  }
}

const room = (workspace: Lab['workspace'], id: string) => {
  const found = workspace.room(id);
  if (found === undefined) throw new Error(`There is no room "${id}"`);
  return found;
};

describe('a private group that was turned into a channel', () => {
  it.each(
    [['its name', ['alpha-room', 'beta-room']] as const, ['a glob', ['*-room', '!gamma-room']] as const].slice(
      0,
      quickOrLong(1, 2),
    ),
  )(
    'named by %s: costs no other room anything, is a gap once, and goes on with an entry of its kind',
    async (_, rooms) => {
      await inLab(rooms, async ({ workspace, run }) => {
        await run();
        room(workspace, 'beta').type = 'c';
        post(workspace, 'alpha', 5);
        post(workspace, 'beta', 3);
        const first = await run();
        expect(first.gaps).toMatchObject([{ room: { id: 'beta' }, reason: 'room-kind' }]);
        expect(first.tables['messages']).toBe(5);
        const second = await run();
        expect(second.gaps).toEqual([]);
        expect(second.notes.join('\n')).toContain('is a channel room now');

        const extract: Job['extract'] = [
          { endpoint: 'groups.messages', rooms },
          { endpoint: 'channels.messages', rooms: ['beta-room'] },
        ];
        const third = await run({ extract });
        expect(third.gaps).toEqual([]);
        // Of the three one is an earlier version of another message.
        expect(third.tables['messages']).toBe(2);
      });
    },
  );

  it('is read on without a gap where an entry for channels covers it', async () => {
    await inLab(['*'], async ({ workspace, run }) => {
      const extract: Job['extract'] = [
        { endpoint: 'groups.messages', rooms: ['alpha-room', 'beta-room'] },
        { endpoint: 'channels.messages', rooms: ['beta-*', 'alpha-room'] },
      ];
      room(workspace, 'alpha').type = 'c';
      await run({ extract });
      room(workspace, 'alpha').type = 'p';
      room(workspace, 'beta').type = 'c';
      post(workspace, 'alpha', 4);
      post(workspace, 'beta', 3);
      const { gaps, tables } = await run({ extract });
      expect({ gaps, messages: tables['messages'] }).toEqual({ gaps: [], messages: 6 });
    });
  });

  it('that no run has read is still an error of the job', async () => {
    await inLab(['alpha-room', 'beta-room'], async ({ workspace, run }) => {
      room(workspace, 'beta').type = 'c';
      await expect(run()).rejects.toMatchObject({ exitCode: 78 });
    });
  });
});

describe('a renamed room whose name a new room has taken', () => {
  longIt('is a gap of its own, and read on under its new name; the new room is another one', async () => {
    await inLab(['alpha-room', 'beta-room'], async ({ workspace, run }) => {
      await run();
      room(workspace, 'beta').name = 'beta-old';
      const taken = roomOf('delta', 6);
      taken.name = 'beta-room';
      workspace.addRoom(taken);
      post(workspace, 'beta', 3);
      const first = await run();
      expect(first.gaps).toMatchObject([{ room: { id: 'beta', name: 'beta-old' }, reason: 'room-renamed' }]);
      expect(first.tables['messages']).toBe(6);
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['alpha-room', 'beta-room', 'beta-old'] }];
      const second = await run({ extract });
      expect(second.gaps).toEqual([]);
      expect(second.tables['messages']).toBe(2);
    });
  });
});

describe('a room renamed out of the glob that found it', () => {
  it('is a gap once, noted later, and read on under its new name', async () => {
    await inLab(['alpha-room', 'b*-room'], async ({ workspace, run }) => {
      await run();
      room(workspace, 'beta').name = 'old';
      const taken = roomOf('delta', 6);
      taken.name = 'beta-room';
      workspace.addRoom(taken);
      post(workspace, 'beta', 3);
      const first = await run();
      expect(first.gaps).toMatchObject([{ room: { id: 'beta', name: 'old' }, reason: 'room-renamed' }]);
      expect(first.tables['messages']).toBe(6);
      const second = await run();
      expect(second.gaps).toEqual([]);
      expect(second.notes.join('\n')).toContain('Room "old" has a new name');
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['alpha-room', 'b*-room', 'old'] }];
      expect(await run({ extract })).toMatchObject({ gaps: [], tables: { messages: 2 } });
    });
  });

  longIt('is no gap when the job excludes its new name', async () => {
    await inLab(['*-room', '!old*'], async ({ workspace, run }) => {
      await run();
      room(workspace, 'beta').name = 'old';
      expect((await run()).gaps).toEqual([]);
    });
  });
});
