import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Row } from '../../src/model/column.ts';
import { runHere } from '../support/program/fake-process.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { fixtureRow, publishFixture, type FixtureRun, type TableRows } from '../support/archives/revised-archive.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

let folder: string;
let duckDb: DuckDbReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-'));
  duckDb = await DuckDbReader.open();
});
afterAll(async () => {
  duckDb.close();
  await rm(folder, { recursive: true });
});

/** What happened to message 0, 1, 2… in each run: new, edited, deleted, back again. */
const events = ['nnnnnnnn', '.e.dd.en', 'e..b.den', '.ed..b.d', 'e.bdn..n'];

function rowsOf(run: number): { readonly messages: TableRows; readonly mentions: TableRows } {
  const messages = { first: [] as Row[], revising: [] as Row[] };
  const mentions = { first: [] as Row[], revising: [] as Row[] };
  Array.from(events[run - 1] ?? '').forEach((event, at) => {
    // Every run has new messages of its own, too.
    const id = event === 'n' ? `m${run}-${at}` : `m1-${at}`;
    if (event === '.') return;
    const place = event === 'n' ? 'first' : 'revising';
    const op = event === 'd' ? 'delete' : 'upsert';
    const common = { message_id: id, room_id: `room ${at % 3}`, ts: new Date(Date.UTC(2024, at, run)), op, run };
    const text = { msg: `"${id}",\n run ${run}`, text: '', links: ['a', ''], reactions: [reaction(at)], extra: { at } };
    messages[place].push(fixtureRow('messages', { ...common, ...(op === 'upsert' && text) }));
    // Some versions mention nobody.
    const mentioned = op === 'delete' ? 0 : (at + run) % 3;
    if (mentioned === 0 && event !== 'n') mentions[place].push(fixtureRow('mentions', { ...common, op: 'delete' }));
    for (let position = 0; position < mentioned; position++) {
      mentions[place].push(fixtureRow('mentions', { ...common, position, username: `u${run}`, mention_type: 'user' }));
    }
  });
  return { messages, mentions };
}

const reaction = (count: number) => ({ emoji: ':tada:', count, usernames: ['x'] });

const runs: readonly FixtureRun[] = events.map((_, index) => ({
  tables: rowsOf(index + 1),
  sinks: [{ format: 'csv', compression: 'gzip' }, { format: 'parquet' }, { format: 'jsonl' }],
  lists: [{ endpoint: 'groups.messages', filters: {} }],
}));

it.each(quickOrLong([true], [false, true]))(
  'the views of docs/tables.md have the rows of `latest`, in a folder for each room: %s',
  async (byRoom) => {
    const name = `archive-${byRoom}`;
    await publishFixture(
      nodeDisk,
      join(folder, name),
      runs.map((run) => ({ ...run, byRoom })),
    );
    const document = await readFile(join(import.meta.dirname, '../../docs/tables.md'), 'utf8');
    const views = [...document.matchAll(/^CREATE VIEW latest_[^;]*;/gm)].map(([view]) => view);
    expect(views).toHaveLength(3);
    for (const view of views) {
      const sql = view.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW');
      await duckDb.query(sql.replaceAll("'output/demo", `'${folder}/${name}`));
    }
    for (const [view, table] of [
      ['messages', 'messages'],
      ['mentions', 'mentions'],
      ['mentions_since_version_1', 'mentions'],
    ] as const) {
      const file = `${view}-${byRoom}.parquet`;
      const { code, stderr } = await runHere(['latest', name, '--table', table, '--output', file], { cwd: folder });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const count = async (sql: string): Promise<unknown> =>
        (await duckDb.query(`SELECT count(*) AS n FROM (${sql})`))[0]?.['n'];
      const [shown, written] = [`FROM latest_${view}`, `FROM '${folder}/${file}'`];
      expect(await count(written)).toBeGreaterThan(5);
      expect(await count(written)).toBe(await count(shown));
      const others = `(${shown} EXCEPT ALL ${written}) UNION ALL (${written} EXCEPT ALL ${shown})`;
      expect(await duckDb.query(others)).toEqual([]);
    }
  },
);
