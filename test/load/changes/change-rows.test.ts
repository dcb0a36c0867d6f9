import { describe, expect, it } from '@jest/globals';
import { ChangeRows, type ChangeContext } from '../../../src/load/changes/change-rows.ts';
import { MetPeople } from '../../../src/load/met-people.ts';
import { ExportedVersions } from '../../../src/load/exported-versions.ts';
import { changeKey } from '../../../src/model/changes.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { parseMessage } from '../../../src/model/message.ts';
import type { MessageTableName, TableName } from '../../../src/model/table-name.ts';
import type { RunChanges, RunStream } from '../../../src/plan/run-plan.ts';
import type { ArchivedRow } from '../../../src/snapshot/archived-rows.ts';
import { rowContent } from '../../../src/snapshot/row-content.ts';
import { messageTables } from '../../../src/tables/tables.ts';
import { StepChain } from '../../../src/transforms/steps/step-chain.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const tsMs = Date.UTC(2024, 0, 1);
const editedMs = Date.UTC(2024, 0, 2);
const later = Date.UTC(2030, 0);
const whole = sampleStream({ cursor: readTo(later) });
const mentions = sampleMentions({ cursor: readTo(later) });
const mentionOfUs = [{ _id: 'u1', username: 'archivist', type: 'user' }];

type Archive = Partial<Record<MessageTableName, Record<string, Partial<ArchivedRow>>>>;

interface Setting {
  readonly changes?: Partial<RunChanges>;
  /** Lists that this run reads, too. */
  readonly read?: readonly RunStream[];
  readonly archive?: Archive;
  readonly tables?: readonly TableName[];
  readonly steps?: readonly Step[];
  readonly unreadable?: ChangeContext['archived']['unreadable'];
  readonly back?: readonly string[];
}

const made = messageTables({ md: false, without: new Set() });
const rowsOf: ChangeContext['rowsOf'] = (table, message) => made[table].rows([message]);

/** The rows of changes of one room, over an archive that the test makes up, and what was written of them. */
function changeRows(setting: Setting = {}) {
  const { read = [], archive = {}, tables = ['messages', 'mentioned_messages'], steps = [], back = [] } = setting;
  const changes = sampleChanges(setting.changes);
  const versions = new ExportedVersions({ run: 3, changes: [changes], changesFromMs: 0 });
  const written: (readonly [MessageTableName, FlatMessage])[] = [];
  const hints = new Set<boolean>();
  const context: ChangeContext = {
    runPlan: {
      ...{ run: 3, streams: read },
      server: { url: 'https://chat.example', version: null, user: { id: 'u1', username: 'archivist' } },
    },
    ...{
      steps: new StepChain(steps),
      versions,
      tables: new Set(tables),
      rowsOf,
      badFields: new Map(),
      seen: { encryptedMessages: 0, files: 0, discussions: {} },
      damaged: new Set(),
    },
    met: new MetPeople(),
    rows: {
      add: (message, names, mayReplace) => {
        hints.add(mayReplace);
        for (const name of names) written.push([name, message]);
        return Promise.resolve();
      },
    },
    archived: {
      ...{ read: () => Promise.resolve(), unreadable: setting.unreadable ?? null, isBack: (id) => back.includes(id) },
      row: (table, id) => {
        const row = archive[table]?.[id];
        // Only versions of messages have it.
        const updatedAtMs = table.endsWith('messages') ? tsMs : null;
        const own = { run: 1, roomId: 'r1', tsMs, updatedAtMs, isDeleted: false, content: '' };
        return row && { ...own, ...row };
      },
    },
  };
  return { rows: new ChangeRows(context, changes), written, hints, versions, context };
}

/** A message that was edited, as chat.syncMessages reports it. */
function edit(fields: object = {}, atMs = editedMs) {
  const raw = {
    ...{ _id: 'm', rid: 'r1', ts: new Date(tsMs).toISOString(), msg: 'hi' },
    ...{ _updatedAt: new Date(atMs).toISOString(), ...fields },
  };
  const message = parseMessage(raw);
  return { kind: 'updated' as const, id: message.id, atMs, message };
}

type Rows = ReturnType<typeof changeRows>;

async function update({ rows }: Rows, change = edit(), isMoved?: (flat: FlatMessage) => boolean): Promise<void> {
  await rows.update(change, changeKey(change), isMoved);
}

const forGood: Parameters<ChangeRows['remove']>[1] = { deletedMs: editedMs, newestMs: null };

async function remove({ rows }: Rows, id = 'm', deletion = forGood): Promise<void> {
  await rows.remove({ id, atMs: editedMs }, deletion);
}

/** What was written, in short. */
const said = ({ written }: Rows) => written.map(([table, { op, id }]) => `${op} ${id} in ${table}`);

const bothLists = { changes: { revised: [whole, mentions] } };
const inBoth: Archive = { messages: { m: {} }, mentioned_messages: { m: {} } };

describe('an edited message', () => {
  it('is a new version of its row, and counts as one change', async () => {
    const here = changeRows({ archive: { messages: { m: {} } } });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages']);
    expect(here.written[0]?.[1]).toMatchObject({ msg: 'hi', roomName: 'ops', run: 3 });
    expect(here.rows.changes).toBe(1);
    // It may replace the row of an earlier run.
    expect([...here.hints]).toEqual([true]);
  });

  it('that mentions nobody is no row of the mentions', async () => {
    const here = changeRows({ ...bothLists, archive: { messages: { m: {} } } });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages']);
  });

  it('that mentions the login is a row of both', async () => {
    const here = changeRows(bothLists);
    await update(here, edit({ mentions: mentionOfUs }));
    expect(said(here)).toEqual(['upsert m in messages', 'upsert m in mentioned_messages']);
    expect(here.rows.changes).toBe(1);
  });

  it('that mentions the login no more is gone from the mentions, was not deleted, and stays in its room', async () => {
    const here = changeRows({ ...bothLists, archive: inBoth });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages', 'delete m in mentioned_messages']);
    expect(here.written[1]?.[1]).toMatchObject({ op: 'delete', deletedAt: null, ts: new Date(tsMs), roomId: 'r1' });
  });

  it('that is news to one of two tables counts as a change', async () => {
    const archive: Archive = { messages: { m: { updatedAtMs: editedMs } }, mentioned_messages: { m: {} } };
    const here = changeRows({ ...bothLists, archive });
    await update(here, edit({ mentions: mentionOfUs }));
    expect([said(here), here.rows.changes]).toEqual([['upsert m in mentioned_messages'], 1]);
  });

  it('that mentions the login no more is gone from the mentions though their row is of another room', async () => {
    const archive: Archive = { mentioned_messages: { m: { roomId: 'r2', updatedAtMs: editedMs } } };
    const here = changeRows({ changes: { revised: [mentions] }, archive });
    await update(here);
    expect(here.written.map(([, { op, roomId }]) => `${op} ${roomId}`)).toEqual(['delete r2']);
  });

  it('that passes the filter of its list no more is gone from it, in whichever run that happens', async () => {
    const filters = { pinned: true };
    const revised = [sampleStream({ filters, cursor: readTo(later) })];
    const gone = changeRows({ changes: { revised }, archive: { messages: { m: {} } } });
    await update(gone);
    expect([said(gone), gone.rows.changes]).toEqual([['delete m in messages'], 1]);
    const never = changeRows({ changes: { revised } });
    await update(never);
    expect([said(never), never.rows.changes]).toEqual([[], 0]);
    const pinned = changeRows({ changes: { revised } });
    await update(pinned, edit({ pinned: true }));
    expect(said(pinned)).toEqual(['upsert m in messages']);
  });

  it('that its list does not have, since it is older than the period of the job, is no row', async () => {
    const sinceMs = tsMs + 1;
    const recent = sampleStream({ period: { sinceMs, untilMs: null }, spans: [{ sinceMs, cursor: readTo(later) }] });
    const here = changeRows({ changes: { revised: [recent] } });
    await update(here);
    expect([said(here), here.rows.changes]).toEqual([[], 0]);
  });

  it('that is the clone of an earlier version is none: its message is another', async () => {
    const here = changeRows();
    await update(here, edit({ _id: 'clone', _hidden: true, parent: 'm' }));
    expect([said(here), here.rows.changes]).toEqual([[], 0]);
  });

  it('of which the archive has this version already is not written again', async () => {
    const here = changeRows({ archive: { messages: { m: { updatedAtMs: editedMs } } } });
    await update(here);
    expect([said(here), here.rows.changes]).toEqual([[], 0]);
  });

  it.each<readonly [string, Partial<ArchivedRow>]>([
    ['deleted', { isDeleted: true }],
    ['in another room', { roomId: 'r2' }],
    ['without a version', { updatedAtMs: null }],
  ])('that the archive has %s is written, whatever its version', async (_, row) => {
    const here = changeRows({ archive: { messages: { m: { updatedAtMs: editedMs, ...row } } } });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages']);
  });

  it('without a date of its change is written, whatever the archive has', async () => {
    for (const updatedAtMs of [null, tsMs]) {
      const here = changeRows({ archive: { messages: { m: { updatedAtMs } } } });
      await update(here, edit({ _updatedAt: undefined }));
      expect(said(here)).toEqual(['upsert m in messages']);
    }
  });

  it('that an earlier run delivered to one table is written to the other', async () => {
    const known = { messages: [changeKey(edit())] };
    const here = changeRows({ changes: { revised: [whole, mentions], known } });
    await update(here, edit({ mentions: mentionOfUs }));
    expect(said(here)).toEqual(['upsert m in mentioned_messages']);
  });

  it('that a step of the job drops is gone from the archive, if it was there', async () => {
    const steps: readonly Step[] = [{ name: 'none', settings: {}, message: () => null }];
    const there = changeRows({ steps, archive: { messages: { m: {} } } });
    await update(there);
    expect(said(there)).toEqual(['delete m in messages']);
    const absent = changeRows({ steps });
    await update(absent);
    expect(said(absent)).toEqual([]);
  });

  it('that a plug-in moves to another room or date is not compared', async () => {
    const here = changeRows();
    await update(here, edit(), ({ id }) => id === 'm');
    expect([said(here), here.rows.changes]).toEqual([[], 0]);
  });

  it('counts the fields that could not be read, once though it is in two tables, and only where it is written', async () => {
    const odd = edit({ mentions: mentionOfUs, groupable: 1, pinned: 'yes' });
    const here = changeRows(bothLists);
    await update(here, odd);
    expect([...here.context.badFields]).toEqual([['pinned', 1]]);
    await update(here, { ...odd, id: 'n', message: { ...odd.message, id: 'n' } });
    expect([...here.context.badFields]).toEqual([['pinned', 2]]);
    const left = changeRows({ archive: { messages: { m: { updatedAtMs: editedMs } } } });
    await update(left, odd);
    expect([...left.context.badFields]).toEqual([]);
  });
});

describe('an edited message, beside what the walks of this run bring', () => {
  const walked = (here: Rows, atMs: number | null) =>
    here.versions.walked(
      'messages',
      'r1',
      { id: 'm', updatedAt: atMs === null ? null : new Date(atMs) },
      { wanted: [], unwanted: [] },
    );

  it('is no second row of it', async () => {
    const here = changeRows();
    walked(here, editedMs);
    await update(here);
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], null]);
  });

  it('is left to the next run where it has changed since', async () => {
    const here = changeRows();
    walked(here, editedMs - 1);
    await update(here);
    await update(here, edit({}, editedMs + 5));
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], editedMs]);
  });

  it('is left to the walk that is on its way to it', async () => {
    const unread = sampleStream({ cursor: readTo(tsMs - 1) });
    const here = changeRows({ changes: { revised: [unread] }, read: [unread] });
    await update(here);
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], null]);
  });

  it('is not left to a walk that will not take it: what the table has of it is gone', async () => {
    const unread = sampleMentions({ cursor: readTo(tsMs - 1) });
    const here = changeRows({ changes: { revised: [unread] }, read: [unread], archive: inBoth });
    await update(here);
    expect(said(here)).toEqual(['delete m in mentioned_messages']);
  });

  it('is written where the walk will pass over it: it lies before its beginning', async () => {
    const here = changeRows({ read: [whole], archive: { messages: { m: {} } } });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages']);
  });

  it('is written, and marked as delivered, where its list is not read at all', async () => {
    const unread = sampleStream({ cursor: readTo(tsMs - 1) });
    const here = changeRows({ changes: { revised: [unread] } });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages']);
    expect(here.versions.delivered()).toEqual({ [unread.key]: ['m'] });
    const behind = changeRows();
    const pinned = sampleStream({ cursor: readTo(tsMs - 1), filters: { pinned: true } });
    const notListed = changeRows({ changes: { revised: [pinned] }, archive: inBoth });
    for (const other of [behind, notListed]) {
      await update(other);
      expect(other.versions.delivered()).toEqual({});
    }
  });

  it('is left to the next run where another room has brought it', async () => {
    const here = changeRows();
    here.versions.claim('m', 'r2');
    await update(here);
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], editedMs]);
  });

  it('is known to the next run in each table of the room, those included that it is none for', async () => {
    const here = changeRows(bothLists);
    await update(here);
    expect(here.versions.byRoom()['r1']?.known).toEqual({
      messages: [changeKey(edit())],
      mentioned_messages: [changeKey(edit())],
    });
  });
});

describe('a deleted message', () => {
  it('is a tombstone in each table that has it, with the date and the room of its row', async () => {
    const archive = { messages: { m: { tsMs: 7, roomId: 'r1' } }, mentioned_messages: { m: { tsMs: 7 } } };
    const here = changeRows({ ...bothLists, archive });
    await remove(here);
    expect(said(here)).toEqual(['delete m in messages', 'delete m in mentioned_messages']);
    expect(here.written[0]?.[1]).toMatchObject({ roomId: 'r1', ts: new Date(7), deletedAt: new Date(editedMs) });
    expect(here.rows.changes).toBe(1);
    expect(here.versions.byRoom()['r1']?.known).toEqual({
      messages: [`m@deleted:${editedMs}`],
      mentioned_messages: [`m@deleted:${editedMs}`],
    });
  });

  it.each<readonly [string, Archive]>([
    ['was never in the archive', {}],
    ['is deleted there already', { messages: { m: { isDeleted: true } } }],
  ])('makes no row where it %s, and may come from another room', async (_, archive) => {
    const here = changeRows({ archive });
    await remove(here);
    expect([said(here), here.rows.changes]).toEqual([[], 0]);
    expect(here.versions.claim('m', 'r2')).toBe(true);
  });

  it('is one tombstone, though two lists of the room fill the table', async () => {
    const filtered = sampleStream({ filters: { pinned: true }, cursor: readTo(later) });
    const here = changeRows({ changes: { revised: [whole, filtered] }, archive: { messages: { m: {} } } });
    await remove(here);
    expect([said(here), here.rows.changes]).toEqual([['delete m in messages'], 1]);
  });

  it('counts as a change where one of two tables has it', async () => {
    const here = changeRows({ ...bothLists, archive: { mentioned_messages: { m: {} } } });
    await remove(here);
    expect([said(here), here.rows.changes]).toEqual([['delete m in mentioned_messages'], 1]);
  });

  it('belongs to this room where it makes a row', async () => {
    const here = changeRows({ archive: { messages: { m: {} } } });
    await remove(here);
    expect(here.versions.claim('m', 'r2')).toBe(false);
  });

  it('stays where its row is newer than the deletion, and updates were not read to their end', async () => {
    const deletion = { deletedMs: editedMs, newestMs: editedMs };
    const row = (updatedAtMs: number | null) => ({ archive: { messages: { m: { updatedAtMs } } } });
    const newer = changeRows(row(editedMs + 1));
    await remove(newer, 'm', deletion);
    expect(said(newer)).toEqual([]);
    for (const updatedAtMs of [editedMs, null]) {
      const older = changeRows(row(updatedAtMs));
      await remove(older, 'm', deletion);
      expect(said(older)).toEqual(['delete m in messages']);
    }
    const certain = changeRows(row(editedMs + 1));
    await remove(certain);
    expect(said(certain)).toEqual(['delete m in messages']);
  });

  it('takes the row of another room only where it is later than that, whatever the clocks show', async () => {
    const halfHourMs = 1_800_000;
    const row = (updatedAtMs: number | null) => ({ archive: { messages: { m: { roomId: 'r2', updatedAtMs } } } });
    const long = changeRows(row(editedMs - halfHourMs - 1));
    await remove(long);
    expect(long.written.map(([, { roomId }]) => roomId)).toEqual(['r2']);
    for (const updatedAtMs of [editedMs - halfHourMs, null]) {
      const short = changeRows(row(updatedAtMs));
      await remove(short);
      expect(said(short)).toEqual([]);
    }
  });

  it('takes the row of any room where a plug-in may have moved it', async () => {
    const steps: readonly Step[] = [{ name: 'plug-in', settings: {}, mayMove: true, message: (message) => message }];
    const here = changeRows({ steps, archive: { messages: { m: { roomId: 'r2', updatedAtMs: editedMs } } } });
    await remove(here);
    expect(said(here)).toEqual(['delete m in messages']);
  });

  it.each<readonly [string, Setting]>([
    ['a change of another room', { back: ['m'] }],
    ['a walk', {}],
  ])('is left to the next run where %s has brought it back', async (what, setting) => {
    const here = changeRows({ archive: { messages: { m: {} } }, ...setting });
    if (what === 'a walk')
      here.versions.walked('messages', 'r2', { id: 'm', updatedAt: null }, { wanted: [], unwanted: [] });
    await remove(here);
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], editedMs]);
    expect(here.versions.mayHaveReturned).toBe(what === 'a walk');
  });

  it('is left to the next run where another room has written a change of it', async () => {
    const here = changeRows({ archive: { messages: { m: {} } } });
    here.versions.claim('m', 'r2');
    await remove(here);
    expect([said(here), here.rows.deferredFromMs]).toEqual([[], editedMs]);
  });

  it('has no date of its deletion where only its absence shows it', async () => {
    const here = changeRows({ archive: { messages: { m: { tsMs: 7 } } } });
    await here.rows.remove({ id: 'm', atMs: editedMs }, { deletedMs: null, newestMs: null });
    expect(here.written[0]?.[1]).toMatchObject({ deletedAt: null, ts: new Date(7) });
  });
});

describe('the side tables', () => {
  const tables: readonly TableName[] = ['messages', 'reactions', 'mentions'];
  const liked = edit({ reactions: { ':+1:': { usernames: ['joe'] } } });

  /** What the archive says of the reactions of a message, if it has them as they are now. */
  async function reactionsOf(change: ReturnType<typeof edit>): Promise<string> {
    const here = changeRows({ tables });
    await update(here, change);
    const [, flat] = here.written.find(([table]) => table === 'reactions') ?? [];
    return flat === undefined
      ? ''
      : rowsOf('reactions', flat).reduce((before, row) => rowContent('reactions', row, before), '');
  }

  it('get the elements of a message where they are others than they have', async () => {
    const here = changeRows({ tables, archive: { messages: { m: {} }, reactions: { m: { content: 'others' } } } });
    await update(here, liked);
    expect(said(here)).toEqual(['upsert m in messages', 'upsert m in reactions']);
  });

  it('get nothing where they have them, though the message’s own table does not', async () => {
    const content = await reactionsOf(liked);
    const here = changeRows({ tables, archive: { messages: { m: {} }, reactions: { m: { content } } } });
    await update(here, liked);
    expect(said(here)).toEqual(['upsert m in messages']);
  });

  it('count as a change, though the message’s own table has this version', async () => {
    const here = changeRows({ tables, archive: { messages: { m: { updatedAtMs: editedMs } } } });
    await update(here, liked);
    expect(said(here)).toEqual(['upsert m in reactions']);
    expect(here.rows.changes).toBe(1);
  });

  it('are told that a message has no elements any more', async () => {
    const archive = { messages: { m: {} }, reactions: { m: { content: 'some' } } };
    const here = changeRows({ tables, archive });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages', 'delete m in reactions']);
  });

  it('are told of a deletion, those that the job makes', async () => {
    const archive: Archive = { messages: { m: {} }, reactions: { m: {} }, links: { m: {} } };
    const here = changeRows({ tables, archive });
    await remove(here);
    expect(said(here)).toEqual(['delete m in messages', 'delete m in reactions']);
  });

  it('are told of a deletion of what no table of messages has, if it is certain', async () => {
    const archive: Archive = { reactions: { m: {} } };
    const certain = changeRows({ tables, archive });
    await remove(certain);
    expect([said(certain), certain.rows.changes]).toEqual([['delete m in reactions'], 1]);
    const uncertain = changeRows({ tables, archive });
    await remove(uncertain, 'm', { deletedMs: editedMs, newestMs: editedMs });
    expect([said(uncertain), uncertain.rows.changes]).toEqual([[], 0]);
    const left = changeRows({
      tables,
      archive: { messages: { m: { updatedAtMs: editedMs + 1 } }, reactions: { m: {} } },
    });
    await remove(left, 'm', { deletedMs: editedMs, newestMs: editedMs });
    expect(said(left)).toEqual([]);
  });

  it('count as a change where elements are gone and the message’s own table has this version', async () => {
    const archive: Archive = { messages: { m: { updatedAtMs: editedMs } }, reactions: { m: {} } };
    const here = changeRows({ tables, archive });
    await update(here);
    expect([said(here), here.rows.changes]).toEqual([['delete m in reactions'], 1]);
    const nothing = changeRows({ tables, archive: { messages: { m: { updatedAtMs: editedMs } } } });
    await update(nothing);
    expect([said(nothing), nothing.rows.changes]).toEqual([[], 0]);
  });

  it('lose nothing of a message that another list brought before the job had a filter', async () => {
    const pinned = sampleStream({ filters: { pinned: true } });
    const brought = {
      endpoint: 'groups.messages',
      filters: {},
      spans: [{ sinceMs: null, cursor: readTo(later) }],
    } as const;
    const archive = { messages: { m: {} }, reactions: { m: {} } };
    const here = changeRows({ changes: { revised: [pinned], former: [brought] }, tables, archive });
    await update(here, liked);
    expect(said(here)).toEqual(['upsert m in messages', 'upsert m in reactions']);
    const newer = [{ ...brought, spans: [{ sinceMs: null, cursor: readTo(tsMs - 1) }] }];
    const narrower = [{ ...brought, filters: { mentionIds: ['u9'] } }];
    for (const former of [newer, narrower, undefined]) {
      const only = changeRows({ changes: { revised: [pinned], ...(former && { former }) }, tables, archive });
      await update(only, liked);
      expect(said(only)).toEqual(['delete m in messages', 'delete m in reactions']);
    }
  });

  it('stay where one of two filters of the job lists the message', async () => {
    const revised = [sampleStream({ filters: { pinned: true } }), sampleStream({ filters: { pinned: false } })].map(
      (stream) => ({ ...stream, cursor: readTo(later), spans: [{ sinceMs: null, cursor: readTo(later) }] }),
    );
    for (const both of [revised, revised.toReversed()]) {
      const here = changeRows({ changes: { revised: both }, archive: inBoth });
      await update(here);
      expect(said(here)).toEqual(['upsert m in messages']);
    }
  });

  it('get nothing of a message that this run has delivered to its own table already', async () => {
    const known = { messages: [changeKey(liked)] };
    const here = changeRows({ changes: { revised: [whole, mentions], known }, tables });
    await update(here, liked);
    expect(said(here)).toEqual([]);
  });

  it('have left no rows where they were told', async () => {
    const here = changeRows({ tables, archive: { messages: { m: {} }, reactions: { m: {} } } });
    here.versions.walked('mentioned_messages', 'r1', { id: 'm', updatedAt: null }, { wanted: [], unwanted: [] });
    await update(here);
    expect(said(here)).toEqual(['upsert m in messages', 'delete m in reactions']);
    expect([here.versions.hasLeft('messages', 'm'), here.versions.hasLeft('reactions', 'm')]).toEqual([false, false]);
  });

  it('keep the elements of a message that is no mention any more: its room’s whole list has it', async () => {
    const isPart = { changes: { revised: [mentions], isPart: true } };
    const archive: Archive = { mentioned_messages: { m: {} }, mentions: { m: {} } };
    const part = changeRows({ ...isPart, tables: ['mentioned_messages', 'mentions'], archive });
    await update(part);
    expect(said(part)).toEqual(['delete m in mentioned_messages']);
    const only = changeRows({ changes: { revised: [mentions] }, tables: ['mentioned_messages', 'mentions'], archive });
    await update(only);
    expect(said(only)).toEqual(['delete m in mentioned_messages', 'delete m in mentions']);
  });

  it('are brought up to date where the job makes no table of messages', async () => {
    const edited = changeRows({ tables: ['reactions'] });
    await update(edited, liked);
    expect(said(edited)).toEqual(['upsert m in reactions']);
    const deleted = changeRows({ tables: ['reactions'], archive: { reactions: { m: {} } } });
    await remove(deleted);
    expect(said(deleted)).toEqual(['delete m in reactions']);
    const elsewhere = changeRows({ tables: ['reactions'], archive: { reactions: { m: { roomId: 'r2' } } } });
    await remove(elsewhere);
    // Nobody has looked whether the message had come to another room meanwhile.
    expect(said(elsewhere)).toEqual([]);
  });

  it('lose the elements of a row that was deleted from another room', async () => {
    const row = { m: { roomId: 'r2' } };
    const here = changeRows({ tables, archive: { messages: row, reactions: row } });
    await remove(here);
    expect(said(here)).toEqual(['delete m in messages', 'delete m in reactions']);
  });
});

describe('changes over an archive that cannot be read', () => {
  it('are left to the next run where it is damaged', async () => {
    const here = changeRows({ unreadable: { kind: 'gap', message: 'damaged' } });
    await update(here);
    await remove(here, 'n');
    expect([said(here), here.rows.isUnread, here.rows.changes]).toEqual([[], true, 0]);
  });

  it('are written blindly where it has no columns to compare by: what cannot be looked up is not absent', async () => {
    const here = changeRows({ unreadable: { kind: 'note', message: 'no column' } });
    await update(here);
    await remove(here, 'n');
    expect([said(here), here.rows.isUnread]).toEqual([['upsert m in messages', 'delete n in messages'], false]);
    // `ts` has no null: of a message that nobody knows it is the time of the deletion.
    expect(here.written[1]?.[1]).toMatchObject({ ts: new Date(editedMs), roomId: 'r1' });
  });
});
