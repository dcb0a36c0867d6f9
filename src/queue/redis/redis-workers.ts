import type { Workers } from '../../environment.ts';
import { createBudget } from '../../rocketchat/pacing/budget.ts';
import type { Clock } from '../../system/clock.ts';
import { haveJournalsFilled } from '../have-filled.ts';
import type { Spool } from '../spool/spool.ts';
import type { RedisAccess } from './open-redis.ts';
import { openRunQueue } from './open-run-queue.ts';

/** So long may all workers be silent; each says every few seconds that it is at work. */
const patienceMs = 60_000;

/** Workers behind a queue, for the runs of this process. */
export function redisWorkers(access: RedisAccess, spool: Spool, clock: Clock): Workers {
  return {
    newBudget: createBudget,
    fillJournals: (asked) =>
      haveJournalsFilled({
        ...{ ...asked, clock, spool, patienceMs },
        openQueue: (run, onReport) =>
          openRunQueue(access, { server: asked.runPlan.server, spool: spool.id, run }, onReport),
      }),
  };
}
