import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../../src/cli/main.ts';
import { Secrets } from '../../../src/cli/log/secrets.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { InterruptedError } from '../../../src/errors.ts';
import { readDataFile } from '../../../src/readers/read-data-file.ts';
import type { Row } from '../../../src/model/column.ts';
import { columnsOf, fixtureRow, publishFixture } from '../../support/archives/revised-archive.ts';
import { runHere } from '../../support/program/fake-process.ts';

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
    for (const [output, format, ...args] of formats) {
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
    let [stdout, stderr] = ['', ''];
    const interruption = new AbortController();
    interruption.abort(new InterruptedError('SIGINT'));
    const run = (argv: readonly string[]): Promise<number> =>
      main(
        {
          argv,
          env: {},
          cwd: folder,
          stdout: { write: (text) => (stdout += text), columns: null, isOpen: false },
          stderr: { write: (text) => (stderr += text), columns: null },
          clock: systemClock,
          random: Math.random,
          process: { pid: 1, host: 'here', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
          isAlive: () => false,
          processors: 1,
          interruption: () => interruption.signal,
        },
        new Secrets({}),
      );
    expect(await run(['latest', 'archive'])).toBe(0);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    expect(await run(['latest', 'archive', '--output', 'interrupted.csv'])).toBe(130);
    expect(stderr).toContain('interrupted: "interrupted.csv" was not written');
    expect((await readdir(folder)).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });
});
