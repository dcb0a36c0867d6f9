import { describe, expect, it } from '@jest/globals';
import { hourMs } from '../../../src/model/time/durations.ts';
import { ChangeRows } from '../../../src/load/changes/change-rows.ts';
import { loadRescan } from '../../../src/load/changes/load-rescan.ts';
import type { Hole } from '../../../src/model/stream.ts';
import type { RunChanges } from '../../../src/plan/run-plan.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';
import {
  editedMs,
  listPage,
  loadLab,
  postedMs,
  rawMessage,
  type ArchivedMessage,
  type LoadSetting,
} from '../../support/runs/load-lab.ts';

const atMs = (tsMs: number) => ({ ts: new Date(tsMs).toISOString() });

interface Setting extends LoadSetting {
  readonly changes?: Partial<RunChanges>;
  /** Places of the room that could not be read. */
  readonly holes?: readonly Hole[];
  /** The window's beginning; default: before all messages. */
  readonly sinceMs?: number;
  readonly instead?: null;
}

/** Reads the room "ops" once more, which shows `messages`, and compares it with what the archive has. */
async function rescan(archived: readonly ArchivedMessage[], messages: readonly object[], setting: Setting = {}) {
  const { holes = [], sinceMs = postedMs - hourMs } = setting;
  const changes = sampleChanges(setting.changes);
  const instead = setting.instead === null ? null : { endpoint: 'groups.messages', sinceMs };
  const refusal = { reason: 'not-allowed', instead };
  const lab = await loadLab({ ...setting, archived, plan: { changes: [changes] } });
  const path = await lab.journal(changes, async (journal) => {
    await journal.refusal(refusal);
    await journal.page(...listPage(messages));
    for (const hole of holes) await journal.hole(hole, readTo(0), Buffer.alloc(0));
    await journal.end(readTo(0));
  });
  const rows = new ChangeRows(lab.load, changes);
  await loadRescan(lab.load, changes, path, refusal, lab.windows, rows);
  await lab.load.rows.flush();
  return { ...lab, rows };
}

describe('a room that is read once more instead of its changes', () => {
  it('shows which messages were edited, imported with an old date, and deleted', async () => {
    const { said, rows, written } = await rescan(
      [{ id: 'same' }, { id: 'edited' }, { id: 'gone' }],
      [rawMessage('same'), rawMessage('edited', editedMs), rawMessage('imported')],
    );
    expect(said()).toEqual(['upsert edited in messages', 'upsert imported in messages', 'delete gone in messages']);
    expect(rows.changes).toBe(3);
    // When it went nobody knows.
    expect(written[2]?.[1]).toMatchObject({ deletedAt: null, ts: new Date(postedMs) });
  });

  it('tells a message that has never changed from one of an unknown version', async () => {
    const { said } = await rescan([{ id: 'm' }], [rawMessage('m', postedMs, { _updatedAt: 'soon' })]);
    expect(said()).toEqual(['upsert m in messages']);
  });

  it('has lost no message before the window', async () => {
    const archived = [{ id: 'early', tsMs: postedMs - 1 }, { id: 'gone' }];
    const { said } = await rescan(archived, [], { sinceMs: postedMs - 1 });
    expect(said()).toEqual(['delete gone in messages']);
  });

  it('has lost no message where it could not be read', async () => {
    const hole = sampleHole({ after: { tsMs: postedMs, id: 'x' }, before: { tsMs: postedMs + 5, id: 'y' } });
    const archived = [
      { id: 'unread', tsMs: postedMs + 5 },
      { id: 'gone', tsMs: postedMs + 6 },
    ];
    expect((await rescan(archived, [], { holes: [hole] })).said()).toEqual(['delete gone in messages']);
  });

  it('has not lost what the list’s own walk has still to bring, unless it is compared to its end', async () => {
    const revised = [sampleStream({ cursor: readTo(postedMs) })];
    const archived = [{ id: 'late', tsMs: postedMs + 1 }, { id: 'gone' }];
    const plain = await rescan(archived, [], { changes: { revised } });
    expect(plain.said()).toEqual(['delete gone in messages']);
    const compared = await rescan(archived, [], { changes: { revised, compared: 'restored' } });
    expect(compared.said()).toEqual(['delete late in messages', 'delete gone in messages']);
    // Of a list that no run has read there is no end.
    const anew = await rescan(archived, [], { changes: { revised: [sampleStream()], compared: 'restored' } });
    expect(anew.said()).toEqual([]);
  });

  it('shows clones of earlier versions, which are no messages: that of a deleted one is hidden itself', async () => {
    const hidden = rawMessage('m', editedMs, { _hidden: true });
    expect((await rescan([{ id: 'm' }], [hidden])).said()).toEqual(['delete m in messages']);
  });

  describe('whose messages are of the versions that the archive has', () => {
    const liked = rawMessage('m', postedMs, { reactions: { ':tada:': { usernames: ['ann'] } } });
    const tables = ['messages', 'reactions'] as const;
    const said = async (changes: Partial<RunChanges>) =>
      (await rescan([{ id: 'm' }], [liked], { changes, tables })).said();

    it('brings what another table lacks, where one is behind', async () =>
      expect(await said({ isBehind: true })).toEqual(['upsert m in reactions']));

    it('brings it where the room is compared: a backup may have taken the version back', async () =>
      expect(await said({ compared: 'restored' })).toEqual(['upsert m in reactions']));

    it('brings nothing otherwise', async () => expect(await said({})).toEqual([]));
  });
});

describe('a room that cannot be compared', () => {
  it.each<readonly [string, Setting]>([
    ['nothing was read instead', { instead: null }],
    ['it has no list of all messages', { changes: { revised: [sampleMentions({ cursor: readTo(postedMs) })] } }],
    ['the job makes no table of messages', { tables: ['reactions'] }],
  ])('keeps its messages as they are: %s', async (_, setting) => {
    const { said } = await rescan([{ id: 'gone' }], [rawMessage('new', editedMs)], setting);
    expect(said()).toEqual([]);
  });

  it('says so where the job makes no table of messages, or the archive has no column to compare by', async () => {
    const noTable = await rescan([{ id: 'gone' }], [], { tables: ['reactions'] });
    expect(noTable.windows.uncompared).toEqual({ kind: 'note', message: 'the job makes no table "messages"' });
    const noColumn = await rescan([{ id: 'gone' }], [rawMessage('new', editedMs)], {
      columns: ['message_id', 'room_id', 'ts', 'op', 'run'],
    });
    expect(noColumn.said()).toEqual([]);
    expect(noColumn.windows.uncompared).toMatchObject({ kind: 'note', message: expect.stringContaining('updated_at') });
    expect([...(await noColumn.windows.ids('r1'))]).toEqual([]);
  });

  const moved = { kind: 'note', message: 'a step of the job gives messages another `ts` or `room_id`' };
  const step = (message: NonNullable<Step['message']>): readonly Step[] => [{ name: 'x', settings: {}, message }];

  it.each<readonly [string, readonly Step[]]>([
    ['date', step((flat) => ({ ...flat, ts: new Date(0) }))],
    ['room', step((flat) => ({ ...flat, roomId: 'r9' }))],
  ])('has lost nothing, as a step gives messages another %s, and says so', async (_, steps) => {
    const { said, windows } = await rescan([{ id: 'gone' }], [rawMessage('new', editedMs)], { steps });
    expect(said()).toEqual([]);
    expect(windows.uncompared).toEqual(moved);
  });

  it('has lost nothing where the archive has other dates than the server', async () => {
    const archived = [{ id: 'gone' }, { id: 'm', tsMs: postedMs + 1, updatedMs: postedMs }];
    const { said, windows } = await rescan(archived, [rawMessage('m')]);
    expect([said(), windows.uncompared]).toEqual([[], moved]);
    const { windows: same } = await rescan(archived, [rawMessage('m', postedMs, atMs(postedMs + 1))]);
    expect(same.uncompared).toBeNull();
  });
});

describe('the room of a job that keeps identities secret', () => {
  it('is found in the archive by the id that it has there', async () => {
    const steps: readonly Step[] = [
      {
        ...{ name: 'secret', settings: {}, alsoTombstones: true },
        message: (flat) => ({ ...flat, roomId: 'secret' }),
        room: (room) => ({ ...room, id: 'secret' }),
      },
    ];
    const archived = [
      { id: 'same', roomId: 'secret' },
      { id: 'gone', roomId: 'secret' },
    ];
    const { said, windows } = await rescan(archived, [rawMessage('same', editedMs)], { steps });
    expect(said()).toEqual(['upsert same in messages', 'delete gone in messages']);
    expect(windows.uncompared).toBeNull();
  });
});
