import type * as Bullmq from 'bullmq';
import type { Redis } from 'ioredis';
import { AccessError, errorCode, UnreachableError, UsageError } from '../../errors.ts';
import type { QueueAddress } from './queue-address.ts';
import { RedisClients } from './redis-clients.ts';

/** A Redis that responds, and what speaks to it. */
export interface RedisAccess {
  readonly bullmq: typeof Bullmq;
  /** Connections of their own for one who uses it, who ends them. */
  readonly newClients: () => RedisClients;
  /** For the rate budget. A command that Redis does not answer in time fails; in between it is connected to again. */
  readonly redis: Redis;
  /** A sentence where Redis may lose what it is told; null: it does not. */
  readonly warning: string | null;
  close(): void;
}

/** Below which all keys lie. */
export const keyPrefix = 'rocketchat-export';

/** Those that the tests run with. */
const packages = 'bullmq@6.7.0 ioredis@6.0.0';

const longestRetryMs = 2_000;
/** To connect, and to answer a command: longer than it takes to start Redis again. */
const defaultTimeoutMs = 10_000;

/**
 * Loads the two packages, and asks the Redis at an address whether it lets us in.
 *
 * @throws UsageError where a package is not installed, UnreachableError when nobody responds, AccessError for a login that
 *   is refused
 */
export async function openRedis(
  { url, shown }: QueueAddress,
  timeoutMs: number = defaultTimeoutMs,
): Promise<RedisAccess> {
  const [bullmq, ioredis] = await Promise.all([
    importInstalled('bullmq', () => import('bullmq')),
    importInstalled('ioredis', () => import('ioredis')),
  ]);
  const options = {
    maxRetriesPerRequest: null,
    connectTimeout: timeoutMs,
    retryStrategy: (attempt: number) => Math.min(longestRetryMs, 50 * 2 ** Math.min(attempt, 10)),
  };
  const asked = { lazyConnect: true, retryStrategy: () => null, commandTimeout: timeoutMs };
  const probe = new ioredis.Redis(url, { ...options, ...asked });
  let reason: unknown;
  let warning: string | null = null;
  probe.on('error', (error) => (reason ??= error));
  try {
    await probe.connect();
    await probe.ping();
    warning = evictionWarning(shown, await probe.info('memory').catch(() => ''));
  } catch (error) {
    throw refusal(shown, reason ?? error);
  } finally {
    probe.disconnect();
  }
  const newClients = (): RedisClients => new RedisClients((more) => new ioredis.Redis(url, { ...options, ...more }));
  const own = newClients();
  const redis = own.open({ commandTimeout: timeoutMs });
  return { bullmq, newClients, redis, warning, close: () => own.end() };
}

/** Source: redis.io/docs, "Key eviction"; what BullMQ says of it, RedisClients keeps off the terminal. */
function evictionWarning(shown: string, info: string): string | null {
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy === 'noeviction') return null;
  return `Redis at ${shown} drops keys when its memory is full (maxmemory-policy ${policy}), and with them tasks and the rate budget: set maxmemory-policy noeviction`;
}

async function importInstalled<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (errorCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError(`Cannot use --queue: the package ${name} is not installed`, {
      hint: `Run "npm install ${packages}" where rocketchat-export is installed (with --global if it is global)`,
      cause,
    });
  }
}

function refusal(shown: string, cause: unknown): AccessError | UnreachableError {
  const message = cause instanceof Error ? cause.message : '';
  const [word = ''] = /^(NOAUTH|WRONGPASS|NOPERM|ERR (?:invalid password|Client sent AUTH))/.exec(message) ?? [];
  if (word !== '') {
    return new AccessError(`Cannot use the queue at ${shown}: Redis refuses the login (${word})`, {
      hint: 'Set REDIS_URL to the same address with the right user and password',
      cause,
    });
  }
  return new UnreachableError(`Cannot reach the queue at ${shown}: ${errorCode(cause) ?? 'no Redis responds there'}`, {
    hint: 'Check the address of --queue, and whether Redis or Valkey is running',
    cause,
  });
}
