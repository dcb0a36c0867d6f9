import { describe, expect, it } from '@jest/globals';
import { queueAddress } from '../../../src/queue/redis/queue-address.ts';
import { failure } from '../../support/failure.ts';

const refused = (option: string) => failure(Promise.resolve().then(() => queueAddress(option, {})));

describe('the address of a queue', () => {
  it('is shown with port and number, whatever it leaves out', () => {
    expect(queueAddress('redis://queue.example', {})).toMatchObject({
      shown: 'redis://queue.example:6379/0',
      secrets: [],
    });
    expect(queueAddress('rediss://queue.example:7000/3', {}).shown).toBe('rediss://queue.example:7000/3');
    expect(queueAddress('redis://queue.example/', {}).shown).toBe('redis://queue.example:6379/0');
    expect(queueAddress('redis://queue.example/15', {}).shown).toBe('redis://queue.example:6379/15');
  });

  it.each(['redis://:hunter2@queue', 'redis://user:hunter2@queue', 'redis://queue?password=hunter2'])(
    'with a password on the command line is refused, names REDIS_URL and repeats no password: %s',
    async (option) => {
      const error = await refused(option);
      expect(error).toMatchObject({
        kind: 'usage',
        message: 'Cannot use a password in --queue: everybody on this machine can see it there',
        hint: expect.stringContaining('REDIS_URL'),
      });
      expect(`${error.message} ${error.hint ?? ''}`).not.toContain('hunter2');
    },
  );

  it.each(['queue:6379', 'http://queue', 'redis://', 'redis://queue/name', 'redis://queue/1#x', ''])(
    'of another kind is refused with what is expected: "%s"',
    async (option) =>
      expect(await refused(option)).toMatchObject({
        message: 'Cannot use --queue: the address is not valid',
        hint: expect.stringContaining('redis://host:port'),
      }),
  );

  it('has the login of REDIS_URL when that names the same server and database, and of no other', () => {
    const env = { REDIS_URL: 'redis://archivist:p%40ss@queue.example:6379' };
    expect(queueAddress('redis://queue.example/0', env)).toEqual({
      url: env.REDIS_URL,
      shown: 'redis://queue.example:6379/0',
      secrets: ['p%40ss', 'p@ss', 'archivist', 'archivist'],
    });
    expect(queueAddress('redis://queue.example/1', env).url).toBe('redis://queue.example/1');
    expect(queueAddress('redis://other.example', env).secrets).toEqual([]);
    // A name without a password is none.
    const named = { REDIS_URL: 'redis://archivist@queue.example' };
    expect(queueAddress('redis://queue.example', named)).toMatchObject({ url: named.REDIS_URL, secrets: [] });
  });
});
