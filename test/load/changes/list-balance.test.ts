import { describe, expect, it } from '@jest/globals';
import { ListBalance, type BalanceContext } from '../../../src/load/changes/list-balance.ts';
import { ExportedVersions } from '../../../src/load/exported-versions.ts';
import { changeKey } from '../../../src/model/changes.ts';
import { parseMessage } from '../../../src/model/message.ts';
import { noBalance } from '../../../src/model/run/balance.ts';
import type { RunChanges, RunStream } from '../../../src/plan/run-plan.ts';
import type { ArchivedRow } from '../../../src/snapshot/archived-rows.ts';
import { StepChain } from '../../../src/transforms/steps/step-chain.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const tsMs = Date.UTC(2024, 0, 1);
const startedMs = Date.UTC(2024, 1, 1);
/** Half an hour before the run began: what happened later may not be in the total. */
const slackMs = startedMs - 1_800_000;
const early = slackMs;
const late = slackMs + 1;

interface Setting {
  readonly changes?: Partial<RunChanges>;
  readonly streams?: readonly RunStream[];
  readonly archive?: Readonly<Record<string, Partial<ArchivedRow>>>;
  /** What the archive shows once it has been read for this. */
  readonly unread?: Readonly<Record<string, Partial<ArchivedRow>>>;
  readonly tables?: BalanceContext['tables'];
  readonly steps?: readonly Step[];
  readonly unreadable?: BalanceContext['archived']['unreadable'];
}

function listBalance(setting: Setting = {}) {
  const { tables = new Set(['messages'] as const), steps = [], streams = [], unreadable = null } = setting;
  const changes = sampleChanges(setting.changes);
  const versions = new ExportedVersions({ run: 3, changes: [changes], changesFromMs: 0 });
  let { archive = {} } = setting;
  const context: BalanceContext = {
    runPlan: {
      ...{ startedAt: new Date(startedMs).toISOString(), streams },
      server: { url: '', version: null, user: { id: 'u1', username: 'archivist' } },
    },
    ...{ steps: new StepChain(steps), versions, tables },
    archived: {
      unreadable,
      read: () => {
        archive = { ...archive, ...setting.unread };
        return Promise.resolve();
      },
      row: (_, id) => {
        const own = { run: 1, roomId: 'r1', tsMs, updatedAtMs: tsMs, isDeleted: false, content: '' };
        return archive[id] && { ...own, ...archive[id] };
      },
    },
  };
  const balance = new ListBalance(context, changes);
  return {
    versions,
    counted: async (...all: readonly Parameters<ListBalance['count']>[0][]) => {
      for (const change of all) await balance.count(change);
      return balance.balance;
    },
  };
}

function updated(atMs = early, fields: object = {}) {
  const message = parseMessage({ _id: 'm', rid: 'r1', ts: new Date(tsMs).toISOString(), ...fields });
  return { kind: 'updated' as const, id: message.id, atMs, message };
}

const deleted = (atMs = early, id = 'm') => ({ kind: 'deleted' as const, id, atMs });
const here = { archive: { m: {} } };
const walkedHere = (setting: Setting = {}) => {
  const made = listBalance(setting);
  made.versions.walked('messages', 'r1', { id: 'm', updatedAt: null }, { wanted: [], unwanted: [] });
  return made;
};

describe('what changes do to the length of a list', () => {
  it('is nothing before any is counted', async () => expect(await listBalance().counted()).toEqual(noBalance));

  it('is nothing where a message was edited, but that an earlier version may stand beside it', async () => {
    expect(await listBalance(here).counted(updated())).toEqual(noBalance);
    expect(await listBalance(here).counted(updated(early, { editedAt: '' }))).toEqual({ ...noBalance, edits: 1 });
  });

  it('is one more for a message that no walk has brought, where it came before the total was read', async () => {
    expect(await listBalance().counted(updated(early))).toEqual({ ...noBalance, added: 1 });
    expect(await listBalance().counted(updated(late))).toEqual({ ...noBalance, lateNew: 1 });
  });

  it.each<readonly [string, Partial<ArchivedRow>]>([
    ['deleted', { isDeleted: true }],
    ['in another room', { roomId: 'r2' }],
  ])('is one more for a message that was %s', async (_, row) =>
    expect(await listBalance({ archive: { m: row } }).counted(updated())).toEqual({ ...noBalance, added: 1 }),
  );

  it('is one less for a message that was here', async () => {
    expect(await listBalance(here).counted(deleted(early))).toEqual({ ...noBalance, added: -1 });
    expect(await listBalance(here).counted(deleted(late))).toEqual({ ...noBalance, lateGone: 1 });
  });

  it('adds up', async () => {
    const both = [updated(early, { _id: 'a' }), updated(early, { _id: 'b' }), deleted(), deleted(late, 'n')];
    const balance = await listBalance({ archive: { m: {}, n: {} } }).counted(...both);
    expect(balance).toEqual({ ...noBalance, added: 1, lateGone: 1 });
  });

  it('is nothing where what was deleted had been deleted, or was never here', async () => {
    expect(await listBalance({ archive: { m: { isDeleted: true } } }).counted(deleted())).toEqual(noBalance);
    expect(await listBalance().counted(deleted())).toEqual(noBalance);
  });

  it('is nothing for clones of earlier versions and for changes that an earlier run has counted', async () => {
    expect(await listBalance().counted(updated(early, { _hidden: true, editedAt: '' }))).toEqual(noBalance);
    const known = { messages: [changeKey(updated())] };
    expect(await listBalance({ changes: { known } }).counted(updated(early, { editedAt: '' }))).toEqual(noBalance);
  });

  it('is nothing of which a walk takes care, of this run or the next', async () => {
    expect(await walkedHere().counted(updated(early, { editedAt: '' }))).toEqual(noBalance);
    const stream = sampleStream({ cursor: readTo(tsMs - 1) });
    const changes = { revised: [stream] };
    expect(await listBalance({ changes, streams: [stream] }).counted(updated())).toEqual(noBalance);
    // Not read by this run, which brings it all the same.
    expect(await listBalance({ changes }).counted(updated())).toEqual({ ...noBalance, added: 1 });
    const taken = sampleStream({ cursor: readTo(tsMs) });
    const open = listBalance({ changes: { revised: [taken] }, streams: [taken] });
    expect(await open.counted(updated())).toEqual({ ...noBalance, added: 1 });
  });

  it('is of no matter where the job has no list of all messages of the room', async () => {
    const changes = { revised: [sampleMentions()] };
    expect(await listBalance({ changes, ...here }).counted(deleted())).toEqual(noBalance);
  });

  it('is for the next run to say where a message is deleted that this run’s walk brought', async () => {
    expect(await walkedHere().counted(deleted(early))).toEqual({ ...noBalance, deferred: 1 });
    expect(await walkedHere().counted(deleted(late))).toEqual({ ...noBalance, deferred: 1, late: 1 });
  });
});

describe('what changes do to the length of a list, where nobody can tell', () => {
  it('whether a message that has left for another room had been here: the archive is asked', async () => {
    const moved = (unread: NonNullable<Setting['unread']>) => {
      const made = listBalance({ unread });
      made.versions.walked('messages', 'r2', { id: 'm', updatedAt: null }, { wanted: [], unwanted: [] });
      return made.counted(deleted());
    };
    expect(await moved({ m: {} })).toEqual({ ...noBalance, added: -1 });
    expect(await moved({})).toEqual(noBalance);
    // Deleted and back by way of another room, or never here.
    expect(await moved({ m: { roomId: 'r2' } })).toEqual({ ...noBalance, mayBeGone: 1 });
  });

  const unclear: readonly (readonly [string, Setting])[] = [
    ['the job makes no table of messages', { tables: new Set(['reactions'] as const) }],
    ['the archive cannot be read', { unreadable: { kind: 'note', message: '' } }],
    ['a step moves messages', { steps: [{ name: 'move', settings: {}, mayMove: true }] }],
  ];
  it.each(unclear)('because %s', async (_, setting) => {
    for (const archive of [here.archive, {}]) {
      expect(await listBalance({ ...setting, archive }).counted(deleted(early))).toEqual({
        ...noBalance,
        mayBeGone: 1,
      });
      const lateNew = { ...noBalance, mayBeNew: 1, late: 1 };
      expect(await listBalance({ ...setting, archive }).counted(updated(late))).toEqual(lateNew);
    }
  });

  const ofWhatHasNoRow: readonly (readonly [string, Setting])[] = [
    ['a step drops messages', { steps: [{ name: 'drop', settings: {}, message: () => null }] }],
    ['a place of the list was not read', { streams: [sampleStream({ holes: [{ ...sampleHole(), firstRun: 1 }] })] }],
  ];
  it.each(ofWhatHasNoRow)('because %s: of what has no row only', async (_, setting) => {
    expect(await listBalance(setting).counted(deleted())).toEqual({ ...noBalance, mayBeGone: 1 });
    expect(await listBalance(setting).counted(updated())).toEqual({ ...noBalance, mayBeNew: 1 });
    expect(await listBalance({ ...setting, ...here }).counted(deleted())).toEqual({ ...noBalance, added: -1 });
  });

  it('but of messages that make no row it is known: they are in the list', async () => {
    const hole = { ...sampleHole({ reason: 'bad-message', id: 'm' }), firstRun: 1 };
    const bad: Setting = { streams: [sampleStream({ holes: [hole], cursor: readTo(Date.UTC(2030, 0)) })] };
    expect(await listBalance(bad).counted(deleted())).toEqual({ ...noBalance, added: -1 });
    expect(await listBalance(bad).counted(updated())).toEqual(noBalance);
    expect(await listBalance(bad).counted(updated(early, { _id: 'n' }))).toEqual({ ...noBalance, added: 1 });
    const ofAnotherList = { streams: [sampleMentions({ holes: [hole] })] };
    expect(await listBalance(ofAnotherList).counted(deleted())).toEqual(noBalance);
  });
});
