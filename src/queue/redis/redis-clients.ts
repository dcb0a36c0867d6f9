import type { Redis, RedisOptions } from 'ioredis';

type ClientOptions = Pick<RedisOptions, 'commandTimeout' | 'lazyConnect'>;

/**
 * Connections to a Redis that can be ended while it is gone. BullMQ would end those that it makes by QUIT, which waits for a
 * Redis that comes back, and would print what fails on them from then on.
 */
export class RedisClients {
  readonly #connect: (options: ClientOptions) => Redis;
  readonly #clients: Redis[] = [];

  constructor(connect: (options: ClientOptions) => Redis) {
    this.#connect = connect;
  }

  /** Is connected to again until `end`. What BullMQ makes of it, for commands that block, ends then, too. */
  open(options: ClientOptions = {}): Redis {
    return this.#kept(this.#connect(options));
  }

  /** At once, without a word to Redis: a command that is on its way may never be answered. */
  end(): void {
    for (const client of this.#clients.splice(0)) client.disconnect();
  }

  #kept(client: Redis): Redis {
    // Whoever sends a command learns that it fails.
    client.on('error', () => undefined);
    const duplicate = client.duplicate.bind(client);
    const info = client.info.bind(client);
    Object.assign(client, {
      // ioredis asks by a callback whether Redis is ready. BullMQ asks without one, and writes to the terminal what it thinks
      // of the policy, for each connection: openRedis says it once.
      info: (callback?: Parameters<typeof info>[0]) =>
        callback === undefined ? info().then((text) => text.replace(/^maxmemory_policy:.*$/m, '')) : info(callback),
      duplicate: (more?: Pick<RedisOptions, 'connectionName'>) =>
        this.#kept(duplicate({ ...more, lazyConnect: false })),
    });
    this.#clients.push(client);
    return client;
  }
}
