import { appendFile, rm, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { currentTable, type CurrentTableName } from '../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { changeState } from '../../src/archive/stored-state/change-state.ts';
import { DifferenceError, OutputError, UsageError } from '../../src/errors.ts';
import type { SinkOptions } from '../../src/model/sink-options.ts';
import type { Row } from '../../src/model/column.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { columnsOf, fixtureRow, publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { here } from '../support/runs/run-here.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { messageIdOf } from '../support/messages/message-id-of.ts';

const day = (run: number): Date => new Date(Date.UTC(2024, 0, run));

function message(id: string, run: number, fields: Row = {}): Row {
  return fixtureRow('messages', {
    ...{ message_id: id, room_id: `room-${id.length % 2}`, room_name: 'ops', room_type: 'private' },
    ...{ ts: day(0), updated_at: day(run), msg: `${id} as of run ${run}`, op: 'upsert', run },
    ...fields,
  });
}

const deletion = (id: string, run: number): Row =>
  message(id, run, { op: 'delete', msg: null, updated_at: null, ts: day(run) });

function mention(id: string, run: number, position: number): Row {
  const fields = { message_id: id, room_id: 'room', ts: day(0), position, username: `u${run}`, mention_type: 'user' };
  return fixtureRow('mentions', { ...fields, op: 'upsert', run });
}

async function currentRows(archive: string, name: CurrentTableName = 'messages'): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive, name)).rows) rows.push(...batch);
  return rows;
}

const idsAndRuns = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => `${messageIdOf(row)}@${JSON.stringify(row['run'])}`);

/** Gives the archive of these runs to a test. */
function withRuns<T>(runs: readonly FixtureRun[], test: (archive: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    await publishFixture(nodeDisk, archive, runs);
    return test(archive);
  });
}

const threeRuns: readonly FixtureRun[] = [
  { tables: { messages: { first: ['a', 'b', 'c', 'd', 'e'].map((id) => message(id, 1)) } } },
  {
    tables: { messages: { first: [message('f', 2)], revising: [message('b', 2), deletion('c', 2), deletion('e', 2)] } },
  },
  { tables: { messages: { revising: [message('b', 3), message('e', 3), deletion('f', 3)] } } },
];

describe('the current rows of messages', () => {
  it('are the newest versions, each at its own place, without the deleted and with those that came back', async () => {
    await withRuns(threeRuns, async (archive) => {
      const rows = await currentRows(archive);
      expect(idsAndRuns(rows)).toEqual(['a@1', 'd@1', 'b@3', 'e@3']);
      expect(rows[2]).toEqual(message('b', 3));
    });
  });

  it('are never deletions, not even of messages that no run had', async () => {
    for (const revising of [[], [message('a', 2)]]) {
      const runs = [
        { tables: { messages: { first: [message('a', 1)] } } },
        { tables: { messages: { first: [deletion('b', 2)], revising } } },
      ];
      await withRuns(runs, async (archive) => {
        expect((await currentRows(archive)).map(messageIdOf)).toEqual(['a']);
      });
    }
  });

  it('are those of published runs: one that is still being published has no part in them', async () => {
    const [first, second, third] = threeRuns;
    if (!first || !second || !third) throw new Error('There are three');
    await withRuns([first, second, { ...third, unpublished: true }], async (archive) => {
      expect(idsAndRuns(await currentRows(archive))).toEqual(['a@1', 'd@1', 'f@2', 'b@2']);
    });
  });

  it('carry null where a run did not have the column, which then may be null in all', async () => {
    const runs = [{ ...threeRuns[0], tables: threeRuns[0]?.tables ?? {}, without: ['room_name', 'emoji', 'alias'] }];
    await withRuns(
      [...runs, { ...threeRuns[1], tables: threeRuns[1]?.tables ?? {}, without: ['emoji'] }],
      async (archive) => {
        const { columns } = await currentTable(nodeDisk, archive, 'messages');
        const expected = columnsOf('messages').filter(({ name }) => name !== 'emoji');
        expect(columns.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
        expect(columns.find(({ name }) => name === 'room_name')?.nullable).toBe(true);
        expect(columns.find(({ name }) => name === 'room_type')?.nullable).toBe(false);
        expect((await currentRows(archive)).map(({ room_name: room }) => room)).toEqual([null, null, 'ops', 'ops']);
      },
    );
  });

  it('of an archive without rows are none, with the columns of the table', async () => {
    for (const format of ['jsonl', 'parquet'] as const) {
      await withRuns([{ tables: { messages: {} }, sinks: [{ format }] }], async (archive) => {
        const { columns } = await currentTable(nodeDisk, archive, 'messages');
        expect(columns.map(({ name }) => name)).toEqual(columnsOf('messages').map(({ name }) => name));
        expect(await currentRows(archive)).toEqual([]);
      });
    }
  });

  it('are found where a job got other filters, and its run read messages again that it does not mark', async () => {
    const streams = (pinned: boolean) => [{ endpoint: 'groups.messages', filters: pinned ? { pinned } : {} }];
    const runs: readonly FixtureRun[] = [
      { tables: { messages: { first: [message('a', 1)] } }, lists: streams(true) },
      { tables: { messages: { first: [message('a', 2), message('b', 2)] } }, lists: streams(false) },
    ];
    await withRuns(runs, async (archive) => {
      expect(idsAndRuns(await currentRows(archive))).toEqual(['a@2', 'b@2']);
    });
  });

  it('are read from the best format that holds all rows, and from one or the other where none does', async () => {
    const sinks: readonly (readonly SinkOptions[])[] = [
      [{ format: 'csv' }, { format: 'jsonl', compression: 'zstd' }],
      [{ format: 'csv', compression: 'gzip' }, { format: 'parquet' }],
      [{ format: 'csv', delimiter: ';', bom: true }],
    ];
    const mixed = threeRuns.map((run, index) => ({ ...run, sinks: sinks[index] ?? [] }));
    await withRuns(mixed, async (archive) => {
      expect(idsAndRuns(await currentRows(archive))).toEqual(['a@1', 'd@1', 'b@3', 'e@3']);
    });
    const all = threeRuns.map((run) => ({ ...run, sinks: [{ format: 'csv' }, { format: 'parquet' }] as const }));
    await withRuns(all, async (archive) => {
      // Nobody looks at the CSV.
      await rm(join(archive, 'messages/run-000001-0001.csv'));
      expect(idsAndRuns(await currentRows(archive))).toEqual(['a@1', 'd@1', 'b@3', 'e@3']);
    });
  });
});

describe('the current rows of side tables', () => {
  const groups = { endpoint: 'groups.messages', filters: {} };
  const mentions = { endpoint: 'chat.getMentionedMessages', filters: {} };

  it('are the elements of the newest versions, and none of what an edit left without any', async () => {
    const runs: readonly FixtureRun[] = [
      {
        tables: {
          messages: { first: ['a', 'b', 'c', 'd'].map((id) => message(id, 1)) },
          mentions: { first: ['a', 'b', 'c', 'd'].flatMap((id) => [mention(id, 1, 0), mention(id, 1, 1)]) },
        },
        lists: [groups],
      },
      {
        tables: {
          messages: { revising: [message('b', 2), message('c', 2), deletion('d', 2)] },
          mentions: { revising: [mention('b', 2, 0)] },
        },
        lists: [groups],
      },
    ];
    await withRuns(runs, async (archive) => {
      expect(idsAndRuns(await currentRows(archive, 'mentions'))).toEqual(['a@1', 'a@1', 'b@2']);
    });
  });

  it('follow `messages` where it has the message, whatever `mentioned_messages` says, and else that', async () => {
    const streams = [groups, mentions];
    const runs: readonly FixtureRun[] = [
      {
        tables: {
          messages: { first: ['both', 'first', 'gone'].map((id) => message(id, 1)) },
          mentioned_messages: { first: ['both', 'first', 'gone', 'other', 'late'].map((id) => message(id, 1)) },
          mentions: { first: ['both', 'first', 'gone', 'other', 'late'].map((id) => mention(id, 1, 0)) },
        },
        lists: streams,
      },
      {
        tables: {
          messages: { revising: [message('both', 2), deletion('gone', 2)] },
          // The two endpoints are read one after the other: what changed between them, the second has first.
          mentioned_messages: { revising: [message('first', 2), message('other', 2), deletion('late', 2)] },
          mentions: { revising: [mention('both', 2, 0), mention('other', 2, 0)] },
        },
        lists: streams,
      },
      {
        tables: { messages: {}, mentioned_messages: { revising: [message('both', 3)] }, mentions: {} },
        lists: streams,
      },
    ];
    await withRuns(runs, async (archive) => {
      expect(idsAndRuns(await currentRows(archive, 'mentions'))).toEqual(['first@1', 'both@2', 'other@2']);
    });
  });

  it('cannot be told without the table of messages', async () => {
    const runs = [{ tables: { mentions: { first: [mention('a', 1, 0)] } }, lists: [groups] }];
    await withRuns(runs, async (archive) => {
      const error: unknown = await currentRows(archive, 'mentions').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ hint: expect.stringContaining('"messages"') });
    });
  });
});

describe('the current rows of rooms', () => {
  it('are the newest row of each', async () => {
    const room = (id: string, run: number): Row =>
      fixtureRow('rooms', { room_id: id, room_name: `${id} ${run}`, room_type: 'private', run });
    const runs: readonly FixtureRun[] = [
      { tables: { rooms: { first: ['a', 'b', 'c', 'd'].map((id) => room(id, 1)) } } },
      { tables: { rooms: { first: [room('d', 2), room('a', 2)] } } },
      { tables: { rooms: { first: [room('a', 3)] } } },
    ];
    await withRuns(runs, async (archive) => {
      expect(await currentRows(archive, 'rooms')).toEqual([room('b', 1), room('c', 1), room('d', 2), room('a', 3)]);
    });
  });
});

/** What happens to each of a few messages in each run. */
const histories = fc.record({
  byRoom: fc.boolean(),
  rowsPerFile: fc.integer({ min: 1, max: 4 }),
  runs: fc.array(fc.array(fc.constantFrom('nothing', 'change', 'delete'), { minLength: 8, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  }),
  formats: fc.subarray(['parquet', 'jsonl', 'csv'] as const, { minLength: 1 }),
});

it('any history leaves of every message what its last run said', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ runs, formats, ...layout }) => {
      const state = new Map<string, 'alive' | 'gone'>();
      const last = new Map<string, Row>();
      const fixture = runs.map((events, index): FixtureRun => {
        const run = index + 1;
        const [first, revising]: [Row[], Row[]] = [[], []];
        events.forEach((event, at) => {
          const id = 'm'.repeat(at + 1);
          if (event === 'nothing' || (event === 'delete' && state.get(id) !== 'alive')) return;
          const row = event === 'delete' ? deletion(id, run) : message(id, run);
          (state.has(id) ? revising : first).push(row);
          state.set(id, event === 'delete' ? 'gone' : 'alive');
          last.set(id, row);
        });
        return { tables: { messages: { first, revising } }, sinks: formats.map((format) => ({ format })), ...layout };
      });
      await withRuns(fixture, async (archive) => {
        const rows = await currentRows(archive);
        const expected = [...last.values()].filter(({ op }) => op === 'upsert');
        const byId = (a: Row, b: Row): number => (messageIdOf(a) < messageIdOf(b) ? -1 : 1);
        expect(rows.toSorted(byId)).toEqual(expected.toSorted(byId));
        // Archive order: runs go up.
        expect(rows.map(({ run }) => run)).toEqual(rows.map(({ run }) => Number(run)).sort((a, b) => a - b));
      });
    }),
    { numRuns: quickOrLong(2, 60) },
  );
});

describe('an archive that cannot be told the current rows of', () => {
  const failure = (archive: string, name?: CurrentTableName): Promise<unknown> =>
    currentRows(archive, name).catch((error: unknown) => error);

  it('is one whose file is not what its manifest says: no row comes from it', async () => {
    const damages: readonly ((path: string) => Promise<unknown>)[] = [
      (path) => appendFile(path, ' '),
      (path) => rm(path),
      async (path) => {
        const bytes = await readFile(path);
        bytes[9] = (bytes[9] ?? 0) ^ 1;
        await writeFile(path, bytes);
      },
    ];
    const files = ['messages/run-000001-0001.parquet', 'messages/run-000003-0001.parquet'];
    for (const [at, damage] of damages.entries()) {
      // In the quick suite each damage meets one file.
      for (const file of quickOrLong(files.slice(at % 2, (at % 2) + 1), files)) {
        await withRuns(threeRuns, async (archive) => {
          await damage(join(archive, file));
          const error = await failure(archive);
          expect(error).toBeInstanceOf(DifferenceError);
          expect(String(error)).toContain(file);
        });
      }
    }
  });

  it('is one with a manifest that is damaged, changed or missing', async () => {
    const manifest = (archive: string, run: number): string => join(archive, `_manifest/run-00000${run}.json`);
    const damages: readonly (readonly [string, (archive: string) => Promise<unknown>])[] = [
      ['Cannot read the manifest', (archive) => writeFile(manifest(archive, 2), '{')],
      ['there is no such file', (archive) => rm(manifest(archive, 2))],
      [
        'SHA256SUMS names "_manifest/run-000003.json", and there is no such file',
        (archive) => rm(manifest(archive, 3)),
      ],
      [
        'and the next one says',
        async (archive) => {
          const text = await readFile(manifest(archive, 1), 'utf8');
          await writeFile(manifest(archive, 1), text.replace('"dropped"', '"Dropped"').replace('nightly', 'nightlx'));
        },
      ],
      [
        'SHA256SUMS says',
        async (archive) => {
          const text = await readFile(manifest(archive, 3), 'utf8');
          await writeFile(manifest(archive, 3), text.replace('"mayReplace":true,', ''));
        },
      ],
    ];
    for (const [message, damage] of damages) {
      await withRuns(threeRuns, async (archive) => {
        await damage(archive);
        const error = await failure(archive);
        expect(error).toBeInstanceOf(OutputError);
        expect(String(error)).toContain(message);
      });
    }
  });

  it('is none, or one that has published nothing', async () => {
    await inTemporaryFolder(async (folder) => {
      expect(String(await failure(join(folder, 'nothing')))).toMatch(/^UsageError: .*nothing": there is no archive/);
    });
    const [first] = threeRuns;
    await withRuns([{ tables: first?.tables ?? {}, unpublished: true }], async (archive) => {
      expect(String(await failure(archive))).toMatch(/^UsageError: .*no run has been published yet/);
    });
  });

  it('is one without the table, or with the files of a plug-in only', async () => {
    await withRuns(threeRuns, async (archive) => {
      const error = await failure(archive, 'links');
      expect(error).toMatchObject({ kind: 'usage', hint: 'It has messages' });
    });
    await withRuns(threeRuns.slice(0, 1), async (archive) => {
      for (const file of ['_manifest/run-000001.json']) {
        const text = await readFile(join(archive, file), 'utf8');
        await writeFile(join(archive, file), text.replaceAll('"format":"parquet"', '"format":"orc"'));
      }
      await rm(join(archive, '_manifest/SHA256SUMS'));
      const error = await failure(archive);
      expect(String(error)).toMatch(/^UsageError: .*of run 1: it is there as orc, expected one of parquet, jsonl, csv/);
    });
  });

  it('is one that never had the list, also once a job that dropped its keys was reset', async () => {
    const steps = [{ step: 'dropColumns', settings: { columns: ['user_id'] }, dropped: 0 }];
    const [first, ...later] = threeRuns;
    await withRuns(first === undefined ? [] : [{ ...first, says: { steps } }], async (archive) => {
      await changeState(archive, { kind: 'forget' }, here);
      await publishFixture(nodeDisk, archive, later, 2);
      for (const table of ['users', 'room_members'] as const) {
        expect(await failure(archive, table)).toMatchObject({ kind: 'usage', hint: 'It has messages' });
      }
    });
  });

  it('is one with a column that this program does not know', async () => {
    for (const format of ['parquet', 'jsonl', 'csv'] as const) {
      const runs = threeRuns.map((run, index) => ({
        ...run,
        sinks: [{ format }],
        ...(index === 1 && { newColumn: 'mood' }),
      }));
      await withRuns(runs, async (archive) => {
        const error = await failure(archive);
        expect(error).toMatchObject({ kind: 'output', hint: expect.stringContaining('update the program') });
        expect(String(error)).toMatch(/Cannot read "messages.run-000002-0001.*": unknown column "mood"/);
      });
    }
  });

  it('is one that dropped the columns which tell versions apart, once there are versions', async () => {
    const without = ['run', 'op'];
    const runs = threeRuns.map((run) => ({ ...run, without }));
    await withRuns(runs.slice(0, 1), async (archive) => {
      expect(await currentRows(archive)).toHaveLength(5);
    });
    await withRuns(runs, async (archive) => {
      expect(String(await failure(archive))).toMatch(/^UsageError: .*lacks one of "message_id", "op", "run"/);
    });
  });
});
