import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import type { Rebuild } from '../../../rebuild/rebuild-archive.ts';
import { defineCommand } from '../../command.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { size } from '../../report/amounts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';

export const rebuild = defineCommand({
  name: 'rebuild',
  usage: 'rebuild <archive>',
  summary: 'Make all tables once more from kept responses alone, and compare them with those of the runs',
  description: `Makes every file that the runs of an archive wrote once more, offline, from the server's responses that it keeps (_raw, of jobs with \`raw: keep\`) and its manifests; no table of the archive is read. Each file is compared byte for byte with what the manifest of its run says, also where compact has replaced it since: this shows that the tables hold what the server sent.

What was purged is gone from the responses, too: files of the runs before the purge lack it, and their rows are counted against those that the purge left. Files of messages (_files) are not made again, their table is.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    output: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'Folder to write; appears when it is whole, and must not exist or be empty',
    },
    job: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe:
        'A job file that has what no archive keeps: the key of pseudonymize, plug-ins with their options; may be repeated',
    },
    json: { type: 'boolean', describe: 'Print the result to stdout, as one JSON line' },
  },
  examples: [
    ['rebuild output/nightly --output rebuilt', 'all tables, as the runs wrote them'],
    ['rebuild output/nightly --output rebuilt --job jobs/nightly.yaml', 'where the job has plug-ins'],
  ],
  notes: [
    exitCodeTable([0, 2, 64, 70, 73, 78, 130, 143]),
    'Exit code 2 says that a file differs from what its run wrote; what was made is kept for comparison. Compressed files and Parquet depend on the compressor of Node.js: compare under the version that ran the job.',
  ],
  interrupted: { outcome: 'nothing was written' },
  run: async ({ archive, output, job: paths = [], json }, context) => {
    const { processContext, log, quiet } = context;
    const { loadJob } = await import('../../../job/load-job.ts');
    const { rebuildArchive } = await import('../../../rebuild/rebuild-archive.ts');
    const { env, cwd } = processContext;
    const jobs = await Promise.all(paths.map((path) => loadJob(path, env, cwd, context.onOutsideValue)));
    const rebuilt = await rebuildArchive(resolve(cwd, archive), resolve(cwd, output), {
      jobs,
      signal: processContext.interruption(),
      onProgress: ({ run, runs }) =>
        log.status(() => `rebuilding ${archive}: ${count(run)} of ${counted(runs, 'run')}`),
    });
    log.status(null);
    if (json === true) processContext.stdout.write(`${JSON.stringify(rebuilt)}\n`);
    else if (!quiet) context.print(rebuildReport(output, rebuilt));
    for (const { path, problem, expected, actual } of rebuilt.differences) {
      log.warn(`${path} differs (${problem}): expected ${expected}, found ${actual}`, { path, problem });
    }
    return rebuilt.differences.length > 0 ? exitCodes.difference : exitCodes.complete;
  },
});

function rebuildReport(output: string, rebuilt: Rebuild): string {
  const { runs, files, bytes, equal, purged, copied, unmade, differences } = rebuilt;
  return [
    `${output}: ${counted(files, 'file')} of ${counted(runs, 'run')} made once more, ${size(bytes)}`,
    `${count(equal)} equal byte for byte to what the runs wrote`,
    ...(purged.length === 0 ? [] : [`${count(purged.length)} without what was purged since, their rows counted`]),
    ...(copied.length === 0
      ? []
      : [
          `${count(copied.length)} with rows of earlier runs, which the run copied from files that were rewritten before`,
        ]),
    ...(unmade.length === 0
      ? []
      : [
          `${counted(unmade.length, 'file')} more of those runs not made: purged, or their rows lie in others, cut otherwise`,
        ]),
    ...(differences.length === 0 ? [] : [counted(differences.length, 'difference')]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
