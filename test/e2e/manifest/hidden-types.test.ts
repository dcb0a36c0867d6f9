import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { runJob } from '../../../src/pipeline.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { inflict } from '../../support/network/faults.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';

/** An archived group, which can be read by time only: somebody joined it, and somebody else left. */
async function runWith(
  rules: Partial<Rules>,
  {
    fields = {},
    rooms = ['*'],
  }: { readonly fields?: Readonly<Record<string, unknown>>; readonly rooms?: string[] } = {},
): Promise<Pick<Manifest, 'coverage' | 'notes' | 'tables'>> {
  const messages = [{}, { t: 'uj' }, { t: 'ul' }].map((type, at) =>
    storeMessage({ ...plainMessage(at), ...type, _id: `m${at}`, rid: 'old' }),
  );
  const old = new WorkspaceRoom({
    ...{ id: 'old', type: 'p', name: 'old', memberIds: [sampleLogin.userId], archived: true },
    ...{ createdAtMs: smallStartMs, fields, messages },
  });
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms: [old], tokens }), rules);
  try {
    const job = jobFor(served.url, '/archive', { extract: [{ rooms }] });
    return await runJob(job, newProcess({ disk: new MemoryDisk() }));
  } finally {
    await served.close();
  }
}

const hidingNotes = (notes: readonly string[]): readonly string[] => notes.filter((note) => note.includes('history'));

describe('types of messages that the workspace hides', () => {
  it('are named where a room is read by its history, which leaves them out', async () => {
    const { coverage, notes, tables } = await runWith({ hiddenTypes: ['uj', 'mute_unmute'] });
    expect(tables).toEqual({ messages: 2 });
    expect(coverage?.hiddenTypes).toEqual({ lists: 1, types: ['uj', 'user-muted', 'user-unmuted'] });
    expect(hidingNotes(notes)).toEqual([
      'One list was read by its history, which lacks the types of messages that the workspace hides (Hide_System_Messages): uj, user-muted, user-unmuted.',
    ]);
  });

  it('are none where it hides none, and those of the room where that has a list of its own', async () => {
    const none = await runWith({});
    expect([none.coverage?.hiddenTypes, none.tables, hidingNotes(none.notes)]).toEqual([
      { lists: 1, types: [] },
      { messages: 3 },
      [],
    ]);
    const own = await runWith({ hiddenTypes: ['uj'] }, { fields: { sysMes: ['ul'] } });
    expect([own.coverage?.hiddenTypes, own.tables]).toEqual([{ lists: 1, types: ['ul'] }, { messages: 2 }]);
  });

  it('are unknown where the server does not say, and the room is read all the same', async () => {
    const silent = await runWith({
      intercept: inflict(({ endpoint }) =>
        endpoint === 'settings.public'
          ? { kind: 'answer', status: 404, contentType: 'text/html', body: 'no such page' }
          : null,
      ),
    });
    expect([silent.coverage?.hiddenTypes, silent.tables]).toEqual([{ lists: 1, types: null }, { messages: 3 }]);
    expect(hidingNotes(silent.notes)).toHaveLength(1);
  });

  it('are read once the job reads the room by its messages again: it is compared with the archive, though nothing was said in it', async () => {
    const messages = [{}, { t: 'uj' }, { t: 'ul' }].map((type, at) =>
      storeMessage({ ...plainMessage(at), ...type, _id: `m${at}`, rid: 'group' }),
    );
    const group = new WorkspaceRoom({
      ...{ id: 'group', type: 'p', name: 'group', memberIds: [sampleLogin.userId] },
      ...{ createdAtMs: smallStartMs, fields: {}, messages },
    });
    const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
    const workspace = new Workspace({ users: sampleUsers, rooms: [group], tokens });
    const served = await serveWorkspace(workspace, { hiddenTypes: ['uj'] });
    const disk = new MemoryDisk();
    const run = (via: 'history' | 'messages') =>
      runJob(jobFor(served.url, '/archive', { extract: [{ rooms: ['*'], via }] }), newProcess({ disk }));
    try {
      expect((await run('history')).tables).toEqual({ messages: 2 });
      expect((await run('history')).tables).toEqual({ messages: 0 });
      const whole = await run('messages');
      expect(whole.tables).toEqual({ messages: 1 });
      expect(whole.notes).toContain(
        'Rooms were read by their history before, which lacks the types of messages that the workspace hides. One room was read again from the beginning and compared with the archive.',
      );
      const idle = await run('messages');
      expect([idle.tables, hidingNotes(idle.notes)]).toEqual([{ messages: 0 }, []]);
    } finally {
      await served.close();
    }
  });

  it('are not asked for where every room is read by its messages, which lack none', async () => {
    const served = await serveWorkspace(createSampleWorkspace(), { hiddenTypes: ['uj'] });
    try {
      const job = jobFor(served.url, '/archive', { extract: [{ rooms: ['general'] }] });
      const { coverage } = await runJob(job, newProcess({ disk: new MemoryDisk() }));
      expect(coverage?.hiddenTypes).toEqual({ lists: 0, types: [] });
      expect(served.requests.some(({ endpoint }) => endpoint === 'settings.public')).toBe(false);
    } finally {
      await served.close();
    }
  });
});
