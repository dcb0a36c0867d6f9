import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DatabaseTarget } from '../../src/model/run/database-target.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { publishRows } from '../support/archives/rows-archive.ts';
import { expectLoaded, runsInDatabase } from '../support/databases/expect-loaded.ts';
import { changedMessages, newMessages } from '../support/databases/load-contract.ts';
import { startPostgres, type PostgresServer } from '../support/databases/start-postgres.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { startProgram } from '../support/program/program.ts';

const inFolder = temporaryFolder();
const sinks = [{ format: 'parquet' }] as const;
const kills = 10;
/** A run of them is some times what SQLite's cache of pages holds (2 MB): pages of a transaction are in the file before its end. */
const messagesPerRun = 8000;
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const targets: Readonly<
  Record<DatabaseTarget['kind'], () => Promise<{ readonly to: string; readonly target: DatabaseTarget }>>
> = {
  postgres: async () => {
    const url = server.urlOf(await server.createDatabase());
    return { to: url, target: { kind: 'postgres', url } };
  },
  sqlite: () => Promise.resolve(fileTarget('sqlite')),
  duckdb: () => Promise.resolve(fileTarget('duckdb')),
};

function fileTarget(kind: 'sqlite' | 'duckdb'): { readonly to: string; readonly target: DatabaseTarget } {
  const path = inFolder(`chat.${kind}`);
  return { to: `${kind}:${path}`, target: { kind, path } };
}

describe.each(['postgres', 'sqlite', 'duckdb'] as const)('a load into %s that is killed', (kind) => {
  it(`ten times at any moment, and called again each time, brings each run once`, async () => {
    const archive = inFolder(`archive of ${kind}`);
    for (let run = 1; run <= 6; run++) {
      await publishRows(
        archive,
        [...newMessages(run, messagesPerRun), ...(run > 1 ? changedMessages(run, run - 1) : [])],
        sinks,
      );
    }
    const { to, target } = await targets[kind]();
    const load = () => startProgram(['load', archive, '--to', to], { cwd: inFolder() });
    let killed = 0;
    for (let round = 0; killed < kills; round++) {
      const { kill, ended } = load();
      const delayMs = 150 + Math.random() * 4000;
      const timer = setTimeout(() => kill('SIGKILL'), delayMs);
      const { code, stderr } = await ended;
      clearTimeout(timer);
      if (code === null) killed += 1;
      else expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
      // When all is loaded: what came since, and every third time a compaction.
      if (code !== 0) continue;
      const run = (await runsInDatabase(target)).length + 1;
      await publishRows(archive, newMessages(run, messagesPerRun), sinks);
      if (round % 3 === 0) await compactHere(archive, { keeps: 'latest' });
    }
    expect(await load().ended).toMatchObject({ code: 0 });
    await expectLoaded(archive, target, ['messages', 'mentions']);
    const runs = await runsInDatabase(target);
    expect(runs).toEqual(runs.map((_, at) => at + 1));
  });
});
