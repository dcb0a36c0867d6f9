import { describe, expect, it } from '@jest/globals';
import { loginHeaders, withDemoServer } from '../../support/network/demo-client.ts';
import { createSmallWorkspace, smallRoomId as roomId } from '../../support/workspaces/small-workspace.ts';

const rateLimit = { calls: 2, windowMs: 60_000 };
const startMs = 1_760_000_000_000;

describe('the rate limit', () => {
  it('counts down, refuses with the seconds to wait, counts refusals too, and begins a window anew', async () => {
    let nowMs = startMs;
    await withDemoServer(createSmallWorkspace(1), { rateLimit, now: () => nowMs }, async ({ get }) => {
      const ask = async () => {
        const { status, headers, body } = await get('groups.messages', { roomId });
        const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
          Number(headers.get(`x-ratelimit-${name}`)),
        );
        return { status, limit, remaining, reset, error: body['error'] };
      };
      const first = { status: 200, limit: 2, reset: startMs + 60_000, error: undefined };
      expect(await ask()).toEqual({ ...first, remaining: 1 });
      nowMs += 34_000;
      expect(await ask()).toEqual({ ...first, remaining: 0 });
      expect(await ask()).toEqual({
        ...first,
        status: 429,
        remaining: 0,
        error:
          'Error, too many requests. Please slow down. You must wait 26 seconds before trying this endpoint again. [error-too-many-requests]',
      });
      nowMs = startMs + 60_000;
      expect((await ask()).status).toBe(429);
      nowMs += 1;
      expect(await ask()).toEqual({ ...first, remaining: 1, reset: nowMs + 60_000 });
    });
  });

  it('has a window for each route, and none for those it does not apply to', async () => {
    await withDemoServer(
      createSmallWorkspace(1),
      { rateLimit: { calls: 1, windowMs: 60_000 } },
      async ({ get, served }) => {
        expect((await get('groups.messages', { roomId })).status).toBe(200);
        expect((await get('groups.messages', { roomId })).status).toBe(429);
        expect((await get('chat.getMentionedMessages', { roomId })).status).toBe(200);
        served.rules.rateLimit = null;
        const { status, headers } = await get('groups.messages', { roomId });
        expect(status).toBe(200);
        expect(headers.has('x-ratelimit-limit')).toBe(false);
      },
    );
  });

  it('counts by the address that a proxy names', async () => {
    await withDemoServer(createSmallWorkspace(1), { rateLimit: { calls: 1, windowMs: 60_000 } }, async ({ get }) => {
      const from = (address: string) => get('groups.messages', { roomId }, { ...loginHeaders, 'x-real-ip': address });
      expect((await from('192.0.2.1')).status).toBe(200);
      expect((await from('192.0.2.1')).status).toBe(429);
      expect((await from('192.0.2.2')).status).toBe(200);
    });
  });

  it('counts the calls of a user who bypasses it, tells so, and refuses none', async () => {
    const rules = { rateLimit, bypassesRateLimit: true };
    await withDemoServer(createSmallWorkspace(1), rules, async ({ get }) => {
      const answers = [];
      for (let call = 0; call < 4; call += 1) answers.push(await get('groups.messages', { roomId }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0', '0']);
    });
  });

  it.each([
    ['is spent by a bad query on an old route', '8.7', 429],
    ['is spared by a bad query on a typed route', '8.8', 200],
  ])('%s', async (_, version, status) => {
    const rules = { version, rateLimit: { calls: 1, windowMs: 60_000 } };
    await withDemoServer(createSmallWorkspace(1), rules, async ({ get }) => {
      expect((await get('groups.messages')).status).toBe(400);
      expect((await get('groups.messages', { roomId })).status).toBe(status);
    });
  });

  it('is not asked before the login is', async () => {
    await withDemoServer(createSmallWorkspace(1), { rateLimit: { calls: 1, windowMs: 60_000 } }, async ({ get }) => {
      const { status, headers } = await get('groups.messages', { roomId }, {});
      expect([status, headers.has('x-ratelimit-limit')]).toEqual([401, false]);
    });
  });

  it('goes by the clock that the Date header tells', async () => {
    await withDemoServer(createSmallWorkspace(1), { now: () => startMs }, async ({ get }) => {
      expect((await get('info')).headers.get('date')).toBe(new Date(startMs).toUTCString());
    });
  });
});
