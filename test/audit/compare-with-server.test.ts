import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compareWithServer } from '../../src/audit/compare-with-server.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import type { PurgeTarget } from '../../src/purge/purge-target.ts';
import { sha256 } from '../../src/archive/hash-file.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import {
  createSmallWorkspace,
  plainMessage,
  smallRoomId,
  smallStartMs,
} from '../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
let count = 0;

/** Archives a workspace, has `change` happen to it or to the archive, and compares the two. */
async function compared(
  workspace: Workspace,
  change: (archive: string) => unknown,
  options: { readonly sample?: number; readonly seed?: number } = {},
  fields: Partial<Job> = {},
  later: Partial<Job> = {},
) {
  const archive = inFolder(`archive-${(count += 1)}`);
  const served = await serveWorkspace(workspace);
  try {
    const job = jobFor(served.url, archive, fields);
    await runJob(job, here);
    await change(archive);
    const before = served.requests.length;
    const found = await compareWithServer(archive, { ...job, ...later }, { ...here, ...options });
    return { found, requests: served.requests.slice(before).map(({ endpoint }) => endpoint) };
  } finally {
    await served.close();
  }
}

const roomOf = (workspace: Workspace) => {
  const room = workspace.room(smallRoomId);
  if (room === undefined) throw new Error('No room');
  return room;
};

/** Replaces a text in the table and makes every sum anew, as somebody would who can write to the whole folder. */
function forge(archive: string, from: string, to: string): void {
  const path = join(archive, 'messages/run-000001-0001.jsonl');
  const before = readFileSync(path);
  const after = Buffer.from(before.toString().replace(from, to));
  if (after.equals(before)) throw new Error(`"${from}" is not in the table`);
  writeFileSync(path, after);
  const manifest = join(archive, '_manifest/run-000001.json');
  const text = readFileSync(manifest, 'utf8')
    .replace(sha256(before), sha256(after))
    .replace(`"sizeBytes":${before.length}`, `"sizeBytes":${after.length}`)
    .replace(`"sizeBytes": ${before.length}`, `"sizeBytes": ${after.length}`);
  writeFileSync(manifest, text);
  rmSync(join(archive, '_manifest/SHA256SUMS'));
}

describe('an archive that is compared with its server', () => {
  it('is equal when nothing has happened, and costs one request for each page of the room', async () => {
    const { found, requests } = await compared(createSmallWorkspace(250), () => undefined, { sample: 60 });
    expect(found).toMatchObject({ messages: 250, sampled: 60, editedSince: [], deletedSince: [], differs: [] });
    expect(found.equal).toBe(found.compared);
    expect(found.compared).toBeGreaterThanOrEqual(60);
    expect(requests.filter((path) => path.includes('groups.messages'))).toHaveLength(3);
    expect(requests.filter((path) => path.includes('chat.getMessage'))).toHaveLength(0);
  });

  it('asks for single messages where pages would take more requests', async () => {
    const { found, requests } = await compared(createSmallWorkspace(quickOrLong(600, 1_200)), () => undefined, {
      sample: 3,
      seed: 7,
    });
    expect(found.equal).toBe(found.compared);
    expect(requests.filter((path) => path.includes('groups.messages')).length).toBeLessThan(4);
    expect(requests.some((path) => path.includes('chat.getMessage'))).toBe(true);
  });

  it('draws the same messages by the same seed, and others by another', async () => {
    const workspace = createSmallWorkspace(300);
    const edited = Array.from({ length: 280 }, (_, at) =>
      plainMessage(at, { msg: 'edited', _updatedAt: '2026-01-01T00:00:00.000Z' }),
    );
    const change = (): void => {
      for (const one of edited) roomOf(workspace).replace(storeMessage(one));
    };
    const drawn: string[] = [];
    const archive = inFolder('seeds');
    const served = await serveWorkspace(workspace);
    try {
      const job = jobFor(served.url, archive);
      await runJob(job, here);
      change();
      for (const seed of [1, 1, 2]) {
        const { editedSince } = await compareWithServer(archive, job, { ...here, sample: 5, seed });
        drawn.push(editedSince.map(({ messageId }) => messageId).join());
      }
    } finally {
      await served.close();
    }
    expect(drawn[0]).toBe(drawn[1]);
    expect(drawn[0]).not.toBe(drawn[2]);
  });

  it.each([
    ['behind', { sinceMs: null, untilMs: smallStartMs + 20_000 }],
    ['before', { sinceMs: smallStartMs + 5_000, untilMs: null }],
  ])('counts nothing as not yet read that lies %s the period of the job (regression)', async (_, period) => {
    const extract = [{ endpoint: 'groups.messages', rooms: ['*'], period }] as const;
    const { found } = await compared(createSmallWorkspace(25), () => undefined, {}, { extract: [...extract] });
    expect(found).toMatchObject({ messages: 20, equal: 20, newSince: 0 });
  });

  it('names what was edited and what was deleted since, and calls neither a difference', async () => {
    const workspace = createSmallWorkspace(20);
    const { found } = await compared(workspace, () => {
      const room = roomOf(workspace);
      room.replace(storeMessage(plainMessage(3, { msg: 'another text', _updatedAt: '2026-01-01T00:00:00.000Z' })));
      room.remove('m0000000000000004', Date.parse('2026-01-01T00:00:00.000Z'));
      room.insert(storeMessage(plainMessage(1_000)));
    });
    expect(found).toMatchObject({ compared: 20, equal: 18, differs: [], newSince: 1 });
    expect(found.editedSince).toEqual([
      {
        messageId: 'm0000000000000003',
        room: { id: smallRoomId, name: 'small' },
        archived: '2024-01-01T00:00:03.000Z',
        now: '2026-01-01T00:00:00.000Z',
      },
    ]);
    expect(found.deletedSince.map(({ messageId }) => messageId)).toEqual(['m0000000000000004']);
  });

  it('differs where somebody rewrote a text and all sums with it', async () => {
    const { found } = await compared(createSmallWorkspace(20), (archive) =>
      forge(archive, '"msg":"message 5"', '"msg":"massage 5"'),
    );
    expect(found.differs).toEqual([
      expect.objectContaining({
        messageId: 'm0000000000000005',
        column: 'msg',
        archived: '"massage 5"',
        server: '"message 5"',
      }),
    ]);
  });

  it('differs where somebody took a message out', async () => {
    const workspace = createSmallWorkspace([
      ...Array.from({ length: 20 }, (_, at) => plainMessage(at)),
      plainMessage(900),
    ]);
    const { found } = await compared(workspace, (archive) => forge(archive, '"m0000000000000005"', '"another"'));
    expect(found.differs).toEqual([
      expect.objectContaining({ messageId: 'm0000000000000005', column: 'row', archived: 'no row' }),
    ]);
    expect(found.deletedSince.map(({ messageId }) => messageId)).toEqual(['another']);
  });

  it('does not miss what the steps of the job drop', async () => {
    const workspace = createSmallWorkspace([
      ...Array.from({ length: 20 }, (_, at) => plainMessage(at, at === 5 ? { t: 'uj' } : {})),
      plainMessage(900),
    ]);
    const transform: Job['transform'] = { tables: ['messages'], steps: [{ kind: 'dropSystemMessages' }] };
    const { found } = await compared(workspace, () => undefined, {}, { transform });
    expect(found).toMatchObject({ compared: 20, equal: 20, differs: [] });
  });

  const purges: readonly (readonly [string, PurgeTarget, number])[] = [
    ['what is old', { kind: 'before', beforeMs: Date.parse('2024-01-01T00:00:12.000Z') }, 12],
    // The newest of the room: no run is known to have read past it.
    ['single messages', { kind: 'messages', ids: ['m0000000000000005', 'm0000000000000900'] }, 2],
    ['a person', { kind: 'user', name: 'mallory' }, 1],
  ];
  // Each is one kind of what a manifest of a purge says is gone.
  it.each(purges.slice(0, quickOrLong(2, 3)))(
    'does not miss what a purge of %s removed, and counts it',
    async (_, target, purged) => {
      const mallory = { _id: 'otherUser', username: 'mallory', name: 'Mallory' };
      const workspace = createSmallWorkspace([
        ...Array.from({ length: 20 }, (_none, at) => plainMessage(at, at === 4 ? { u: mallory } : {})),
        plainMessage(900),
      ]);
      const { found } = await compared(workspace, (archive) =>
        purgeArchive(archive, target, { ...here, reason: 'erasure request 17', by: 'J. Doe, DPO' }),
      );
      expect(found).toMatchObject({ messages: 21 - purged, equal: 21 - purged, differs: [], newSince: 0, purged });
    },
  );

  it('still misses what was taken out beside a purge', async () => {
    const workspace = createSmallWorkspace([
      ...Array.from({ length: 20 }, (_, at) => plainMessage(at)),
      plainMessage(900),
    ]);
    const { found } = await compared(workspace, async (archive) => {
      forge(archive, '"m0000000000000005"', '"another"');
      await purgeArchive(
        archive,
        { kind: 'messages', ids: ['m0000000000000006'] },
        { ...here, reason: 'erasure request 17', by: 'J. Doe, DPO' },
      );
    });
    expect(found.purged).toBe(1);
    expect(found.differs.map(({ messageId }) => messageId)).toEqual(['m0000000000000005']);
  });

  it('compares pseudonyms by the key of the job, and says what another key leaves out', async () => {
    const steps = (key: string): Job['transform'] => ({ tables: ['messages'], steps: [{ kind: 'pseudonymize', key }] });
    const fields = { transform: steps('a key that is long enough 1') };
    const same = await compared(createSmallWorkspace(5), () => undefined, {}, fields);
    expect(same.found).toMatchObject({ equal: 5, differs: [] });
    expect(same.found.notes.join()).not.toContain('pseudonymize');
    const other = await compared(createSmallWorkspace(5), () => undefined, {}, fields, {
      transform: steps('a key that is long enough 2'),
    });
    expect(other.found).toMatchObject({ equal: 5, differs: [] });
    expect(other.found.notes.join()).toContain('Of 5 messages only message_id, ts and updated_at were compared');
  });

  it('names columns that were dropped', async () => {
    const transform: Job['transform'] = {
      tables: ['messages'],
      steps: [{ kind: 'dropColumns', columns: ['msg', 'text'] }],
    };
    const { found } = await compared(createSmallWorkspace(5), () => undefined, {}, { transform });
    expect(found).toMatchObject({ equal: 5, differs: [] });
    expect(found.notes.join()).toContain('files lack the columns: msg, text');
  });

  it('names a room that the login cannot read any more, and takes none of its messages for deleted', async () => {
    const workspace = createSmallWorkspace(5);
    const { found } = await compared(workspace, () => {
      roomOf(workspace).memberIds.delete(sampleLogin.userId);
    });
    expect(found).toMatchObject({ compared: 0, deletedSince: [], differs: [] });
    expect(found.uncomparedRooms).toEqual([expect.objectContaining({ room: { id: smallRoomId, name: 'small' } })]);
  });

  const sinks = [
    ['parquet', { format: 'parquet' }],
    ['CSV for spreadsheets', { format: 'csv', excelSafe: true }],
    ['JSONL', { format: 'jsonl' }],
  ] as const;
  longIt.each(sinks)('finds every message of the sample workspace as %s has it', async (_, sink) => {
    const workspace = createSampleWorkspace();
    const fields: Partial<Job> = {
      extract: [{ rooms: ['*'], scope: 'readable' }],
      transform: { tables: ['messages'], md: 'json' },
      sinks: [sink],
    };
    const { found } = await compared(workspace, () => undefined, { sample: 100_000 }, fields);
    expect(found).toMatchObject({ editedSince: [], deletedSince: [], differs: [], uncomparedRooms: [] });
    expect(found).toMatchObject({ equal: found.messages, sampled: found.messages });
    expect(found.messages).toBeGreaterThan(1_000);
  });
});
