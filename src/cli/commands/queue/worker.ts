import { exitCodes } from '../../../errors.ts';
import type { Job } from '../../../job/job.ts';
import { loginVariables } from '../../report/help-texts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { expectBoth, openNamedQueue, queueOptions } from '../../queue/queue-options.ts';
import { followWork } from '../../queue/follow-work.ts';
import { withConnection } from '../../with-connection.ts';
import { defineCommand, type Context } from '../../command.ts';

/** As the default of a job. */
const defaultConcurrency = 4;

export const worker = defineCommand({
  name: 'worker',
  usage: 'worker [job]',
  summary: 'Read lists for runs on other machines that share a queue and a folder',
  description: `Stays up and reads what "run --queue … --spool …" hands out: each list of a room into a journal in the spool, from where a worker that was lost came to. The run itself takes the journals over, loads and publishes them; a worker writes to no archive.

A worker reads for runs of its own login only, and of its own version. It spends the rate limit together with all who name the same Redis. Add workers where the limit is high: more of them do not lift it.

A signal ends it in order: what it was reading goes back to the queue (exit code 130 or 143, or 0 when it was idle).`,
  positionals: {
    job: {
      type: 'string',
      describe: 'Job file (YAML) with the server, the login and the concurrency to use; default: the environment',
    },
  },
  options: {
    queue: { ...queueOptions.queue, demandOption: true },
    spool: { ...queueOptions.spool, demandOption: true },
  },
  examples: [
    ['worker --queue redis://queue.example.com --spool /mnt/spool', 'with the login of the environment'],
    ['worker jobs/nightly-archive.yaml --queue redis://queue.example.com --spool /mnt/spool', 'with that of a job'],
  ],
  notes: [
    loginVariables,
    `  REDIS_URL               address of --queue with its password
  AWS_…                   keys of a spool in a bucket, as for the command push`,
    exitCodeTable([0, 64, 69, 70, 73, 75, 77, 78, 130, 143]),
  ],
  interrupted: { outcome: 'the lists that it was reading are left to other workers', hint: 'Start it again to go on' },
  run: async ({ job: path, queue, spool }, context) => {
    const { server, concurrency } = await readingOf(path, context);
    const { work } = await import('../../../queue/redis/work.ts');
    const { redisBudgets } = await import('../../../queue/redis/redis-workers.ts');
    const [{ withChat }, { nodeDisk }, { systemEvery }] = await Promise.all([
      import('../../../rocketchat/with-chat.ts'),
      import('../../../system/disk.ts'),
      import('../../../system/clock.ts'),
    ]);
    return withConnection(server, context, async (connection) => {
      const { signal, clock } = connection;
      const opened = await openNamedQueue(expectBoth(queue, spool), context);
      const { access } = opened;
      const { random } = context.processContext;
      const newBudget = redisBudgets({ access, random }, server.url);
      const reading = withChat({ ...server, ...connection, concurrency, newBudget }, async (chat) => {
        const onEvent = followWork(context.log, chat);
        const isCut = await work({
          ...opened,
          chat,
          clock,
          concurrency,
          signal,
          onEvent,
          disk: nodeDisk,
          every: systemEvery,
        });
        // Nothing else sends a list back.
        if (isCut) signal.throwIfAborted();
        return exitCodes.complete;
      });
      return reading.finally(opened.close);
    });
  },
});

async function readingOf(path: string | undefined, context: Context): Promise<Pick<Job, 'server' | 'concurrency'>> {
  const { processContext, onOutsideValue } = context;
  if (path === undefined) {
    const { serverFromEnvironment } = await import('../../arguments/server-from-environment.ts');
    return { server: serverFromEnvironment(undefined, processContext, 'worker'), concurrency: defaultConcurrency };
  }
  const { loadJob } = await import('../../../job/load-job.ts');
  return loadJob(path, processContext.env, processContext.cwd, onOutsideValue);
}
