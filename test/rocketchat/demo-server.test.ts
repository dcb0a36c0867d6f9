import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/system/clock.ts';
import type { Rules } from '../../src/demo/server/rules.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import { connect } from '../../src/rocketchat/connect.ts';
import type { Login } from '../../src/model/login.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { createSmallWorkspace, smallRoomId } from '../support/workspaces/small-workspace.ts';

const longIt = quickOrLong(it.skip, it);

const token: Login = { kind: 'token', userId: sampleLogin.userId, authToken: sampleLogin.authToken };
const password: Login = { kind: 'password', user: sampleLogin.user, password: sampleLogin.password };

let server: ServedWorkspace | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(rules: Partial<Rules>, login: Login = token) {
  server = await serveWorkspace(createSmallWorkspace(120), rules);
  return connect({ url: server.url, login, clock: systemClock, concurrency: 16, random: () => 0 });
}

describe('against the demo workspace', () => {
  it.each([
    ['token', '6.5', token],
    ['token', '8.8', token],
    ['password', '6.5', password],
    ['password', '8.8', password],
  ])('a %s opens the door of version %s, reads, and closes it', async (_, version, login) => {
    const chat = await open({ version }, login);
    expect(chat.user).toEqual({ id: sampleLogin.userId, username: sampleLogin.user });
    expect(await chat.version()).toBe(version);
    expect(await chat.rooms()).toMatchObject([{ id: smallRoomId, name: 'small', type: 'private' }]);
    const { value } = await chat.get('groups.messages', {
      roomId: smallRoomId,
      count: 1_000,
      offset: 0,
      sort: '{"ts":1}',
    });
    expect(value).toMatchObject({ count: 100, total: 120 });
    await expect(chat.get('groups.messages', { roomId: 'nowhere' })).rejects.toMatchObject({
      kind: 'room',
      reason: 'room-not-found',
    });
    await chat.close();
  });

  // By virtual clocks that differ: pacing/rate-limit.test.ts.
  longIt('real windows are spent with one 429 at most although the clock of the server is an hour ahead', async () => {
    const chat = await open({ rateLimit: { calls: 10, windowMs: 1_000 }, now: () => Date.now() + 3_600_000 });
    const query = { roomId: smallRoomId, count: 100, offset: 0 };
    await Promise.all(Array.from({ length: 15 }, () => chat.get('groups.messages', query)));
    await chat.close();
    const { requests = 0, rateLimited = 0 } = chat.counts()['groups.messages'] ?? {};
    expect(requests).toBe(15 + rateLimited);
    expect(rateLimited).toBeLessThanOrEqual(1);
  });
});
