import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { runHere } from '../support/program/fake-process.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { editedRuns } from '../support/archives/edited-tables.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
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

it.each(quickOrLong([true], [false, true]))(
  'the views of docs/tables.md have the rows of `latest`, in a folder for each room: %s',
  async (byRoom) => {
    const name = `archive-${byRoom}`;
    await publishFixture(
      nodeDisk,
      join(folder, name),
      editedRuns.map((run) => ({ ...run, byRoom })),
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
      const file = `${table}-${byRoom}.parquet`;
      if (!existsSync(join(folder, file))) {
        const { code, stderr } = await runHere(['latest', name, '--table', table, '--output', file], { cwd: folder });
        expect({ code, stderr }).toMatchObject({ code: 0 });
      }
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
