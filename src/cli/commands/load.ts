import { resolve } from 'node:path';
import { exitCodes } from '../../errors.ts';
import { count, counted } from '../../model/text/counted.ts';
import { replacedText } from '../report/afterwards/replaced-text.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { defineCommand } from '../command.ts';

export const load = defineCommand({
  name: 'load',
  usage: 'load <archive>',
  summary: 'Bring a database (PostgreSQL, SQLite, DuckDB) to what an archive holds',
  description: `Loads the tables of an archive into a database: for each link of its chain that the database does not hold yet one transaction, with all of its rows and a row of the table _runs that names the hash of the link's manifest. So the database holds whole runs, each once, however often this is called or killed. Rows that a compaction (--latest) or a purge took out of the archive leave the database, too.

It makes the tables, their indexes, a full-text index of the texts (not in DuckDB) and a view latest_… of the current rows of each table. Tables with these names must not be there yet: give the archive a database, or in PostgreSQL a schema, of its own. Changes nothing in the archive, and reads no file whose bytes are not what its manifest says.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    to: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe:
        'postgres://user@host/database, sqlite:FILE or duckdb:FILE. A password comes from PGPASSWORD or ~/.pgpass (PGPASSFILE), never from here',
    },
  },
  examples: [
    ['load output/nightly --to postgres://archive@db.example.com/chat', 'after each run: what is new'],
    ['load output/nightly --to sqlite:chat.db', 'a file with all of it'],
  ],
  notes: [
    'The drivers are not installed with this program: without one, the error says which to install. SQLite needs none on Node 22.13 and newer.',
    exitCodeTable([0, 2, 64, 69, 70, 73, 75, 77, 130, 143]),
  ],
  run: async ({ archive, to }, { processContext, log }) => {
    const { databaseTarget, refusePassword, resolvedTarget } = await import('../../model/run/database-target.ts');
    const { loadArchive } = await import('../../database/load/load-archive.ts');
    const target = refusePassword(databaseTarget(to));
    const { clock, process, isAlive } = processContext;
    log.status(() => `reading ${archive}`);
    const loaded = await loadArchive(resolve(processContext.cwd, archive), resolvedTarget(target, processContext.cwd), {
      clock,
      process,
      isAlive,
      signal: processContext.interruption(),
      onProgress: (run, rows) => log.status(() => `loading ${archive}: run ${run}, ${counted(rows, 'row')}`),
    });
    log.status(null);
    const { links, rows, replaced, newest } = loaded;
    if (replaced > 0) {
      log.warn(replacedText(archive, replaced), { archive, replaced });
    }
    log.info(
      links === 0
        ? `${archive}: nothing new, the database holds all ${count(newest)} runs`
        : `${archive}: loaded ${counted(rows, 'row')} of ${counted(links, 'run')}; the database holds all ${count(newest)}`,
      { archive, links, rows, newest },
    );
    return exitCodes.complete;
  },
});
