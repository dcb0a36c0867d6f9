import { sha256 } from '../../archive/hash-file.ts';
import type { Workers } from '../../environment.ts';
import type { NewBudget } from '../../rocketchat/pacing/budget.ts';
import type { Clock } from '../../system/clock.ts';
import { parseServerUrl } from '../../server-url.ts';
import { tool } from '../../version.ts';
import { createSharedBudget } from '../budget/shared-budget.ts';
import { haveJournalsFilled } from '../have-filled.ts';
import type { Spool } from '../spool/spool.ts';
import { keyPrefix, type RedisAccess } from './open-redis.ts';
import { openRunQueue } from './open-run-queue.ts';
import { redisCell } from './redis-cell.ts';

interface RedisWorkersOptions {
  readonly access: RedisAccess;
  readonly spool: Spool;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** So long may all workers be silent; each says every few seconds that it is at work. */
const patienceMs = 60_000;

/** Workers behind a queue, for the runs of this process. @param url address of their server */
export function redisWorkers(options: RedisWorkersOptions, url: string): Workers {
  const { access, spool, clock } = options;
  return {
    newBudget: redisBudgets(options, url),
    fillJournals: (asked) =>
      haveJournalsFilled({
        ...asked,
        clock,
        spool,
        patienceMs,
        openQueue: (run, onReport) =>
          openRunQueue(access, { server: asked.runPlan.server, spool: spool.id, run }, onReport),
      }),
  };
}

/** Of one server's endpoints, spent together with all who name the same Redis. */
export function redisBudgets(
  { access, random }: Pick<RedisWorkersOptions, 'access' | 'random'>,
  url: string,
): NewBudget {
  const address = parseServerUrl(url);
  // Its path may be a secret.
  const server = sha256('problem' in address ? url : address.url).slice(0, 20);
  const process = Math.floor(random() * 2 ** 48).toString(36);
  let requests = 0;
  return (options) =>
    createSharedBudget({
      ...options,
      cell: redisCell(access.redis, `${keyPrefix}:budget:${tool.version}:${server}:${options.endpoint}`),
      newId: () => `${process}-${(requests += 1)}`,
    });
}
