import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError, UsageError } from '../errors.ts';
import type { ExportFlags } from '../job/job-from-flags.ts';
import type { Context } from './command.ts';
import { runAndFollow, warnOfGaps } from './run-and-follow.ts';
import { StdoutClosed, stdoutDisk } from './stdout-disk.ts';

/**
 * Exports one table into an archive for the time of the command, writes its rows to stdout, and nothing else, and removes
 * the archive, whatever happens. What follows is read by another program: rows come when everything was read, so that of a
 * run that fails there are none.
 *
 * @returns the exit code of the run: complete, or with gaps
 * @throws UsageError for what is no one table of one text format; ExportError of a run that did not come to its end
 */
export async function exportToStdout(flags: ExportFlags, context: Context): Promise<number> {
  const { processContext } = context;
  const table = only('--tables', flags.tables, 'messages');
  const format = only('--format', flags.format, 'jsonl');
  if (format !== 'jsonl' && format !== 'csv') {
    throw new UsageError(`Cannot write ${format} to stdout`, { hint: 'Give --format jsonl or csv, or name a folder' });
  }
  const [needless] = (['compression', 'raw', 'attachments'] as const).filter(
    (name) => flags[name] !== undefined && flags[name] !== 'none',
  );
  if (needless !== undefined) {
    throw new UsageError(`Cannot use --${needless} with --output -: no file is kept`, {
      hint: needless === 'compression' ? 'Compress what is printed: … | gzip' : 'Name a folder for the archive',
    });
  }
  const unique = `${processContext.process.pid}-${Math.floor(processContext.random() * 1e12)}`;
  const archive = join(tmpdir(), `rocketchat-export-${unique}`);
  const [{ jobFromFlags }, { createSink }, { nodeDisk }, { copyRows }, { currentTable, currentTableNames }] =
    await Promise.all([
      import('../job/job-from-flags.ts'),
      import('../sinks/sinks.ts'),
      import('../system/disk.ts'),
      import('../snapshot/write-current-table.ts'),
      import('../snapshot/current-table.ts'),
    ]);
  const job = jobFromFlags(
    { ...flags, tables: [table], format: [format], output: archive },
    processContext.env,
    processContext.cwd,
  );
  const name = currentTableNames.find((known) => known === table);
  if (name === undefined) throw new UsageError(`Unknown table "${table}"`);
  try {
    const done = await runAndFollow(job, context);
    warnOfGaps(done, job, context.log);
    const sink = createSink({ format }, stdoutDisk(nodeDisk, processContext.stdout));
    await copyRows(sink, await currentTable(nodeDisk, archive, name), 'stdout', {}).catch((error: unknown) => {
      if (!(error instanceof StdoutClosed)) throw error;
    });
    if (done.error instanceof InterruptedError) throw done.error;
    return done.error === undefined ? done.exitCode : context.fail(done.error);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError(error.signal, 'nothing is kept', 'Name a folder, --output output/export, to resume');
  } finally {
    await nodeDisk.remove(archive);
  }
}

function only(flag: string, words: readonly string[] | undefined, usual: string): string {
  const [word = usual, ...others] = new Set(words ?? []);
  if (others.length === 0) return word;
  throw new UsageError(`Cannot write ${others.length + 1} of ${flag} to stdout, expected one`, {
    hint: 'Name a folder to write all of them to: --output output/export',
  });
}
