import { createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { exitCodes } from '../../../src/errors.ts';
import { openRedis } from '../../../src/queue/redis/open-redis.ts';
import { failure } from '../../support/failure.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

it('does not wait for ever for what takes connections and says nothing, as a Redis that hangs', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => {
    sockets.push(socket);
    // One that reads hangs up when it is hung up on; one that does not is waited for by ioredis for 2 s more.
    if (quickOrLong(true, false)) socket.resume();
  });
  const port = await new Promise<number>((resolve) => {
    silent.listen(0, '127.0.0.1', () => {
      const address = silent.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
  const url = `redis://127.0.0.1:${port}`;
  expect(await failure(openRedis({ url, shown: url, secrets: [] }, 20))).toMatchObject({
    exitCode: exitCodes.unreachable,
    // A busy machine may not even connect in so short a time.
    message: expect.stringMatching(/^Cannot reach the queue at \S+: (no Redis responds there|ETIMEDOUT)$/) as unknown,
  });
  for (const socket of sockets) socket.destroy();
  silent.close();
});
