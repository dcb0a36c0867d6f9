import { resolve } from 'node:path';
import { exitCodes, UsageError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { defaultRunsAtOnce } from '../../schedule/scheduled-job.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { loginVariables } from '../report/help-texts.ts';
import { loadJobs } from '../arguments/load-jobs.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import { keepSchedule } from '../keep-schedule.ts';
import { defineCommand } from '../command.ts';

/** More wait for each other: for the cores, the disk, the rate limit. */
const mostAtOnce = 64;

export const schedule = defineCommand({
  name: 'schedule',
  usage: 'schedule <job..>',
  summary: 'Stay up and run jobs at the times their files name',
  description: `Runs each job when its "schedule:" says (cron expression, in its "timezone:" or the machine's), until a signal ends it. A job that is still running when it is due again is skipped, one that fails does not stop the others; both are logged. Of jobs of different archives two run at the same time (--at-once); the others wait for their turn, and servers take turns.

Runs missed while the program was down are not made up: the next run reads everything that is new anyway. What came due while the machine slept runs once, when it wakes. Job files are read once, at the start.

The first signal ends the active runs in order, with their progress saved (exit code 130 or 143), and ends the command at once with 0 when no run is active; a second one ends it immediately. --health-file and --listen are for monitoring.`,
  positionals: {
    job: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Job files (YAML), each with a "schedule:"; docs/job-file.md explains every key',
    },
  },
  options: {
    'health-file': {
      type: 'string',
      requiresArg: true,
      describe:
        'Keep a JSON file with the last start, end, exit code, next run and failures in a row of each job; replaced atomically',
    },
    'at-once': {
      type: 'string',
      requiresArg: true,
      describe: `Runs at the same time, each of which takes a core and some hundred megabytes; default: ${defaultRunsAtOnce}`,
    },
    listen: {
      type: 'string',
      requiresArg: true,
      describe:
        'Serve http://127.0.0.1:<port>/healthz (503 while the last run of a job failed) and /metrics (Prometheus); 0: any free port',
    },
    json: {
      type: 'boolean',
      describe: 'Print what each run came to, one line of JSON per run, also when it fails; see "schema run"',
    },
  },
  examples: [
    ['schedule jobs/nightly-archive.yaml', 'one job, until Ctrl-C'],
    ['schedule jobs/nightly-archive.yaml --listen 9464 --health-file /run/rocketchat.json', 'a service'],
  ],
  notes: [
    loginVariables,
    exitCodeTable([0, 64, 70, 73, 78, 130, 143]),
    'Exit code 0: a signal came while no run was active, or no job is ever due again. What a run ended with is in the log, the health file and the metrics, as one of the exit codes of the command run.',
  ],
  run: async ({ job: paths, healthFile, listen, atOnce, json }, context) => {
    const port = listen === undefined ? undefined : portOf(listen);
    const runsAtOnce = wholeNumber('--at-once', atOnce, { least: 1, most: mostAtOnce, command: 'schedule' });
    let worst: number = exitCodes.complete;
    const jobs = await loadJobs(paths, context, ({ code }) => {
      worst = Math.max(worst, code);
    });
    const { scheduleProblems } = await import('../../schedule/schedule-problems.ts');
    for (const problem of scheduleProblems(jobs)) worst = Math.max(worst, context.fail(problem));
    if (worst !== exitCodes.complete) return worst;

    await keepSchedule(jobs, context, {
      json: json === true,
      ...(healthFile !== undefined && { healthFile: resolve(context.processContext.cwd, healthFile) }),
      ...omitUndefined({ port, atOnce: runsAtOnce }),
    });
    return exitCodes.complete;
  },
});

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`Cannot listen on port "${text}", expected a number from 0 to 65535`, {
    hint: 'Such as --listen 9464; the address is always 127.0.0.1',
  });
}
