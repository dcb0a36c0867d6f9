import { filesTableName, tableNames } from '../../model/table-name.ts';
import { roomEndpoints } from '../../endpoints/endpoints.ts';
import { UsageError } from '../../errors.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { loginVariables } from '../report/help-texts.ts';
import { runOneJob } from '../run-one-job.ts';
import { defineCommand } from '../command.ts';
import { expectNoPassword } from '../arguments/expect-no-password.ts';

export const exportCommand = defineCommand({
  name: 'export',
  usage: 'export',
  summary: 'Export rooms without a job file: the same run, described by options',
  description: `Does what a job file with the same content would do: the first run into an output folder reads everything, the next one with the same options what is new or changed since.

There is no option for a token or a password: a command line can be read by every user of the machine.`,
  positionals: {},
  options: {
    url: { type: 'string', requiresArg: true, describe: 'Address of the workspace; default: ROCKETCHAT_URL' },
    rooms: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe:
        "Ids, names or globs ('ops-*') of rooms, separated by spaces; '!name' excludes; '*' is every room this login can see",
    },
    endpoint: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: `Only ${roomEndpoints.map(({ name, roomsRead }) => `${roomsRead} (${name})`).join(', ')}; default: rooms of every kind. chat.getMentionedMessages: the messages that mention you`,
    },
    scope: {
      type: 'string',
      requiresArg: true,
      describe:
        'readable: also public channels that the login has not joined, and discussions of rooms that it can read; default: joined',
    },
    since: {
      type: 'string',
      requiresArg: true,
      describe: 'Only messages sent then or later: a date (UTC) or a time with its zone; older ones are not asked for',
    },
    until: {
      type: 'string',
      requiresArg: true,
      describe: 'Only messages sent before then; newer ones are not asked for',
    },
    'mention-ids': {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only messages that mention one of these user ids, all or here; not with chat.getMentionedMessages',
    },
    'starred-ids': {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only messages that one of these user ids starred; not with chat.getMentionedMessages',
    },
    pinned: { type: 'boolean', describe: 'Only pinned messages; not with chat.getMentionedMessages' },
    tables: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: `${tableNames.filter((name) => name !== filesTableName).join(', ')}; default: the first or the second, or both, as --endpoint fills them; see the command schema`,
    },
    md: { type: 'string', requiresArg: true, describe: 'json: keep the Markdown tree as a column; default: left out' },
    format: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'parquet (default), csv, jsonl; every table is written in each',
    },
    compression: {
      type: 'string',
      requiresArg: true,
      describe: 'Of every format: none, gzip, zstd, for parquet also snappy; default: zstd for parquet, else none',
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe:
        'Folder of the archive; default: output/<name>. -: print the rows of one table as jsonl or csv, and keep no archive',
    },
    name: { type: 'string', requiresArg: true, describe: 'Name of the job, in manifests and logs; default: export' },
    'page-size': {
      type: 'string',
      requiresArg: true,
      describe: 'Messages asked for in one request, 1 to 10000; default: the most the server gives',
    },
    concurrency: { type: 'string', requiresArg: true, describe: 'Requests in flight, 1 to 16; default: 4' },
    'max-wait': {
      type: 'string',
      requiresArg: true,
      describe:
        'Longest wait for the rate limit in total (90s, 30m, 2h), then exit code 75; default: as long as it takes',
    },
    attachments: {
      type: 'string',
      requiresArg: true,
      describe:
        'download: save the files of messages under _files/, listed in the table files; default: left on the server',
    },
    raw: {
      type: 'string',
      requiresArg: true,
      describe: "keep: keep the server's responses under _raw/; default: they are removed",
    },
    json: {
      type: 'boolean',
      describe: 'Print what the run came to as one line of JSON, also when it fails; see "schema run"',
    },
  },
  examples: [
    ["export --rooms 'ops-*' '!ops-noise' --output output/ops", 'some rooms, as Parquet'],
    ["export --rooms '*' --endpoint groups.messages", 'every private group'],
    ["export --rooms '*' --since 2026-01-01 --until 2026-02-01", 'the messages of a month'],
    [
      "export --rooms '*' --format csv jsonl --tables messages reactions",
      'every room, whatever its kind: two tables, two formats',
    ],
    ['export --rooms general --output - | jq -r .text', 'one table to stdout, as JSON Lines: nothing is kept'],
  ],
  notes: [loginVariables, exitCodeTable([0, 1, 64, 69, 70, 73, 75, 77, 78, 130, 143])],
  run: async ({ json, concurrency, pageSize, ...flags }, context) => {
    expectNoPassword(flags.url);
    const { jobFromFlags } = await import('../../job/job-from-flags.ts');
    const numbers = omitUndefined({ concurrency: numberOrText(concurrency), pageSize: numberOrText(pageSize) });
    const lists = omitUndefined({
      endpoint: separated(flags.endpoint),
      tables: separated(flags.tables),
      format: separated(flags.format),
      mentionIds: separated(flags.mentionIds),
      starredIds: separated(flags.starredIds),
    });
    const given = { ...omitUndefined(flags), ...lists, ...numbers };
    if (flags.output === '-') {
      if (json === true) {
        throw new UsageError('Cannot use --json with --output -: stdout is for the rows', {
          hint: 'Leave one of them out',
        });
      }
      const { exportToStdout } = await import('../export-to-stdout.ts');
      return exportToStdout(given, context);
    }
    const job = jobFromFlags(given, context.processContext.env, context.processContext.cwd);
    return runOneJob(job, { json: json === true }, context);
  },
});

/** `csv,jsonl` is two words as well: no name of a format, table or endpoint and no id holds a comma, as names of rooms may. */
function separated(words: readonly string[] | undefined): readonly string[] | undefined {
  return words?.flatMap((word) => word.split(',')).filter((word) => word !== '');
}

/** As typed where it is no whole number: the schema of jobs shows it, and says what was expected. */
function numberOrText(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
