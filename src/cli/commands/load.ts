import { resolve } from 'node:path';
import { exitCodes } from '../../errors.ts';
import { counted } from '../../model/text/counted.ts';
import type { LoadedArchive } from '../../database/load/load-archive.ts';
import { archivesHelp } from '../report/help-texts.ts';
import { replacedText } from '../report/afterwards/replaced-text.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { defineCommand } from '../command.ts';

export const load = defineCommand({
  name: 'load',
  usage: 'load <archive..>',
  summary: 'Bring a database (PostgreSQL, SQLite, DuckDB) to what an archive holds',
  description: `Loads the tables of an archive into a database: for each link of its chain that the database does not hold yet one transaction, with all of its rows and a row of the table _runs that names the hash of the link's manifest. So the database holds whole runs, each once, however often this is called or killed. Rows that a compaction (--latest) or a purge took out of the archive leave the database, too.

It makes the tables, their indexes, a full-text index of the texts (not in DuckDB) and a view latest_… of the current rows of each table. Tables with these names must not be there yet: give the archive a database, or in PostgreSQL a schema, of its own. Changes nothing in the archive, and reads no file whose bytes are not what its manifest says.

Several archives of one workspace, its shards, go into one database: every table has a column archive, and the views show of what several have the rows of the run that was finished last. A shard by itself is loaded so, too, and joins those that are there.`,
  positionals: {
    archive: { type: 'string', array: true, demandOption: true, describe: archivesHelp },
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
    ['load output/shard-* --to postgres://archive@db.example.com/chat', 'the shards of a workspace as one'],
  ],
  notes: [
    'The drivers are not installed with this program: without one, the error says which to install. SQLite needs none on Node 22.13 and newer.',
    exitCodeTable([0, 2, 64, 69, 70, 73, 75, 77, 130, 143]),
  ],
  interrupted: { outcome: 'runs that are loaded stay', hint: 'Run the same command again: it loads the rest' },
  run: async ({ archive: archives, to }, { processContext, log }) => {
    const { databaseTarget, refusePassword, resolvedTarget } = await import('../../model/run/database-target.ts');
    const { loadArchive } = await import('../../database/load/load-archive.ts');
    const target = resolvedTarget(refusePassword(databaseTarget(to)), processContext.cwd);
    const { clock, process, isAlive } = processContext;
    const signal = processContext.interruption();
    let current = archives[0] ?? '';
    const onProgress = (run: number, rows: number): void =>
      log.status(() => `loading ${current}: run ${run}, ${counted(rows, 'row')}`);
    const options = { clock, process, isAlive, signal, onProgress };
    log.status(() => `reading ${archives.join(', ')}`);
    const onLoaded = (at: number, { links, rows, replaced, newest }: LoadedArchive): void => {
      const archive = archives[at] ?? '';
      current = archives[at + 1] ?? '';
      log.status(null);
      if (replaced > 0) log.warn(replacedText(archive, replaced), { archive, replaced });
      log.info(
        links === 0
          ? `${archive}: nothing new, the database holds all ${counted(newest, 'run')}`
          : `${archive}: loaded ${counted(rows, 'row')} of ${counted(links, 'run')}; the database holds all ${counted(newest, 'run')}`,
        { archive, links, rows, newest },
      );
    };
    const folders = archives.map((archive) => resolve(processContext.cwd, archive));
    const [folder = '', ...others] = folders;
    const load = async (): Promise<void> => {
      if (others.length === 0) {
        onLoaded(0, await loadArchive(folder, target, options));
        return;
      }
      const { loadArchives } = await import('../../database/load/load-archives.ts');
      await loadArchives(folders, target, { ...options, onLoaded, onNote: (note) => log.warn(note) });
    };
    await load();
    return exitCodes.complete;
  },
});
