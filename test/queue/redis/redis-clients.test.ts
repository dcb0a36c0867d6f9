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
