import { resolve } from 'node:path';
import type { ServerComparison } from '../../audit/server-comparison.ts';
import { UsageError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { Context } from '../command.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import { count } from '../../model/text/counted.ts';
import { withConnection } from '../with-connection.ts';

const mostMessages = 1_000_000;
const greatestSeed = 2 ** 32 - 1;

/** For `verify`: what of an archive is compared with its server. */
export const serverOptions = {
  server: {
    type: 'string',
    requiresArg: true,
    describe: 'Job file that fills the archive: compare messages with what its server says now, by its login and steps',
  },
  sample: {
    type: 'string',
    requiresArg: true,
    describe: 'With --server: messages drawn at random, beside the ten newest of each room; default: 500',
  },
  seed: {
    type: 'string',
    requiresArg: true,
    describe: 'With --server: draw the same messages as a comparison that printed this number',
  },
} as const;

interface ServerArguments {
  readonly server: string | undefined;
  readonly sample: string | undefined;
  readonly seed: string | undefined;
}

/** What the server says of an archive; undefined: nobody asked. @throws as loadJob and compareWithServer; UsageError */
export async function compared(
  archive: string,
  { server, sample, seed }: ServerArguments,
  context: Context,
): Promise<ServerComparison | undefined> {
  const { processContext, log, onOutsideValue } = context;
  const options = omitUndefined({
    sample: wholeNumber('--sample', sample, { least: 1, most: mostMessages, command: 'verify' }),
    seed: wholeNumber('--seed', seed, { least: 0, most: greatestSeed, command: 'verify' }),
  });
  if (server === undefined) {
    const [name] = Object.keys(options);
    if (name === undefined) return undefined;
    throw new UsageError(`Cannot use --${name} without --server`, { hint: 'Name the job file with --server' });
  }
  const { loadJob } = await import('../../job/load-job.ts');
  const { compareWithServer } = await import('../../audit/compare-with-server.ts');
  const job = await loadJob(server, processContext.env, processContext.cwd, onOutsideValue);
  const folder = resolve(processContext.cwd, archive);
  // A copy of an archive is compared by the job of the original.
  if (job.output !== folder) {
    log.warn(`${server} fills "${job.output}": its login and its steps are used for "${folder}"`, { job: server });
  }
  return withConnection(job.server, context, (connection) =>
    compareWithServer(folder, job, {
      ...connection,
      ...options,
      onRoom: ({ read, of }) => log.status(() => `comparing ${archive}: ${count(read)} of ${count(of)} rooms`),
    }),
  );
}
