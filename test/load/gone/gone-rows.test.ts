import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../../src/errors.ts';
import type { StreamJournal } from '../../../src/journal/stream-journal.ts';
import { writeGoneRows } from '../../../src/load/gone/gone-rows.ts';
import type { RunStream } from '../../../src/plan/run-plan.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';
import { loadLab, postedMs, type ArchivedMessage, type LoadSetting } from '../../support/runs/load-lab.ts';

/** The list of a room that is read again from its beginning. */
const anew = sampleStream({ mayReplace: true });
const whole = (journal: StreamJournal): Promise<void> => journal.end(readTo(0));

interface Setting extends LoadSetting {
  readonly stream?: RunStream;
  readonly write?: (journal: StreamJournal) => Promise<void>;
  /** Ids that the walk has brought, and those that changes have. */
  readonly walked?: readonly string[];
  readonly claimed?: readonly string[];
}

async function gone(archived: readonly ArchivedMessage[], setting: Setting = {}) {
  const { stream = anew, write = whole, walked = [], claimed = [] } = setting;
  const lab = await loadLab({ ...setting, archived, plan: { streams: [stream] } });
  await lab.journal(stream, write);
  const { versions } = lab.load;
  for (const id of walked) {
    versions.walked('messages', 'r1', { id, updatedAt: null }, { wanted: [], unwanted: [] });
  }
  for (const id of claimed) versions.claim(id, 'r1');
  return { ...lab, uncompared: await writeGoneRows(lab.load) };
}

describe('messages of a room that was read again from its beginning', () => {
  it('are gone if earlier runs wrote them and this one has met them nowhere', async () => {
    const { said, uncompared, written } = await gone(
      [{ id: 'walked' }, { id: 'changed' }, { id: 'gone' }, { id: 'elsewhere', roomId: 'r2' }],
      { walked: ['walked'], claimed: ['changed'] },
    );
    expect([said(), uncompared]).toEqual([['delete gone in messages'], []]);
    expect(written[0]?.[1]).toMatchObject({ roomId: 'r1', ts: new Date(postedMs), deletedAt: null, run: 2 });
  });

  it('are not gone a second time', async () => expect((await gone([{ id: 'gone', op: 'delete' }])).said()).toEqual([]));

  it('are not gone where the list could not be read', async () => {
    const hole = sampleHole({ after: { tsMs: postedMs, id: 'x' }, before: { tsMs: postedMs + 5, id: 'y' } });
    const { said } = await gone([{ id: 'unread' }, { id: 'gone', tsMs: postedMs + 6 }], {
      write: async (journal) => {
        await journal.hole(hole, readTo(0), Buffer.alloc(0));
        await journal.end(readTo(0));
      },
    });
    expect(said()).toEqual(['delete gone in messages']);
  });

  it('are found by the id that the room has in the tables', async () => {
    const steps: readonly Step[] = [{ name: 'secret', settings: {}, room: (room) => ({ ...room, id: 'secret' }) }];
    const { said, written } = await gone([{ id: 'gone', roomId: 'secret' }], { steps });
    expect(said()).toEqual(['delete gone in messages']);
    expect(written[0]?.[1].roomId).toBe('secret');
  });

  it.each<readonly [string, Partial<RunStream>]>([
    ['was read on from where the last run was', { cursor: readTo(0) }],
    ['may have no rows of earlier runs', { mayReplace: false }],
    ['ends with a period', { untilMs: postedMs }],
    ['has some of the messages only', { filters: { pinned: true } }],
  ])('are not looked for where the list %s', async (_, fields) => {
    const { said, uncompared } = await gone([{ id: 'm' }], { stream: sampleStream({ ...anew, ...fields }) });
    expect([said(), uncompared]).toEqual([[], []]);
  });

  it('are not looked for by the mentions of a login', async () =>
    expect(await gone([{ id: 'm' }], { stream: sampleMentions({ mayReplace: true }) })).toMatchObject({
      uncompared: [],
    }));
});

describe('a room that was read again and cannot be compared', () => {
  const cut = (journal: StreamJournal): Promise<void> => journal.gap(readTo(0), 'http-500', '');

  it.each<readonly [string, Setting]>([
    ['its list was not read to the end', { write: cut }],
    ['it was read via history', { stream: sampleStream({ mayReplace: true, via: 'history' }) }],
    ['a step moves messages', { steps: [{ name: 'move', settings: {}, mayMove: true }] }],
    ['the archive lacks a column', { columns: ['message_id', 'room_id', 'ts', 'run'] }],
  ])('is named: %s', async (_, setting) => {
    const { said, uncompared } = await gone([{ id: 'gone' }], setting);
    expect([said(), uncompared]).toEqual([[], ['r1']]);
  });

  it('is none where the disk is full: that is no fault of the archive', async () => {
    const error: unknown = await gone([{ id: 'gone' }], { isFull: true }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutputError);
  });
});
