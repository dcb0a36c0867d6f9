import { exitCodes, InterruptedError } from '../../errors.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { loginVariables } from '../report/help-texts.ts';
import { loadJobs } from '../arguments/load-jobs.ts';
import { printFailed } from '../result/print-result.ts';
import { runOneJob } from '../run-one-job.ts';
import { expectBoth, openNamedQueue, queueOptions } from '../queue/queue-options.ts';
import type { Workers } from '../../environment.ts';
import { defineCommand, type Context } from '../command.ts';

export const run = defineCommand({
  name: 'run',
  usage: 'run <job..>',
  summary: 'Run job files: read what is new, publish it to their archives',
  description: `Runs jobs one after the other. The first run of a job reads everything, later ones what is new or changed since; a run that was cut short (signal, crash, power cut) is resumed where it stopped.

Nothing appears in an archive before it is whole. A job that fails does not stop the others.`,
  positionals: {
    job: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Job files (YAML); docs/job-file.md explains every key',
    },
  },
  options: {
    'every-room': {
      type: 'boolean',
      describe: 'Ask every room for edits and reactions, even those that the room list shows as unchanged',
    },
    json: {
      type: 'boolean',
      describe: 'Print what each job came to, one line of JSON per job, also when it fails; see "schema run"',
    },
    ...queueOptions,
  },
  examples: [
    ['run jobs/nightly-archive.yaml', 'one job'],
    ['run jobs/nightly-archive.yaml --every-room', 'before an audit: nothing is left to a later run'],
    ['run jobs/nightly-archive.yaml --queue redis://queue.example.com --spool /mnt/spool', 'with workers'],
    ['run jobs/*.yaml --json --log-format json', 'all of them, for a scheduler'],
  ],
  notes: [
    loginVariables,
    exitCodeTable([0, 1, 64, 69, 70, 73, 75, 77, 78, 130, 143]),
    'With several jobs, the exit code is the highest of theirs.',
  ],
  run: async ({ job: paths, json, everyRoom, queue, spool }, context) => {
    const both = queue === undefined && spool === undefined ? undefined : expectBoth(queue, spool);
    let worst: number = exitCodes.complete;
    const jobs = await loadJobs(paths, context, async ({ path, code, error }) => {
      worst = Math.max(worst, code);
      if (json === true)
        await printFailed({ name: path, output: null }, error, context, context.processContext.clock.now());
    });
    const shared =
      both &&
      (await openWorkers(both, context).catch(async (error: unknown) => {
        const startedMs = context.processContext.clock.now();
        if (json === true) for (const job of jobs) await printFailed(job, error, context, startedMs);
        throw error;
      }));
    for (const job of jobs) {
      try {
        const workers = shared?.workersOf(job.server.url);
        const flags = { json: json === true, everyRoom: everyRoom === true, workers };
        worst = Math.max(worst, await runOneJob(job, flags, context));
      } catch (error) {
        if (error instanceof InterruptedError) throw error;
        worst = Math.max(worst, context.fail(error));
      }
    }
    await shared?.close();
    return worst;
  },
});

interface SharedWorkers {
  /** @param url address of the server that they read from */
  workersOf(url: string): Workers;
  close(): Promise<void>;
}

async function openWorkers(both: ReturnType<typeof expectBoth>, context: Context): Promise<SharedWorkers> {
  const opened = await openNamedQueue(both, context);
  const { redisWorkers } = await import('../../queue/redis/redis-workers.ts');
  const { clock, random } = context.processContext;
  return { workersOf: (url) => redisWorkers({ ...opened, clock, random }, url), close: opened.close };
}
