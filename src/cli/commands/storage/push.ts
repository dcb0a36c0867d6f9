import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { defineCommand } from '../../command.ts';
import type { PushedArchive } from '../../../model/run/pushed-archive.ts';
import { storageAt } from '../../evidence/storage-at.ts';
import { count } from '../../../model/text/counted.ts';
import { size } from '../../report/amounts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { pushedLine, unconditionalText } from '../../report/afterwards/pushed-line.ts';

export const push = defineCommand({
  name: 'push',
  usage: 'push <archive> <to>',
  summary: 'Copy what an archive has published to an object store (S3)',
  description: `Copies the published runs of an archive to a bucket of any S3-compatible store: tables, saved files, kept responses, manifests, signatures, state, each at the name that it has in the archive. Files that are there are neither sent again nor overwritten, and a run counts as pushed when its manifest is there. Killed at any moment, readers find the runs of before or all of it, and the same command finishes it. Of two pushes at once one wins.

What a compaction or a purge has replaced is removed there, too. _view is not copied: a run or compaction makes it again from a pulled archive. Changes nothing in the archive.

Keys, region and server come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL, or from the profile of ~/.aws that AWS_PROFILE names; never from a flag or an address.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
    to: { type: 'string', demandOption: true, describe: 's3://bucket/prefix; each archive has a prefix of its own' },
  },
  options: {
    'object-lock': {
      type: 'string',
      requiresArg: true,
      describe:
        'Lock data and manifests that this push brings for so long (7y, 90d): nobody can remove them before, not even the owner of the account. The bucket must have Object Lock',
    },
  },
  examples: [
    ['push output/nightly s3://archives/nightly', 'after each run: what is new'],
    ['push output/nightly s3://archives/nightly --object-lock 7y', 'write once, read many'],
  ],
  notes: [
    'A purge is not pushed to where what it removed is locked: exit code 73, and nothing is changed there.',
    exitCodeTable([0, 2, 64, 69, 70, 73, 75, 77, 130, 143]),
  ],
  interrupted: { outcome: 'what was sent is kept', hint: 'Run the same command again: it sends the rest' },
  run: async ({ archive, to, objectLock: lockFor }, context) => {
    const { processContext, log } = context;
    const { lockDuration } = await import('../../../model/run/lock-duration.ts');
    const objectLock = lockFor === undefined ? undefined : lockDuration(lockFor);
    const { target, reach } = await storageAt(to, context);
    const { pushArchive } = await import('../../../storage/push-archive.ts');
    log.status(() => `reading ${archive}`);
    const push = (): Promise<PushedArchive> =>
      pushArchive(resolve(processContext.cwd, archive), target, {
        ...reach,
        ...omitUndefined({ objectLock }),
        onProgress: ({ files, of, sizeBytes }) =>
          log.status(() => `pushing ${archive}: ${count(files)} of ${count(of)} files, ${size(sizeBytes)}`),
      });
    const pushed = await push();
    log.status(null);
    if (!pushed.isConditional) log.warn(unconditionalText(to), { archive, to });
    log.info(`${archive}: ${pushedLine(pushed)}`, { archive, ...pushed });
    return exitCodes.complete;
  },
});
