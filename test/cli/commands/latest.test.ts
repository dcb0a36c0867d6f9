import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { InterruptedError } from '../../../src/errors.ts';
import { readDataFile } from '../../../src/readers/read-data-file.ts';
import type { Row } from '../../../src/model/column.ts';
import { columnsOf, fixtureRow, publishFixture } from '../../support/archives/revised-archive.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-latest-'));
  const message = (id: string, run: number): Row =>
    fixtureRow('messages', { message_id: id, msg: `${id}: "é", 👍 as of ${run}`, op: 'upsert', run });
  await publishFixture(nodeDisk, join(folder, 'archive'), [
    { tables: { messages: { first: ['a', 'b', 'c'].map((id) => message(id, 1)) } } },
    { tables: { messages: { revising: [message('b', 2), { ...message('a', 2), op: 'delete', msg: null }] } } },
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

const latest = (...args: readonly string[]) => runHere(['latest', 'archive', ...args], { cwd: folder });
const current = [
  ['c', 'c: "é", 👍 as of 1'],
  ['b', 'b: "é", 👍 as of 2'],
];

describe('rocketchat-export latest', () => {
  it('writes JSON lines to stdout, and no word beside', async () => {
    const { code, stdout, stderr } = await latest();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ message_id: id, msg }) => [id, msg])).toEqual(current);
  });

  it('takes - for stdout, and makes no file of that name', async () => {
    const written = await latest('--output', '-', '--format', 'csv');
    expect(written).toMatchObject({ code: 0, stdout: (await latest('--format', 'csv')).stdout });
    expect(await readdir(folder)).not.toContain('-');
    expect((await latest('--output', '-', '--format', 'parquet')).code).toBe(64);
  });

  it('has no status line where its rows go to the terminal', async () => {
    const { stdout, stderr } = await runHere(['latest', 'archive'], { cwd: folder, columns: 80 });
    expect({ lines: stdout.split('\n').length, stderr }).toEqual({ lines: 3, stderr: '' });
  });

  it('writes what the ending of --output says, or --format', async () => {
    const formats: readonly (readonly [string, 'csv' | 'jsonl' | 'parquet', ...string[]])[] = [
      ['x.csv', 'csv'],
      ['x.csv.gz', 'csv'],
      ['x.jsonl.zst', 'jsonl'],
      ['x.parquet', 'parquet'],
      ['new/folder/x', 'csv', '--format', 'csv'],
    ];
    for (const [output, format, ...args] of formats.filter((_, at) => at % quickOrLong(2, 1) === 0)) {
      const { code, stdout, stderr } = await latest('--output', output, ...args);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain(`${output}: 2 rows of messages`);
      const rows: Row[] = [];
      for await (const batch of readDataFile(nodeDisk, { path: join(folder, output), format }, columnsOf('messages'))) {
        rows.push(...batch);
      }
      expect(rows.map(({ message_id: id, msg }) => [id, msg])).toEqual(current);
    }
    const { stdout } = await latest('--format', 'csv');
    expect(stdout).toBe(await readFile(join(folder, 'x.csv'), 'utf8'));
  });

  it('ends with 64 for what cannot be done, says so, and writes nothing', async () => {
    await writeFile(join(folder, 'taken.csv'), 'mine');
    const before = await readdir(folder);
    for (const [args, message] of [
      [['--format', 'xml'], 'Unknown --format "xml", expected one of jsonl, csv, parquet'],
      [['--format', 'parquet'], 'Cannot write parquet to stdout'],
      [['--output', 'x.txt'], 'Cannot determine the format of "x.txt"'],
      [['--output', 'x.parquet.gz'], 'Parquet is compressed inside'],
      [['--output', 'y.csv', '--format', 'jsonl'], 'its ending says csv'],
      [['--output', 'taken.csv'], 'no file is ever overwritten'],
      [['--output', 'archive/messages/latest.csv'], 'it is in the archive'],
      [['--table', 'mesages'], 'Unknown table "mesages"'],
      [['--table', 'links', '--output', 'links.csv'], 'the archive does not have it'],
    ] as const) {
      const { code, stdout, stderr } = await latest(...args);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toContain(`error: `);
      expect(stderr).toContain(message);
    }
    const none = await runHere(['latest', 'nothing-here'], { cwd: folder });
    expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining('there is no archive') });
    expect(await readdir(folder)).toEqual(before);
    expect(await readFile(join(folder, 'taken.csv'), 'utf8')).toBe('mine');
  });

  it('ends with 2 when a file is not what its manifest says, and writes nothing', async () => {
    const [first] = await readdir(join(folder, 'archive/messages'));
    await publishFixture(nodeDisk, join(folder, 'damaged'), [{ tables: { messages: { first: [] } } }]);
    await appendFile(join(folder, 'damaged/messages', first ?? ''), ' ');
    const { code, stderr } = await runHere(['latest', 'damaged', '--output', 'damaged.csv'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: Cannot use ".*damaged.messages.*": its manifest says \d+ bytes, and it is \d+ bytes/,
    );
    expect(await readdir(folder)).not.toContain('damaged.csv');
  });

  it('ends in peace when nobody reads stdout any more, and by the signal when it is interrupted', async () => {
    const interruption = new AbortController();
    interruption.abort(new InterruptedError('SIGINT'));
    const options = { cwd: folder, isOpen: false, signal: interruption.signal };
    expect(await runHere(['latest', 'archive'], options)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stderr } = await runHere(['latest', 'archive', '--output', 'interrupted.csv'], options);
    expect(code).toBe(130);
    expect(stderr).toContain('error: Interrupted by SIGINT: nothing was written');
    expect((await readdir(folder)).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });
});

describe('rocketchat-export latest of some rows', () => {
  const day = (date: number): Date => new Date(Date.UTC(2026, 0, date));
  const people = { u1: 'alice', u2: 'bob' } as const;
  const says = (id: string, room: string, user: 'u1' | 'u2', date: number, run = 1, more: Row = {}): Row =>
    fixtureRow('messages', {
      ...{ message_id: id, room_id: room, room_name: room === 'r1' ? 'ops' : 'general', user_id: user },
      ...{ username: people[user], ts: day(date), msg: '=1+1', op: 'upsert', run, ...more },
    });
  const first = [
    says('a', 'r1', 'u1', 1),
    says('b', 'r1', 'u2', 2),
    says('c', 'r2', 'u1', 3),
    says('d', 'r1', 'u1', 4),
  ];
  // Rows name the room as it was; `b` is edited, `d` deleted.
  const revising = [
    says('b', 'r1', 'u2', 2, 2, { room_name: 'operations' }),
    says('d', 'r1', 'u1', 4, 2, { op: 'delete', user_id: null, username: null }),
  ];
  const truth = [...first.filter(({ message_id: id }) => id === 'a' || id === 'c'), ...revising.slice(0, 1)];
  const link = (id: string, room: string, user: string, date: number): Row =>
    fixtureRow('links', {
      ...{ message_id: id, room_id: room, user_id: user, ts: day(date), position: 0, op: 'upsert', run: 1 },
    });
  const links = [link('a', 'r1', 'u1', 1), link('c', 'r2', 'u1', 3)];
  const rooms = ['r1', 'r2'].map((id) => fixtureRow('rooms', { room_id: id, room_name: id, op: 'upsert', run: 1 }));
  const users = ['u1', 'u2'].map((id) => fixtureRow('users', { user_id: id, op: 'upsert', run: 1 }));
  beforeAll(() =>
    publishFixture(nodeDisk, join(folder, 'some'), [
      { tables: { messages: { first }, links: { first: links }, rooms: { first: rooms }, users: { first: users } } },
      { tables: { messages: { revising } } },
    ]),
  );
  const some = (...args: readonly string[]) => runHere(['latest', 'some', ...args], { cwd: folder });
  const idsOf = (rows: readonly Row[]): readonly unknown[] => rows.map(({ message_id: id }) => id).sort();

  it('writes those that every option selects, to stdout as to a file', async () => {
    const from = (start: number, end: number) => (row: Row) =>
      row['ts'] instanceof Date && row['ts'] >= day(start) && row['ts'] < day(end);
    const selections: readonly (readonly [readonly string[], (row: Row) => boolean])[] = [
      [['--room', 'r1'], (row) => row['room_id'] === 'r1'],
      [['--room', 'ops'], (row) => row['room_id'] === 'r1'],
      [['--room', 'operations'], (row) => row['room_id'] === 'r1'],
      [['--room', 'ops', 'general'], () => true],
      [['--user', 'bob'], (row) => row['user_id'] === 'u2'],
      [['--user', 'u1', '--room', 'general'], (row) => row['user_id'] === 'u1' && row['room_id'] === 'r2'],
      [['--since', '2026-01-02'], from(2, 31)],
      [['--until', '2026-01-02'], from(1, 2)],
      [['--since', '2026-01-02T01:00:00+01:00', '--until', '2026-01-03'], from(2, 3)],
      [['--since', '2027-01-01'], () => false],
    ];
    for (const [index, [args, isWanted]] of selections.entries()) {
      if (index % quickOrLong(2, 1) > 0) continue;
      for (const [table, rows] of [
        ['messages', truth],
        ['links', links],
      ] as const) {
        if (quickOrLong(table === 'links' && index > 0, false)) continue;
        const wanted = { args, table, ids: idsOf(rows.filter(isWanted)) };
        const { code, stdout } = await some('--table', table, ...args);
        const lines = stdout.split('\n').slice(0, -1);
        expect(code).toBe(0);
        expect({ args, table, ids: idsOf(lines.map((line) => JSON.parse(line) as Row)) }).toEqual(wanted);
        if (index % quickOrLong(6, 1) > 0 || (table === 'links' && index > 0)) continue;
        const output = `some-${index}-${table}.parquet`;
        expect(await some('--table', table, ...args, '--output', output)).toMatchObject({ code: 0 });
        const read: Row[] = [];
        const file = { path: join(folder, output), format: 'parquet' } as const;
        for await (const batch of readDataFile(nodeDisk, file, columnsOf(table))) read.push(...batch);
        expect({ args, table, ids: idsOf(read) }).toEqual(wanted);
      }
    }
  });

  it('writes CSV for Excel, to stdout as to a file', async () => {
    const { stdout } = await some('--format', 'csv', '--bom', '--excel-safe');
    expect(stdout.startsWith('\ufeff')).toBe(true);
    expect(stdout).toContain(`,'=1+1,`);
    expect(await some('--output', 'excel.csv', '--bom', '--excel-safe')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'excel.csv'), 'utf8')).toBe(stdout);
  });

  it('ends with 64 for what selects nothing that there is, and says what was meant', async () => {
    const before = await readdir(folder);
    for (const [args, message] of [
      [['--room', 'genral'], /Unknown room "genral".*Did you mean "general"\?/s],
      [['--room', '#ops'], /Unknown room "#ops".*Did you mean "ops"\?/s],
      [['--user', '@alice', '--table', 'links'], /Unknown user "@alice".*Did you mean "alice"\?/s],
      [['--since', 'yesterday'], /Invalid --since "yesterday", expected a date/],
      [['--until', '2026-02-30'], /Invalid --until "2026-02-30", expected a date/],
      [
        ['--since', '2026-02-01', '--until', '2026-01-01'],
        /Invalid --since "2026-02-01", which is not before --until "2026-01-01"/,
      ],
      [['--since', '2026-01-01', '--table', 'rooms'], /Cannot use --since with table "rooms"/],
      [['--user', 'alice', '--table', 'rooms'], /Cannot use --user with table "rooms"/],
      [['--room', 'ops', '--table', 'users'], /Cannot use --room with table "users"/],
      [['--bom'], /Cannot use bom with jsonl/],
      [['--excel-safe', '--output', 'x-some.parquet'], /Cannot use excelSafe with parquet/],
    ] as const) {
      const { code, stdout, stderr } = await some(...args);
      expect({ args, code, stdout }).toEqual({ args, code: 64, stdout: '' });
      expect(stderr).toMatch(message);
    }
    expect(await readdir(folder)).toEqual(before);
  });
});
