import { resolve } from 'node:path';
import { exitCodes, UsageError } from '../../../errors.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { size } from '../../report/amounts.ts';
import { archivesHelp } from '../../report/help-texts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { defineCommand } from '../../command.ts';

const mostContext = 1_000;

export const transcript = defineCommand({
  name: 'transcript',
  usage: 'transcript <archive..>',
  summary: 'Write an archive as pages that people read: rooms by month, threads, versions, deletions',
  description: `Makes HTML pages of an archive, offline and from the archive alone: START-HERE.html says what it is and how to check it, each room has a page per month, each thread one of its own. Every message has its author, its time in UTC and in the zone, a number that never changes and a place that can be linked to; edits are shown version by version, deleted messages struck through, with all that the archive knows. No page loads anything from outside its folder, and only search.html has a script.

The archive is not changed, and no file is read whose bytes are not what its manifest says. The same archive gives the same pages, byte for byte.

Several archives that are shards of one workspace make one transcript: their rooms, one search, and numbers that are the same in every such transcript.`,
  positionals: {
    archive: { type: 'string', array: true, demandOption: true, describe: archivesHelp },
  },
  options: {
    output: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'Folder to write, or with --zip the file; appears when it is whole, and must not exist',
    },
    zip: {
      type: 'boolean',
      describe: 'Write one zip file for hand-over: a bag (BagIt) with the SHA-256 of every page in it',
    },
    format: {
      type: 'string',
      requiresArg: true,
      describe: 'rsmf: files for review platforms (RSMF 2.0), eml: mails, one for each room and day; default: html',
    },
    room: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only this room: its id, name or title; may be repeated',
    },
    user: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only messages of this user: id or username; may be repeated',
    },
    since: {
      type: 'string',
      requiresArg: true,
      describe: 'Only messages sent then or later: a date (in --zone) or a time with its zone',
    },
    until: { type: 'string', requiresArg: true, describe: 'Only messages sent before then' },
    context: {
      type: 'string',
      requiresArg: true,
      describe: 'Messages of the room to show before and behind each that is asked for, marked as context; default: 0',
    },
    zone: {
      type: 'string',
      requiresArg: true,
      describe: 'Time zone of days, months and times, beside UTC: an IANA name such as Europe/Berlin; default: UTC',
    },
    prefix: {
      type: 'string',
      requiresArg: true,
      describe: 'What the numbers of messages begin with: letters, digits, - and _; default: RC (RC-00001234)',
    },
  },
  examples: [
    [
      'transcript output/nightly --output transcript --zone Europe/Berlin',
      'everything, to be opened at START-HERE.html',
    ],
    [
      'transcript output/nightly --output anna --user anna --context 10',
      'what one person wrote, and what stands around it',
    ],
    ['transcript output/shard-* --output transcript', 'the shards of a workspace as one'],
    ['transcript output/nightly --output case-17 --format rsmf', 'for a review platform'],
    ['transcript output/nightly --zip --output case-17.zip', 'one file to hand over, the same bytes each time'],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  interrupted: { outcome: 'nothing was written' },
  run: async (
    { archive: archives, output, zip, format, room, user, since, until, context, zone, prefix },
    { processContext, log, quiet },
  ) => {
    const { writeTranscript } = await import('../../../transcript/write-transcript.ts');
    const { ZonedTime } = await import('../../../transcript/text/zoned-time.ts');
    const { periodOf } = await import('./period-of.ts');
    const { sinceMs, untilMs } = periodOf({ since, until }, new ZonedTime(zone ?? 'UTC'));
    if (prefix !== undefined && !/^[\w-]{1,20}$/.test(prefix)) {
      throw new UsageError(`Cannot use --prefix "${prefix}", expected up to 20 letters, digits, - and _`);
    }
    if (format !== undefined && format !== 'html' && format !== 'rsmf' && format !== 'eml')
      throw new UsageError(`Cannot use --format "${format}", expected html, rsmf or eml`);
    if (format !== undefined && format !== 'html' && zip === true)
      throw new UsageError(`Cannot use --zip with --format ${format}: each of its files is one to hand over`, {
        hint: 'Leave one of them out',
      });
    const users = user === undefined ? undefined : new Set(user.map((name) => name.replace(/^@/, '')));
    const folder = resolve(processContext.cwd, output);
    const folders = archives.map((archive) => resolve(processContext.cwd, archive));
    const written = await writeTranscript(folders, folder, {
      ...omitUndefined({ rooms: room, zip, format, zone, prefix, context: contextOf(context) }),
      selection: omitUndefined({ sinceMs, untilMs, users }),
      signal: processContext.interruption(),
      onNote: (note) => log.warn(note),
      onProgress: (progress) => {
        log.status(() =>
          progress.kind === 'reading'
            ? `reading ${archives.join(', ')}: ${count(progress.rows)} of ${counted(progress.of, 'row')}`
            : `writing ${output}: ${count(progress.messages)} of ${counted(progress.of, 'message')}`,
        );
      },
    });
    log.status(null);
    const { rooms, messages, threads, files, bytes } = written;
    log.info(
      `${output}: ${counted(messages, 'message')} of ${counted(rooms, 'room')}, ${counted(threads, 'thread')}; ${counted(files, 'file')}, ${size(bytes)}`,
      { output: folder, rooms, messages, threads, files, bytes },
    );
    if (messages === 0) {
      const archived = archives.length === 1 ? 'archive' : 'archives';
      const isPart = [room, user, since, until].some((asked) => asked !== undefined);
      log.warn(
        `${output}: ${isPart ? `no message of the ${archived} is what was asked for` : `there is no message in the ${archived}`}`,
        {
          output: folder,
          messages,
        },
      );
    }
    if (!quiet && (format ?? 'html') === 'html')
      processContext.stdout.write(
        `Open ${zip === true ? 'transcript/data' : output}/START-HERE.html${zip === true ? ` in ${output}` : ''}\n`,
      );
    return exitCodes.complete;
  },
});

function contextOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const messages = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (messages <= mostContext) return messages;
  throw new UsageError(`Cannot use --context "${text}", expected a whole number from 0 to ${count(mostContext)}`);
}
