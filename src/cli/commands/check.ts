import { exitCodes } from '../../errors.ts';
import { counted } from '../../model/text/counted.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { loginVariables } from '../report/help-texts.ts';
import { defineCommand, type Context } from '../command.ts';
import type { Job } from '../../job/job.ts';
import { checkedRooms } from '../../model/run/checked-rooms.ts';
import { unconditionalText } from '../report/afterwards/pushed-line.ts';
import { withConnection } from '../with-connection.ts';

export const check = defineCommand({
  name: 'check',
  usage: 'check <job>',
  summary: 'Try a job file without exporting: connection, login, permission for its rooms',
  description: `Reads the job file, loads its plug-ins, connects, logs in, lists the rooms and shows what each entry of the job matches; then requests one message of every room, which needs the same permission as reading all of them. Writes nothing, and asks the system whether the output could be written.

Where the job has a push, or --spool names a bucket, it asks the store, too: whether it is there, takes the keys, lets them list, read and write, and keeps conditions.

Servers allow about 10 calls a minute per endpoint, so only the first ${checkedRooms} rooms of each endpoint are tried, unless --all is given.`,
  positionals: {
    job: { type: 'string', demandOption: true, describe: 'A job file (YAML); docs/job-file.md explains every key' },
  },
  options: {
    all: {
      type: 'boolean',
      describe: `Try every room, however many there are; default: the first ${checkedRooms} of each endpoint`,
    },
    spool: {
      type: 'string',
      requiresArg: true,
      describe: 'Try this bucket, too, which run --queue and its workers are to share: s3://bucket/prefix',
    },
    json: { type: 'boolean', describe: 'Print the result to stdout as JSON: server, entries, rooms, stores' },
  },
  examples: [
    ['check jobs/nightly-archive.yaml', 'before the first run, and after every change'],
    ['check jobs/mine.yaml --all --json', 'every room, for a script'],
  ],
  notes: [
    loginVariables,
    exitCodeTable([0, 1, 64, 69, 70, 73, 75, 77, 78, 130, 143]),
    'Exit code 1 says that a run would end with gaps.',
  ],
  run: async ({ job: path, all, spool, json }, context) => {
    const { processContext, quiet, log } = context;
    const { loadJob } = await import('../../job/load-job.ts');
    const { checkJob } = await import('../../preview/check-job.ts');
    const { checkReport } = await import('../report/check-report.ts');
    const job = await loadJob(path, processContext.env, processContext.cwd, context.onOutsideValue);
    const found = await withConnection(job.server, context, (connection) =>
      checkJob(job, { ...connection, ...(all === true && { roomsPerEndpoint: Infinity }) }),
    );
    const stores = await checkedStores(job, spool, context);
    if (json === true) processContext.stdout.write(`${JSON.stringify({ ...found, stores }, null, 2)}\n`);
    else if (!quiet) {
      context.print(checkReport(found, processContext.stdout.columns));
      for (const { address } of stores) context.print(`${address}: there, and can be listed, read and written\n`);
    }
    for (const { address, isConditional } of stores) {
      if (!isConditional) log.warn(unconditionalText(address), { to: address });
    }

    const refused = found.rooms.filter((one) => one.result === 'refused');
    for (const { requested, room, reason, message, hint } of refused) {
      const fields = { endpoint: requested, room: room.name, roomId: room.id, reason, hint };
      log.warn(`${requested} cannot read "${room.name}" (${reason}): ${message}`, fields);
    }
    const skipped = found.rooms.filter(({ result }) => result === 'skipped').length;
    if (skipped > 0)
      log.warn(`${counted(skipped, 'room')} not tried`, { skipped, hint: 'Add --all to try every room' });
    // Last: what else is wrong has been said by then.
    const { expectWritable } = await import('../../system/disk/expect-writable.ts');
    await expectWritable(job.output);
    return refused.length > 0 ? exitCodes.gaps : exitCodes.complete;
  },
});

/** What a push of the job, and a spool, would find in their object stores. */
async function checkedStores(
  { push }: Pick<Job, 'push'>,
  spool: string | undefined,
  context: Context,
): Promise<readonly { readonly address: string; readonly isConditional: boolean }[]> {
  const { storageAddress } = await import('../../model/run/storage-target.ts');
  const addresses = [...(push === undefined ? [] : [storageAddress(push.to)]), ...(spool === undefined ? [] : [spool])];
  const stores: { readonly address: string; readonly isConditional: boolean }[] = [];
  for (const address of addresses) {
    const { storageAt } = await import('../evidence/storage-at.ts');
    const { openBucket } = await import('../../storage/open-bucket.ts');
    const { checkBucket } = await import('../../storage/check-bucket.ts');
    const { target, reach } = await storageAt(address, context);
    stores.push({ address, ...(await checkBucket(await openBucket(target, reach))) });
  }
  return stores;
}
