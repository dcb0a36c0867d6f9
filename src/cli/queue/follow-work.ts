import type { RocketChat } from '../../model/rocketchat.ts';
import type { WorkEvent } from '../../queue/redis/work.ts';
import type { Log } from '../log/log.ts';

/** Turns what happens in a worker into log lines. */
export function followWork(log: Log, { url, user }: Pick<RocketChat, 'url' | 'user'>): (event: WorkEvent) => void {
  let isQueueGone = false;
  log.status(() => `worker for ${url} as ${user.username}`);
  log.info(`Waiting for lists of ${url} as ${user.username}`, { server: url, user: user.username });
  return (event) => {
    if (event.kind === 'queue-failed') {
      if (!isQueueGone) log.warn(`The queue does not respond as it should: ${event.error.message}`);
      isQueueGone = true;
      return;
    }
    isQueueGone = false;
    const { endpoint, room } = event.stream;
    const fields = { endpoint, room: room.name };
    const list = `${endpoint} "${room.name}"`;
    switch (event.kind) {
      case 'reading':
        log.detail(`${list}: reading`, fields);
        break;
      case 'done':
        if (event.filled === 'filled') log.info(`${list}: read`, fields);
        else log.detail(`${list}: ${event.filled === 'late' ? 'another worker was first' : 'the run is over'}`, fields);
        break;
      case 'given-back':
        log.info(`${list}: goes back to the queue`, fields);
        break;
      case 'taken-over':
        log.warn(`${list}: another worker reads it, since this one did not respond for a while`, fields);
        break;
      case 'failed':
        log.warn(`${list}: ${event.error.message}`, fields);
        break;
    }
  };
}
