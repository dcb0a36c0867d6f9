import { EventEmitter } from 'node:events';
import { expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisClients } from '../../../src/queue/redis/redis-clients.ts';

it('ends all connections to a Redis that is gone without a word to it, also those that BullMQ makes of them', () => {
  const clients = new RedisClients((options) => new Redis({ ...options, lazyConnect: true }));
  const given = clients.open();
  // Not connected by a test: what connects by itself is the business of BullMQ.
  const connect = jest.spyOn(Redis.prototype, 'connect').mockResolvedValue(undefined);
  const made = given.duplicate();
  connect.mockRestore();
  const ends = [given, made].map((client) => {
    expect(client.listenerCount('error')).toBeGreaterThan(0);
    return [jest.spyOn(client, 'disconnect'), jest.spyOn(client, 'quit')] as const;
  });
  clients.end();
  for (const [disconnect, quit] of ends) {
    expect(disconnect).toHaveBeenCalledTimes(1);
    expect(quit).not.toHaveBeenCalled();
  }
});

it('keeps from BullMQ what it would print of the policy of Redis, and has its connections made at once', async () => {
  const text = 'redis_version:7.2\nold_maxmemory_policy:noeviction\nmaxmemory_policy:allkeys-lru\n';
  const made: unknown[] = [];
  class Client extends EventEmitter {
    info = (callback?: (error: null, text: string) => void) => {
      callback?.(null, text);
      return Promise.resolve(text);
    };
    duplicate = (options: unknown) => {
      made.push(options);
      return new Client();
    };
  }
  const client = new RedisClients(() => new Client() as unknown as Redis).open();
  expect(await client.info()).toBe('redis_version:7.2\nold_maxmemory_policy:noeviction\n\n');
  // ioredis itself asks whether Redis is ready.
  let asked: unknown;
  await client.info((_error, answer) => (asked = answer));
  expect(asked).toBe(text);
  client.duplicate({ connectionName: 'blocking' }).duplicate();
  expect(made).toEqual([{ connectionName: 'blocking', lazyConnect: false }, { lazyConnect: false }]);
});
