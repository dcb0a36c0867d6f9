import { resolve } from 'node:path';
import { exitCodes, UsageError } from '../../../errors.ts';
import { parseTimestampMs } from '../../../job/schema/timestamp.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import type { Purge } from '../../../purge/make-purge.ts';
import type { PurgeTarget } from '../../../purge/purge-target.ts';
import { defineCommand } from '../../command.ts';
import { signerOf, signKeyOption } from '../../evidence/sign-key.ts';
import { viewFailure } from '../../log/view-failure.ts';
import { counted } from '../../../model/text/counted.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';

export const purge = defineCommand({
  name: 'purge',
  usage: 'purge <archive>',
  summary: 'Remove messages from an archive for good, and say in its chain why',
  description: `Removes messages, all their versions and elements, from every table in every format, from kept responses (_raw) and from what was made of the archive (_view). The files that held them are written anew without them, all others stay as they are. Later runs leave out the same, also when they read every room again.

A purge is a link of the archive's chain: it says how many rows of which tables went, why and on whose word, and is as much all or nothing as a compaction. Ids of purged messages stay in earlier manifests and in _raw, and what others quoted of them stays in their messages; copies elsewhere, such as transcripts that were written with --output, are yours to remove.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    message: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Id of a message to purge; may be given several times',
    },
    user: {
      type: 'string',
      requiresArg: true,
      describe:
        'Id, or username if only one person has had it: all messages that this person has sent until now, and the person in users and room_members',
    },
    before: {
      type: 'string',
      requiresArg: true,
      describe: 'All messages sent before: a date (UTC) or a time with its zone',
    },
    reason: { type: 'string', demandOption: true, requiresArg: true, describe: 'Why: stands in the manifest for good' },
    by: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'On whose word: stands in the manifest, too',
    },
    ...signKeyOption,
    json: { type: 'boolean', describe: 'Print the manifest of the purge to stdout, as one JSON line' },
  },
  examples: [
    ['purge output/nightly --user ada --reason "erasure request 17" --by "J. Doe, DPO"', 'a person'],
    ['purge output/nightly --before 2020-01-01 --reason "retention" --by "records policy 4.2"', 'what is too old'],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  run: async ({ archive, message, user, before, reason, by, signKey, json }, context) => {
    const { processContext, log, quiet } = context;
    const target = targetOf({ message, user, before });
    for (const [name, text] of Object.entries({ reason, by })) {
      if (text.trim() === '')
        throw new UsageError(`Cannot use an empty --${name}`, { hint: 'It is what the chain keeps' });
    }
    const signer = await signerOf(signKey, context);
    const { purgeArchive } = await import('../../../purge/purge-archive.ts');
    log.status(() => `purging ${archive}`);
    const { random, clock, process, isAlive } = processContext;
    const done = await purgeArchive(resolve(processContext.cwd, archive), target, {
      reason,
      by,
      random,
      clock,
      process,
      isAlive,
      signal: processContext.interruption(),
      ...omitUndefined({ signer }),
      onViewFailure: (view, error) => log.warn(viewFailure(archive, view, error), { archive, view }),
    });
    log.status(null);
    if (json === true) processContext.stdout.write(await purgeLine(done));
    else if (!quiet) context.print(purgeReport(archive, done));
    return exitCodes.complete;
  },
});

interface TargetArguments {
  readonly message: readonly string[] | undefined;
  readonly user: string | undefined;
  readonly before: string | undefined;
}

function targetOf({ message, user, before }: TargetArguments): PurgeTarget {
  const targets: PurgeTarget[] = [
    ...(message === undefined ? [] : [{ kind: 'messages' as const, ids: message }]),
    ...(user === undefined ? [] : [{ kind: 'user' as const, name: user }]),
    ...(before === undefined ? [] : [{ kind: 'before' as const, beforeMs: timeOf(before) }]),
  ];
  const [target] = targets;
  if (target !== undefined && targets.length === 1) return target;
  throw new UsageError('Cannot purge without exactly one of --message, --user and --before', {
    hint: 'See rocketchat-export purge --help',
  });
}

function timeOf(text: string): number {
  const ms = parseTimestampMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`Cannot use --before "${text}", expected a date or a time with its zone`, {
    hint: 'Such as 2020-01-01 or 2020-01-01T00:00:00+01:00',
  });
}

async function purgeLine(done: Purge): Promise<string> {
  if (done.kind === 'nothing-to-do') return `${JSON.stringify(done)}\n`;
  const { manifestLine } = await import('../../report/manifest-line.ts');
  return manifestLine(done.manifest);
}

function purgeReport(archive: string, done: Purge): string {
  const held = done.held === 0 ? '' : `${counted(done.held, 'message')} held, and still there\n`;
  if (done.kind === 'nothing-to-do') return `${archive}: nothing to purge\n${held}`;
  if (done.kind === 'purged-before') {
    const { run: earlier, finishedAt, messages: gone } = done.manifest;
    return `${archive}: purge ${earlier} (${finishedAt}) has done it, ${counted(gone, 'message')} gone for good; nothing is left to do\n`;
  }
  const { run, messages, dropped, raw, files, notes } = done.manifest;
  return [
    `${archive}: purge ${run}, ${counted(messages, 'message')} gone for good\n`,
    ...Object.entries(dropped).map(([table, rows]) => `  ${table}: ${counted(rows, 'row')}\n`),
    `${counted(files.length, 'data file')} and ${counted(raw.length, 'kept journal')} rewritten\n`,
    held,
    ...notes.map((note) => `${note}\n`),
    `Ids stay in earlier manifests; copies outside the archive are yours to remove\n`,
  ].join('');
}
