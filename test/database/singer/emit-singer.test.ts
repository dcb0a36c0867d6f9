import { beforeEach, describe, expect, it } from '@jest/globals';
import { emitSinger, type SingerOptions } from '../../../src/database/singer/emit-singer.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { publishRows, rowOf, type RowsOfRun } from '../../support/archives/rows-archive.ts';
import { changedMessages, newMessages } from '../../support/databases/load-contract.ts';
import { expectReplicated, SingerTarget } from '../../support/databases/singer-target.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { here } from '../../support/runs/run-here.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const archive = '/archive';
let disk: MemoryDisk;
let target: SingerTarget;
beforeEach(() => {
  disk = new MemoryDisk();
  target = SingerTarget.empty();
});

const publish = (content: readonly RowsOfRun[], version?: number): Promise<number> =>
  publishRows(archive, content, [{ format: 'jsonl' }], disk, version);

async function linesOf(options: SingerOptions): Promise<readonly string[]> {
  let text = '';
  for await (const { lines } of emitSinger(archive, { disk, ...options })) text += lines;
  return text.split('\n').slice(0, -1);
}

/** @returns how many records came, and which tables as a whole */
async function replicate(tables?: readonly TableName[], into = target): Promise<readonly (number | string)[]> {
  const whole: string[] = [];
  into.received = 0;
  into.store(
    await linesOf({
      onWhole: (name) => whole.push(name),
      ...(into.state !== undefined && { state: into.state }),
      ...(tables !== undefined && { tables }),
    }),
  );
  return [into.received, ...whole];
}

const expectAll = (tables: readonly TableName[] = ['messages', 'mentions']): Promise<void> =>
  expectReplicated(archive, target, tables, disk);

/** The mentions of a message as of a run. */
const mentions = (id: string, run: number, count: number): RowsOfRun => ({
  table: 'mentions',
  mayReplace: true,
  rows:
    count === 0
      ? [rowOf('mentions', { message_id: id, run, op: 'delete', position: null })]
      : Array.from({ length: count }, (_, position) => rowOf('mentions', { message_id: id, run, position })),
});

describe('a target that upserts what is emitted', () => {
  it('holds the archive, value for value: the first time everything, then what is new, changed or gone', async () => {
    await publish(newMessages(1));
    expect(await replicate()).toEqual([40]);
    await expectAll();
    expect(await replicate()).toEqual([0]);
    await publish([...newMessages(2, 3), ...changedMessages(2, 1)]);
    // Six new rows, one edited, one deleted, and four elements of these two.
    expect(await replicate()).toEqual([6 + 2 + 4]);
    await expectAll();
    expect(target.state?.run).toBe(2);
    await publish(newMessages(3, 2));
    await publish([mentions('m1-5', 4, 4)]);
    expect(await replicate()).toEqual([4 + 4]);
    await expectAll();
    const late = SingerTarget.empty();
    await replicate(undefined, late);
    await expectReplicated(archive, late, ['messages', 'mentions'], disk);
  });

  it.each([
    ['fewer elements', [3, 1]],
    ['none any more', [2, 0]],
    ['none, and some again', [2, 0, 1]],
    ['more, then fewer, in runs that are emitted at once', [1, 4, 2], 1],
    ['none, then some, then fewer, at once', [3, 0, 4, 1], 1],
  ])('holds the elements of the newest version of a message: %s', async (_, counts, atOnce = counts.length) => {
    for (const [at, count] of counts.entries()) {
      await publish([mentions('m', at + 1, count), mentions('other', at + 1, 1)]);
      if (at < atOnce) await replicate();
    }
    await replicate();
    await expectAll(['mentions']);
  });

  it('keeps a message that moved: gone from one room, there in another, in one run', async () => {
    const message = (run: number, room: string, op: string) =>
      rowOf('messages', { message_id: 'm', room_id: room, run, op });
    await publish([{ table: 'messages', rows: [message(1, 'a', 'upsert')] }]);
    await replicate();
    await publish([
      { table: 'messages', mayReplace: true, rows: [message(2, 'b', 'upsert'), message(2, 'a', 'delete')] },
    ]);
    await replicate();
    await expectAll(['messages']);
    expect(target.rows('messages')).toHaveLength(1);
  });

  it('has the time of the server of what was deleted, else that of the run, and a message that is back', async () => {
    const gone = (id: string, run: number, at: Date | null) =>
      rowOf('messages', { message_id: id, run, op: 'delete', deleted_at: at });
    await publish([{ table: 'messages', rows: ['a', 'b'].map((id) => rowOf('messages', { message_id: id, run: 1 })) }]);
    await replicate();
    await publish([{ table: 'messages', rows: [gone('a', 2, new Date(5)), gone('b', 2, null)] }]);
    await replicate();
    expect([...(target.tables.get('messages')?.values() ?? [])].map(({ record }) => record['_sdc_deleted_at'])).toEqual(
      ['1970-01-01T00:00:00.005Z', '2026-01-01T00:00:01.000Z'],
    );
    await publish([{ table: 'messages', mayReplace: true, rows: [rowOf('messages', { message_id: 'b', run: 3 })] }]);
    await replicate();
    expect(target.rows('messages').map(({ message_id: id }) => id)).toEqual(['b']);
  });

  it('cut behind any line and repeated from the last STATE that came', async () => {
    await publish(newMessages(1, 3));
    await publish(newMessages(2, 1));
    await replicate();
    await publish([...newMessages(3, 1), ...changedMessages(3, 1), mentions('m1-3', 3, 0)]);
    await publish([mentions('m1-2', 4, 5)]);
    await publish([mentions('m1-2', 5, 2), ...changedMessages(5, 2)]);
    for (const [before, states] of [
      [target, 3],
      [SingerTarget.empty(), 1],
    ] as const) {
      const lines = await linesOf(before.state === undefined ? {} : { state: before.state });
      expect(lines.filter((line) => line.includes('"type":"STATE"'))).toHaveLength(states);
      for (let cut = 0; cut <= lines.length; cut += quickOrLong(4, 1)) {
        const one = before.copy();
        one.store(lines.slice(0, cut));
        await replicate(undefined, one);
        await expectReplicated(archive, one, ['messages', 'mentions'], disk);
        expect(one.state?.run).toBe(5);
      }
    }
  });

  it('gets nothing of a compaction, nor of --latest once it has what was replaced', async () => {
    await publish(newMessages(1));
    await replicate();
    await publish(changedMessages(2, 1));
    await compactHere(archive, {}, { disk });
    await publish(newMessages(4, 2));
    expect(await replicate()).toEqual([2 + 4 + 4]);
    await expectAll();
    await compactHere(archive, { keeps: 'latest' }, { disk });
    await publish([mentions('m1-6', 6, 1)]);
    // Of two elements one is there still, and one gone.
    expect(await replicate()).toEqual([2]);
    await expectAll();
  });

  it('gets tables as a whole when --latest took out deletions that it did not have yet', async () => {
    await publish(newMessages(1));
    await replicate();
    await publish(changedMessages(2, 1));
    await compactHere(archive, { keeps: 'latest' }, { disk });
    await publish(newMessages(4, 2));
    const [, ...tables] = await replicate();
    expect(tables).toEqual(['messages', 'mentions']);
    expect(target.rows('messages')).toHaveLength(19 + 2);
    await expectAll();
  });

  it('lets go of what was purged, whatever it had', async () => {
    await publish(newMessages(1));
    await replicate();
    await publish(newMessages(2, 2));
    const purged = { kind: 'messages', ids: ['m1-2', 'm2-1'] } as const;
    await purgeArchive(archive, purged, { ...here, disk, reason: 'erasure 17', by: 'DPO', random: () => 0.5 });
    const [, ...tables] = await replicate();
    expect(tables).toEqual(['messages', 'mentions']);
    await expectAll();
    expect(JSON.stringify([...(target.tables.get('messages') ?? [])])).not.toMatch(/"m1-2"|"m2-1"/);
    await publish(newMessages(4, 1));
    expect(await replicate()).toEqual([2]);
    await expectAll();
  });

  it('gets a table that came later, and one that was left out for a while, as a whole', async () => {
    await publish([...newMessages(1, 3)]);
    await replicate(['messages']);
    expect([...target.tables.keys()]).toEqual(['messages']);
    await publish([...newMessages(2, 2), { table: 'rooms', rows: [rowOf('rooms', { room_id: 'r', run: 2 })] }]);
    expect(await replicate()).toEqual([2 + 5 + 1]);
    await expectAll(['messages', 'mentions', 'rooms']);
    await publish(newMessages(3, 1));
    await replicate(['messages']);
    await replicate();
    await expectAll(['messages', 'mentions', 'rooms']);
  });

  it('gets elements of the first programs, which wrote no deletions of them', async () => {
    await publish([...newMessages(1, 2), mentions('m', 1, 2)], 1);
    await replicate();
    await publish(
      [{ table: 'messages', rows: [rowOf('messages', { message_id: 'm', run: 2 })] }, mentions('n', 2, 1)],
      1,
    );
    await replicate();
    await expectAll();
    await publish([mentions('n', 3, 0)]);
    expect(await replicate()).toEqual([1]);
    await expectAll();
  });

  it('gets times that date-time cannot hold as the nearest that it can', async () => {
    const times = [new Date(Date.UTC(12_345, 0)), new Date(-8e15), new Date(Date.UTC(9999, 11, 31))];
    await publish([
      { table: 'messages', rows: times.map((ts, at) => rowOf('messages', { message_id: `m${at}`, run: 1, ts })) },
    ]);
    const clamped: number[] = [];
    target.store(await linesOf({ onClamped: (values) => clamped.push(values) }));
    expect(clamped).toEqual([2]);
    expect(target.rows('messages').map(({ ts }) => ts)).toEqual([
      '9999-12-31T23:59:59.999Z',
      '0001-01-01T00:00:00.000Z',
      '9999-12-31T00:00:00.000Z',
    ]);
  });
});

describe('emit refuses', () => {
  it('a state of another archive, of the same one rewritten, and one that is ahead of it', async () => {
    await publish(newMessages(1, 2));
    await publish(newMessages(2, 2));
    await replicate();
    const { state } = target;
    disk = new MemoryDisk();
    await publish(newMessages(1, 2));
    const refused = { kind: 'difference', message: expect.stringMatching(/run 2 in the state .* there is none$/) };
    await expect(linesOf({ ...(state && { state }) })).rejects.toMatchObject(refused);
    await publish(newMessages(2, 3));
    await expect(linesOf({ ...(state && { state }) })).rejects.toMatchObject({
      kind: 'difference',
      message: expect.stringMatching(/run 2 in the state has SHA-256 [0-9a-f]{64}, and in the archive [0-9a-f]{64}$/),
    });
  });

  it('a table that is not there, and rows without what targets know them by', async () => {
    await publish([{ table: 'mentions', rows: mentions('m', 1, 2).rows, columns: ['message_id', 'op', 'run'] }]);
    await expect(linesOf({ tables: ['rooms'] })).rejects.toMatchObject({
      kind: 'usage',
      message: 'Cannot emit the table "rooms": the archive "/archive" does not have it',
    });
    await expect(linesOf({})).rejects.toMatchObject({
      kind: 'usage',
      message: 'Cannot emit the table "mentions": a row has no "position", by which targets know it',
    });
  });
});
