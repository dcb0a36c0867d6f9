import { z } from 'zod';
import { attachmentsSchema } from './attachments-schema.ts';
import { durationPattern } from './duration.ts';
import { tableOf } from '../../endpoints/entry-endpoints.ts';
import { extractSchema } from './extract-schema.ts';
import { defaultRowsPerFile, partitions } from '../job.ts';
import { loadSchema } from './afterwards/load-schema.ts';
import { pushSchema } from './afterwards/push-schema.ts';
import { notifySchema } from './afterwards/notify-schema.ts';
import { holdSchema } from './evidence/hold-schema.ts';
import { retentionSchema } from './evidence/retention-schema.ts';
import { filesTableName, tableNames } from '../../model/table-name.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { scheduleProblem } from './schedule-problem.ts';
import { serverSchema } from './server-schema.ts';
import { signSchema } from './evidence/sign-schema.ts';
import { shardSchema } from './shard-schema.ts';
import { sinksSchema } from './sinks-schema.ts';
import { stepsSchema } from './steps-schema.ts';
import { timezoneProblem } from './timezone-problem.ts';

const name = z
  .string()
  .max(100)
  .regex(/^(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f]+$/, 'expected a name without "/", "\\" and control characters')
  .meta({
    title: 'Name of the job',
    description:
      "Stands in manifests and logs, and in the default of `output`. Default: the file's name without ending.",
    examples: ['nightly'],
  });

const transform = z
  .strictObject({
    tables: z
      .array(z.enum(tableNames).exclude([filesTableName]))
      .min(1)
      .superRefine((tables, context) => {
        tables.forEach((table, index) => {
          if (tables.indexOf(table) === index) return;
          context.addIssue({ code: 'custom', path: [index], message: 'expected each table once' });
        });
      })
      .exactOptional()
      .meta({
        title: 'Tables to write',
        description:
          'messages and mentioned_messages have one row per message; mentions, reactions, attachments and links one row per element; message_versions one row per earlier version of an edited message; rooms one row per room; users one row per user; room_members one row per room and member. Default: messages, mentioned_messages or both, as the endpoints of `extract` fill them.',
        examples: [['messages', 'mentions', 'reactions']],
      }),
    md: z
      .literal('json')
      .meta({
        title: 'Keep the parsed Markdown',
        description:
          '`json` keeps the tree the server parsed (`md`) as a column: it is most of every file. Default: left out, its text, links and emoji are columns anyway.',
      })
      .exactOptional(),
    steps: stepsSchema.exactOptional(),
  })
  .meta({ title: 'Which tables to make', description: 'What to make of the messages.' });

/**
 * What a job file may say, with server-schema.ts, extract-schema.ts, steps-schema.ts and sinks-schema.ts: a key is added in its section and
 * nowhere else. Errors, the "did you mean", the JSON Schema for editors
 * and the flags of `export` all follow from it; a test asks docs/job-file.md to explain the key.
 *
 * Structure and the rules of one value only, and no transforms: resolve-job.ts makes the Job. Messages say what was
 * expected and never quote the value: whether it may be shown is decided where the problem is reported.
 */
export const jobSchema = z
  .strictObject({
    name,
    server: serverSchema,
    extract: extractSchema,
    shard: shardSchema.exactOptional(),
    transform: transform.prefault({}),
    sinks: sinksSchema,
    partition: z
      .enum(partitions)
      .meta({
        title: 'Folders of a table',
        description:
          'Hive style: month makes messages/month=2026-11/ (of ts, in UTC), room makes messages/room=<id>/. Readers take it as a column. Choose it before the first run.',
        default: 'none',
      })
      .exactOptional(),
    rowsPerFile: z
      .int()
      .min(1)
      .max(100_000_000)
      .meta({
        title: 'Rows of a file',
        description: 'After so many a table continues in another file: run-000001-0002.',
        default: defaultRowsPerFile,
      })
      .exactOptional(),
    output: z
      .string()
      .min(1)
      // No shell reads this: the files would go to a folder named "~".
      .regex(/^(?!~(\/|$))[^\u0000]*$/, 'expected a path, "~" is not your home folder here: write the whole path')
      .meta({
        title: 'Folder of the archive',
        description: 'Relative to the folder the command runs in. One folder per job. Default: `output/` and the name.',
        examples: ['output/nightly', '${HOME}/archive'],
      }),
    concurrency: z
      .int()
      .min(1)
      .max(16)
      .default(4)
      .meta({ title: 'Requests in flight', description: 'At the same time, over all rooms.' }),
    maxWait: z
      .string()
      .regex(durationPattern, 'expected a duration such as 90s, 30m, 2h or 1h30m')
      .meta({
        title: 'How long a run may wait for the rate limit',
        description:
          'In total; then it stops with exit code 75, progress saved, and the next run resumes. Default: as long as it takes.',
        examples: ['30m', '2h'],
      })
      .exactOptional(),
    lookback: z
      .string()
      .regex(durationPattern, 'expected a duration such as 12h, 7d or 30d')
      .meta({
        title: 'Silence after which a room is asked for edits all the same',
        description:
          'The room list shows new and deleted messages, but no edit or reaction further up. A room in which nothing else happens is asked for those this long after its last message, then after twice as long, and so on. Where the server refuses chat.syncMessages, a run reads the messages of this time once more instead. Default: 7d.',
        examples: ['7d', '30d'],
      })
      .exactOptional(),
    schedule: z
      .string()
      .check((context) => {
        const message = scheduleProblem(context.value);
        if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
      })
      .meta({
        title: 'When `schedule` runs the job',
        description: 'A cron expression: minute, hour, day of month, month, day of week. Other commands ignore it.',
        examples: ['15 2 * * *', '@daily'],
      })
      .exactOptional(),
    timezone: z
      .string()
      .check((context) => {
        const message = timezoneProblem(context.value);
        if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
      })
      .meta({
        title: 'Time zone of `schedule`, of the transcript and of the report',
        description:
          "An IANA name. Summer time neither skips nor doubles a daily run. Default: the machine's; of transcript and report UTC.",
        examples: ['Europe/Berlin', 'UTC'],
      })
      .exactOptional(),
    transcript: z
      .literal(true)
      .meta({
        title: 'Keep a transcript',
        description:
          'true keeps pages that people read under `_view/transcript` of the archive, brought up to date after each run, with the days of `timezone` (default: UTC). They are no part of what manifests vouch for.',
      })
      .exactOptional(),
    report: z
      .literal(true)
      .meta({
        title: 'Keep a report',
        description:
          'true keeps a page of figures and pictures about the archive as `_view/report.html`, made anew after each run, with the days of `timezone` (default: UTC). It is no part of what manifests vouch for.',
      })
      .exactOptional(),
    load: loadSchema.exactOptional(),
    push: pushSchema.exactOptional(),
    backfill: z
      .literal(true)
      .meta({
        title: 'Fill what earlier runs lack',
        description:
          'Writes all current rows anew, once, where rows of earlier runs lack columns, messages or formats that the job has now and that cannot be copied within the archive: from the responses under `_raw` where every run kept them, else by reading every room again.',
      })
      .exactOptional(),
    raw: z
      .literal('keep')
      .meta({
        title: "Keep the server's answers",
        description:
          'Keeps them verbatim under `_raw/` of the archive, as evidence. Default: removed when a run is done.',
      })
      .exactOptional(),
    attachments: attachmentsSchema.exactOptional(),
    sign: signSchema.exactOptional(),
    hold: holdSchema.exactOptional(),
    retention: retentionSchema.exactOptional(),
    notify: notifySchema.exactOptional(),
  })
  .superRefine(({ retention, extract, sinks, transform: { steps = [], tables } }, context) => {
    if (retention === undefined) return;
    const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['retention'], message });
    const needed = ['message_id', 'ts'].find((name) => steps.some(({ dropColumns }) => dropColumns?.includes(name)));
    if (needed !== undefined)
      refuse(`which needs the column "${needed}" that "dropColumns" takes out, expected one of the two`);
    const unmade = extract
      .map((entry) => tableOf(omitUndefined(entry)))
      .find((table) => tables?.includes(table) === false);
    if (unmade !== undefined)
      refuse(`which needs the table "${unmade}" to see what is old, expected it among "transform.tables"`);
    if (sinks.some((sink) => 'use' in sink))
      refuse('which cannot write files of a plug-in again, expected one of the two');
  })
  .superRefine(({ raw, attachments, transform: { steps = [] } }, context) => {
    if (!steps.some((step) => step.pseudonymize !== undefined)) return;
    const message = 'which keeps the names that "pseudonymize" takes out, expected one of the two';
    if (raw !== undefined) context.addIssue({ code: 'custom', path: ['raw'], message });
    // Nobody can take a name or a face out of a picture.
    if (attachments !== undefined) context.addIssue({ code: 'custom', path: ['attachments'], message });
  })
  .meta({
    title: 'Job of rocketchat-export',
    description: 'What to read from a Rocket.Chat workspace and where to write it.',
  });

/** A job as a file says it, `name`, `server` and `output` filled in. */
export type JobFile = z.infer<typeof jobSchema>;
