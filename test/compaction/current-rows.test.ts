import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readStoredState } from '../../src/archive/stored-state/read-stored-state.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { readArchiveHistory } from '../../src/snapshot/archive-history.ts';
import { currentTable, type CurrentTableName } from '../../src/snapshot/current-table.ts';
import { nodeDisk, type Disk } from '../../src/system/disk.ts';
import { StoppedError } from '../../src/errors.ts';
import type { SinkEntry } from '../../src/model/sink-options.ts';
import type { Row } from '../../src/model/column.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { expectHealed } from '../support/archives/expect-healed.ts';
import {
  livePaths,
  publishRows as publishRowsOf,
  rowOf,
  rowsInArchive,
  type RowsOfRun,
} from '../support/archives/rows-archive.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { messageIdOf } from '../support/messages/message-id-of.ts';

const longIt = quickOrLong(it.skip, it);

/** Of the first schema: only messages tell which elements are gone. */
function publishRows(archive: string, rows: readonly RowsOfRun[], sinks: readonly SinkEntry[], disk: Disk = nodeDisk) {
  return publishRowsOf(archive, rows, sinks, disk, 1);
}

const message = (id: string, run: number, op: 'upsert' | 'delete' = 'upsert'): Row =>
  rowOf('messages', { message_id: id, run, op, msg: op === 'delete' ? null : `${id} as of ${run}` });

const mention = (id: string, run: number, position: number): Row =>
  rowOf('mentions', { message_id: id, run, position, mention_type: 'user' });

const room = (id: string, run: number): Row => rowOf('rooms', { room_id: id, run });

const keyOf = (row: Row): string =>
  [row['message_id'] ?? row['room_id'], row['run'], row['position'] ?? '']
    .map((cell) => JSON.stringify(cell))
    .join(' ');

const keysOf = (rows: readonly Row[]): readonly string[] => rows.map(keyOf).sort();

async function currentKeys(archive: string, name: CurrentTableName, disk: Disk = nodeDisk): Promise<readonly string[]> {
  const rows: Row[] = [];
  for await (const batch of (await currentTable(disk, archive, name)).rows) rows.push(...batch);
  return keysOf(rows);
}

/** A run as random as a property test makes it. Numbers choose among the messages there are. */
interface RandomRun {
  readonly kind: 'run';
  readonly posts: number;
  readonly edits: readonly number[];
  readonly deletions: readonly number[];
  readonly sinks: number;
}

interface RandomCompaction {
  readonly kind: 'compaction';
  readonly keeps: 'all' | 'latest';
  readonly rowsPerFile: number;
}

/** So that sometimes one format has all rows, and sometimes none has. */
const sinksOfRuns: readonly (readonly SinkEntry[])[] = [
  [{ format: 'csv' }],
  [{ format: 'csv' }, { format: 'jsonl' }],
  [{ format: 'jsonl', compression: 'gzip' }, { format: 'csv' }],
  [{ format: 'jsonl' }],
];

const randomRun: fc.Arbitrary<RandomRun> = fc.record({
  kind: fc.constant('run'),
  posts: fc.nat(3),
  edits: fc.array(fc.nat(20), { maxLength: 3 }),
  deletions: fc.array(fc.nat(20), { maxLength: 2 }),
  sinks: fc.nat(sinksOfRuns.length - 1),
});

const randomCompaction: fc.Arbitrary<RandomCompaction> = fc.record({
  kind: fc.constant('compaction'),
  keeps: fc.constantFrom('all', 'latest'),
  rowsPerFile: fc.constantFrom(2, 1_000_000),
});

/** What an archive should hold, kept in the plainest way. */
class Model {
  /** By id: the newest version, and whether the message is gone. */
  readonly newest = new Map<string, { readonly run: number; readonly isDeleted: boolean }>();
  readonly rows: Row[] = [];
  newestRoomRun = 0;

  isCurrent(row: Row): boolean {
    return row['op'] !== 'delete' && this.newest.get(messageIdOf(row))?.run === row['run'];
  }

  /** The rows of a run that does this, by table. */
  add({ posts, edits, deletions }: RandomRun, run: number): readonly RowsOfRun[] {
    const known = [...this.newest.keys()];
    const chosen = (choices: readonly number[]): readonly string[] =>
      known.length === 0 ? [] : [...new Set(choices.map((choice) => known[choice % known.length] ?? ''))];
    const deleted = chosen(deletions);
    const edited = chosen(edits).filter((id) => !deleted.includes(id));
    const posted = Array.from({ length: posts }, (_, at) => `m${run}-${at}`);
    const first = posted.map((id) => message(id, run));
    const revising = [...edited.map((id) => message(id, run)), ...deleted.map((id) => message(id, run, 'delete'))];
    for (const row of [...first, ...revising]) {
      this.newest.set(messageIdOf(row), { run, isDeleted: row['op'] === 'delete' });
    }
    this.newestRoomRun = run;
    // Every other version mentions somebody.
    const elements = (ids: readonly string[]): readonly Row[] =>
      ids.filter((_, at) => (at + run) % 2 === 0).flatMap((id) => [mention(id, run, 0), mention(id, run, 1)]);
    const tables: readonly RowsOfRun[] = [
      { table: 'messages', rows: first },
      { table: 'messages', rows: revising, mayReplace: true },
      { table: 'mentions', rows: elements(posted) },
      { table: 'mentions', rows: elements(edited), mayReplace: true },
      { table: 'rooms', rows: [room('r', run)] },
    ];
    this.rows.push(...tables.flatMap(({ table, rows }) => (table === 'rooms' ? [] : rows)));
    return tables.filter(({ rows, mayReplace }) => rows.length > 0 || (run === 1 && mayReplace === undefined));
  }
}

describe('compactArchive with --latest', () => {
  it('keeps the newest versions of what is not deleted, their elements, and the newest row of each room', async () => {
    await inTemporaryFolder(async (archive) => {
      const sinks: readonly SinkEntry[] = [{ format: 'csv' }, { format: 'parquet' }];
      await publishRows(
        archive,
        [
          { table: 'messages', rows: ['a', 'b', 'c', 'd'].map((id) => message(id, 1)) },
          { table: 'mentions', rows: ['a', 'b', 'c'].map((id) => mention(id, 1, 0)) },
          { table: 'rooms', rows: [room('r', 1), room('s', 1)] },
        ],
        sinks,
      );
      await publishRows(
        archive,
        [
          { table: 'messages', rows: [message('b', 2), message('c', 2, 'delete')], mayReplace: true },
          { table: 'mentions', rows: [mention('b', 2, 0), mention('b', 2, 1)], mayReplace: true },
          { table: 'rooms', rows: [room('r', 2)] },
        ],
        sinks,
      );
      await publishRows(archive, [{ table: 'messages', rows: [message('a', 3)], mayReplace: true }], sinks);
      const compaction = await compactHere(archive, { keeps: 'latest' });
      expect(compaction).toMatchObject({
        kind: 'compacted',
        manifest: {
          keeps: 'latest',
          dropped: { messages: 4, mentions: 3, rooms: 1 },
          compacted: [
            { table: 'mentions', format: 'csv', rowsBefore: 5, rowsAfter: 2 },
            { table: 'mentions', format: 'parquet', rowsBefore: 5, rowsAfter: 2 },
            { table: 'messages', format: 'csv', rowsBefore: 7, rowsAfter: 3 },
            { table: 'messages', format: 'parquet', rowsBefore: 7, rowsAfter: 3 },
            { table: 'rooms', format: 'csv', rowsBefore: 3, rowsAfter: 2 },
            { table: 'rooms', format: 'parquet', rowsBefore: 3, rowsAfter: 2 },
          ],
        },
      });
      const keys = Object.entries(await rowsInArchive(archive)).map(([group, rows]) => [group, rows.map(keyOf)]);
      expect(Object.fromEntries(keys)).toEqual({
        'messages csv': ['"d" 1 ""', '"b" 2 ""', '"a" 3 ""'],
        'messages parquet': ['"d" 1 ""', '"b" 2 ""', '"a" 3 ""'],
        'mentions csv': ['"b" 2 0', '"b" 2 1'],
        'mentions parquet': ['"b" 2 0', '"b" 2 1'],
        'rooms csv': ['"s" 1 ""', '"r" 2 ""'],
        'rooms parquet': ['"s" 1 ""', '"r" 2 ""'],
      });
      expect((await readArchiveHistory(nodeDisk, archive)).files.some(({ mayReplace }) => mayReplace)).toBe(false);
      expect(await verifyArchive(archive)).toMatchObject({
        rows: { messages: 3, mentions: 2, rooms: 2 },
        differences: [],
      });
      expect(await compactHere(archive, { keeps: 'latest' })).toMatchObject({ kind: 'nothing-to-do' });
      expect(await compactHere(archive)).toMatchObject({ kind: 'nothing-to-do' });
    });
  });

  it('leaves a table and a folder without rows a file with their columns', async () => {
    await inTemporaryFolder(async (archive) => {
      const partition = 'room=r';
      await publishRows(archive, [{ table: 'messages', rows: [message('a', 1)], partition }], [{ format: 'csv' }]);
      const gone = { table: 'messages', rows: [message('a', 2, 'delete')], mayReplace: true, partition } as const;
      await publishRows(archive, [gone], [{ format: 'csv' }]);
      await compactHere(archive, { keeps: 'latest' });
      expect(await livePaths(archive)).toEqual(['messages/room=r/run-000003-0001.csv']);
      expect(await rowsInArchive(archive)).toEqual({ 'messages/room=r csv': [] });
      expect(await readdir(join(archive, 'messages/room=r'))).toEqual(['run-000003-0001.csv']);
    });
  });

  it('leaves alone what it cannot tell the current rows of, and says why', async () => {
    await inTemporaryFolder(async (archive) => {
      const columns = ['message_id', 'msg'];
      await publishRows(archive, [{ table: 'messages', rows: [message('a', 1)], columns }], [{ format: 'csv' }]);
      const sinks: readonly SinkEntry[] = [{ format: 'jsonl' }];
      await publishRows(archive, [{ table: 'messages', rows: [message('b', 2)] }], sinks);
      await publishRows(archive, [{ table: 'messages', rows: [message('b', 3)], mayReplace: true }], sinks);
      expect(await compactHere(archive, { keeps: 'latest' })).toMatchObject({
        manifest: {
          notes: [
            'Files of "messages" as csv were left as they are: without their column "op" and "run" nobody can tell which rows are current.',
          ],
        },
      });
      expect(await livePaths(archive)).toEqual(['messages/run-000001-0001.csv', 'messages/run-000004-0001.jsonl']);
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('finds what a run read again because its job was changed, though no file says so', async () => {
    await inTemporaryFolder(async (archive) => {
      const streams = (filters: object) => [{ endpoint: 'groups.messages', filters }];
      await publishFixture(nodeDisk, archive, [
        { tables: { messages: { first: [message('a', 1)] } }, lists: streams({ pinned: true }) },
        { tables: { messages: { first: [message('a', 2), message('b', 2)] } }, lists: streams({}) },
        { tables: { messages: { first: [message('c', 3)] } }, lists: streams({}) },
      ]);
      const before = await currentKeys(archive, 'messages');
      expect(before).toEqual(['"a" 2 ""', '"b" 2 ""', '"c" 3 ""']);
      expect(await compactHere(archive)).toMatchObject({ kind: 'compacted', filesAfter: 1 });
      expect(await currentKeys(archive, 'messages')).toEqual(before);
      await compactHere(archive, { keeps: 'latest' });
      expect(keysOf((await rowsInArchive(archive))['messages parquet'] ?? [])).toEqual(before);
    });
  });

  it('does not bring a removed reaction back because the mentions of the message are as they were', async () => {
    const sinks: readonly SinkEntry[] = [{ format: 'jsonl' }];
    const reaction = (run: number, op: 'upsert' | 'delete'): Row =>
      rowOf('reactions', { message_id: 'a', run, op, ...(op === 'upsert' && { position: 0, emoji: ':wave:' }) });
    await inTemporaryFolder(async (archive) => {
      await publishRowsOf(
        archive,
        [
          { table: 'messages', rows: [message('a', 1)] },
          { table: 'mentions', rows: [mention('a', 1, 0)] },
          { table: 'reactions', rows: [reaction(1, 'upsert')] },
        ],
        sinks,
      );
      await publishRowsOf(archive, [{ table: 'reactions', rows: [reaction(2, 'delete')], mayReplace: true }], sinks);
      await compactHere(archive, { keeps: 'latest' });
      const rows = await rowsInArchive(archive);
      expect(rows['reactions jsonl']).toEqual([]);
      expect(keysOf(rows['mentions jsonl'] ?? [])).toEqual(['"a" 1 0']);
    });
  });

  longIt.each([{ fault: 'dies-within' as const, power: 'on' as const, stride: quickOrLong(25, 4) }])(
    'is finished by the next when it is cut ($fault, power: $power)',
    (cuts) => expectHealed(cuts, { keeps: 'latest' }),
  );
});

describe('runs and compactions in any order', () => {
  it('leave the current rows what they are, and an archive that verifies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 2, arbitrary: randomRun }, { weight: 1, arbitrary: randomCompaction }), {
          minLength: 2,
          maxLength: 8,
        }),
        async (steps) => {
          const archive = '/archive';
          const disk = new MemoryDisk();
          await disk.makeFolder(archive);
          const model = new Model();
          const posts: RandomRun = { kind: 'run', posts: 3, edits: [], deletions: [], sinks: 0 };
          for (const step of [posts, ...steps]) {
            if (step.kind === 'compaction') {
              await compactHere(archive, step, { disk });
              continue;
            }
            const { run } = await readStoredState(disk, archive);
            await publishRows(archive, model.add(step, run + 1), sinksOfRuns[step.sinks] ?? [], disk);
          }
          const wanted = model.rows.filter((row) => model.isCurrent(row));
          const isMention = (row: Row): boolean => 'position' in row;
          const messages = keysOf(wanted.filter((row) => !isMention(row)));
          const mentions = keysOf(wanted.filter(isMention));
          const check = async (): Promise<void> => {
            expect(await currentKeys(archive, 'messages', disk)).toEqual(messages);
            expect(await currentKeys(archive, 'mentions', disk)).toEqual(mentions);
            expect(await currentKeys(archive, 'rooms', disk)).toEqual([keyOf(room('r', model.newestRoomRun))]);
            expect((await verifyArchive(archive, { disk })).differences).toEqual([]);
          };
          await check();
          await compactHere(archive, { keeps: 'latest' }, { disk });
          await check();
          const { rows } = await verifyArchive(archive, { disk });
          expect(rows).toEqual({ messages: messages.length, mentions: mentions.length, rooms: 1 });
          for (const [group, left] of Object.entries(await rowsInArchive(archive, disk))) {
            const allowed = group.startsWith('messages')
              ? messages
              : group.startsWith('mentions')
                ? mentions
                : undefined;
            if (allowed !== undefined) expect(allowed).toEqual(expect.arrayContaining([...keysOf(left)]));
          }
          expect(await compactHere(archive, { keeps: 'latest' }, { disk })).toMatchObject({ kind: 'nothing-to-do' });
        },
      ),
      { numRuns: quickOrLong(1, 100) },
    );
  });
});

describe('the current rows, read while a compaction takes the files away', () => {
  it('are asked for again, and not called damaged', async () => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 2; run += 1) {
        await publishRows(archive, [{ table: 'messages', rows: [message(`m${run}`, run)] }], [{ format: 'csv' }]);
      }
      const { rows } = await currentTable(nodeDisk, archive, 'messages');
      await compactHere(archive);
      const read = async (): Promise<void> => {
        for await (const batch of rows) expect(batch.length).toBeGreaterThan(0);
      };
      const error = await read().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoppedError);
      expect(String(error)).toContain('a compaction has replaced the file meanwhile');
    });
  });
});
