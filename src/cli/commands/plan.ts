import { minuteMs } from '../../model/time/durations.ts';
import { exitCodes } from '../../errors.ts';
import { shardNote } from '../../plan/shard/shard-note.ts';
import type { JobPlan } from '../../preview/plan-job.ts';
import { count, counted } from '../../model/text/counted.ts';
import { duration } from '../report/amounts.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { filesAheadText } from '../report/files-ahead-text.ts';
import { loginVariables } from '../report/help-texts.ts';
import { textTable } from '../report/text/text-table.ts';
import { wrapped } from '../report/text/wrapped-lines.ts';
import { defineCommand } from '../command.ts';
import { withConnection } from '../with-connection.ts';

export const plan = defineCommand({
  name: 'plan',
  usage: 'plan <job>',
  summary: 'Estimate what a run would read and how long the rate limit makes it, with a handful of requests',
  description: `Connects, lists the rooms and chooses what the next run of the job would read, as the run does: from where the archive stands or, when a run was cut short, what is left of it. Then it estimates messages, requests, and minutes at the server's rate limit.

Writes nothing and takes no lock: it can be used while a run is active. Message counts come from the room list; where it has none, the five largest rooms of each endpoint are asked for theirs and the rest inferred (marked ~). Minutes are what the limit imposes: endpoints wait in parallel, so the slowest decides. Network time and rooms that change meanwhile come on top.`,
  positionals: {
    job: { type: 'string', demandOption: true, describe: 'A job file (YAML); docs/job-file.md explains every key' },
  },
  options: {
    json: { type: 'boolean', describe: 'Print the plan to stdout as JSON: entries, lists, totals, limits' },
  },
  examples: [
    ['plan jobs/nightly-archive.yaml', 'before the first run: will it take minutes or days?'],
    ['plan jobs/nightly-archive.yaml --json | jq .total.minutes', 'the same for a script'],
  ],
  notes: [loginVariables, exitCodeTable([0, 64, 69, 70, 73, 75, 77, 78, 130, 143])],
  run: async ({ job: path, json }, context) => {
    const { processContext } = context;
    const { loadJob } = await import('../../job/load-job.ts');
    const { planJob } = await import('../../preview/plan-job.ts');
    const job = await loadJob(path, processContext.env, processContext.cwd, context.onOutsideValue);
    const planned = await withConnection(job.server, context, (connection) => planJob(job, connection));
    if (json === true) processContext.stdout.write(`${JSON.stringify(planned, null, 2)}\n`);
    else context.print(toText(planned, processContext.stdout.columns));
    return exitCodes.complete;
  },
});

function toText(planned: JobPlan, width: number | null): string {
  const { job, server, run, resumed, entries, total } = planned;
  const { url, version, user } = server;
  const right = 'right' as const;
  return [
    `${wrapped(`${job}: ${url}, Rocket.Chat ${version ?? 'of an unknown version'}, as ${user.username}`, width)}\n`,
    resumed
      ? `run ${run} is not finished (cut short, or at work): this is what is left of it\n`
      : `run ${run} would begin\n`,
    '\n',
    textTable(
      [
        ...[{ title: 'entry' }, { title: 'endpoint' }, { title: 'rooms', align: right }],
        ...[
          { title: 'new', align: right },
          { title: 'messages', align: right },
        ],
        ...[
          { title: 'requests', align: right },
          { title: 'minutes', align: right },
        ],
      ],
      [...entries, { ...total, entry: null, endpoint: 'total' }].map((line) => cells(line)),
      width,
    ),
    '\n',
    ...[...limitLines(planned), ...basisLines(planned)].map((line) => `${wrapped(line.trimEnd(), width)}\n`),
  ].join('');
}

function cells({
  entry,
  endpoint,
  rooms,
  newRooms,
  messages,
  requests,
  minutes,
  extrapolated,
}: JobPlan['entries'][number]): string[] {
  const about = extrapolated > 0 ? '~' : '';
  const isRead = rooms > 0;
  return [
    entry === null ? '' : entry.map((room) => JSON.stringify(room)).join(' '),
    endpoint,
    isRead ? count(rooms) : '',
    isRead ? count(newRooms) : '',
    isRead ? about + count(messages) : '',
    about + count(requests),
    minutesText(minutes),
  ];
}

function minutesText(minutes: number | null): string {
  return minutes === null ? '?' : minutes.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function limitLines({ total, slowest, limit, maxWaitMinutes }: JobPlan): readonly string[] {
  if (limit === null) return ['The server reports no rate limit: how long it takes depends on it and the network.\n'];
  const rule = `${count(limit.calls)} calls in ${duration(limit.windowMs)}`;
  const minutes = total.minutes ?? 0;
  if (slowest === null) return [`No endpoint is asked beyond the server's limit (${rule}): nothing has to wait.\n`];
  const stops = maxWaitMinutes !== null && minutes > maxWaitMinutes;
  return [
    `${slowest} decides: at the server's limit (${rule}) the run waits ${duration(minutes * minuteMs)}.\n`,
    ...(stops
      ? [
          `It may wait ${duration(maxWaitMinutes * minuteMs)} (maxWait): it will stop with exit code 75, and later runs resume.\n`,
        ]
      : []),
  ];
}

function basisLines({ page, asked, total, advice, completes, files, shard }: JobPlan): readonly string[] {
  const made = Object.values(asked).reduce((sum, requests) => sum + requests, 0);
  const source = page.assumed ? 'assumed: no list is long enough to show it' : 'as the server gives them';
  const fewer =
    page.asked.length === 0
      ? ''
      : `, but of ${page.asked.map((rows) => count(rows)).join(' or ')} where the job says pageSize: without it, longer lists take fewer requests`;
  return [
    `Pages of ${counted(page.rows, 'row')} at most (${source})${fewer}. This plan took ${counted(made, 'request')}.\n`,
    ...(total.extrapolated > 0
      ? [`~ The length of ${counted(total.extrapolated, 'list')} is inferred from others of the same endpoint.\n`]
      : []),
    ...(files === null ? [] : [`${filesAheadText(files)}\n`]),
    ...(shard === undefined ? [] : [`${shardNote(shard)}\n`]),
    ...(advice === null ? [] : [`${advice}\n`]),
    ...completes.map((sentence) => `${sentence}\n`),
    ...(total.refused > 0
      ? [`${counted(total.refused, 'room')} cannot be read and would be a gap: "check" says which.\n`]
      : []),
  ];
}
