import { describe, expect, it } from '@jest/globals';
import { loginHeaders, withDemoServer } from './demo-client.ts';
import { faultsAt, faultsOf, inflict, randomFaults, type Fault } from './faults.ts';
import { refusedUrl, serveRestartably } from './faulty-server.ts';
import { createSmallWorkspace, smallRoomId } from '../workspaces/small-workspace.ts';

/** What a request for all messages meets: the status and text that came, or the code of the failure. */
async function meet(fault: Fault, headers: Readonly<Record<string, string>> = {}) {
  let met: unknown;
  // Only what is to wait is given up soon: a busy machine may need longer for an answer.
  const timeoutMs = fault.kind === 'hang' || (fault.kind === 'slow-drip' && fault.pieceBytes === 1) ? 300 : 30_000;
  await withDemoServer(
    createSmallWorkspace(100),
    { intercept: inflict(faultsAt({ 1: fault })) },
    async ({ served }) => {
      const url = `${served.url}/api/v1/groups.messages?roomId=${smallRoomId}&count=100`;
      try {
        const response = await fetch(url, {
          headers: { ...loginHeaders, ...headers },
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        met = { status: response.status, headers: response.headers, text: await response.text() };
      } catch (error) {
        met = codeOf(error);
      }
      // The next request is served as if nothing had been.
      const next = await fetch(url, { headers: loginHeaders });
      expect(await next.json()).toMatchObject({ count: 100, success: true });
      expect(served.requests.map(({ status }) => status)).toEqual([null, 200]);
    },
  );
  return met;
}

/** Not by instanceof: fetch throws errors of another realm than the one jest gives to tests. */
function codeOf(error: unknown): string {
  const { name, message, cause } = error as { name: string; message: string; cause?: { code?: string } };
  return name === 'TimeoutError' ? 'timeout' : (cause?.code ?? message);
}

describe('a fault', () => {
  it('resets the connection before or within the answer', async () => {
    expect(await meet({ kind: 'reset' })).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await meet({ kind: 'reset-mid-body' })).toMatch(/ECONNRESET|UND_ERR_SOCKET|terminated/);
  });

  it('leaves the client waiting', async () => {
    const faults: readonly Fault[] = [{ kind: 'hang' }, { kind: 'slow-drip', pieceBytes: 1, pauseMs: 20 }];
    expect(await Promise.all(faults.map((fault) => meet(fault)))).toEqual(['timeout', 'timeout']);
  });

  it('answers with something else', async () => {
    const { text } = (await meet({ kind: 'truncated-json' })) as { text: string };
    expect(text).toMatch(/^\{"messages":\[/);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(await meet({ kind: 'empty-body' })).toMatchObject({ status: 200, text: '' });
    expect(await meet({ kind: 'error-page', status: 503, retryAfterSeconds: 7 })).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^<!DOCTYPE html>/),
    });
    expect(await meet({ kind: 'login-page' })).toMatchObject({ status: 200, text: expect.stringContaining('Sign in') });
    const limited = (await meet({ kind: 'rate-limited', waitMs: 9_000 })) as { status: number; text: string };
    expect(limited.status).toBe(429);
    expect(limited.text).toContain('You must wait 9 seconds');
    expect(await meet({ kind: 'redirect', status: 302, location: 'http://127.0.0.1:1/' })).toMatchObject({
      status: 302,
    });
    expect(await meet({ kind: 'answer', status: 418, contentType: 'text/plain', body: 'tea' })).toMatchObject({
      text: 'tea',
    });
  });

  it('compresses, or drips, what is right all the same', async () => {
    for (const fault of [{ kind: 'gzip' }, { kind: 'slow-drip', pieceBytes: 5_000, pauseMs: 1 }] as const) {
      const { text } = (await meet(fault)) as { text: string };
      expect(JSON.parse(text)).toMatchObject({ count: 100 });
    }
  });
});

describe('a fault plan', () => {
  it('counts the requests of one endpoint', async () => {
    const plan = faultsOf('me', { 2: { kind: 'answer', status: 500, contentType: 'application/json', body: '{}' } });
    await withDemoServer(createSmallWorkspace(1), { intercept: inflict(plan) }, async ({ get }) => {
      const statuses = [];
      for (const endpoint of ['info', 'me', 'info', 'me', 'me']) statuses.push((await get(endpoint)).status);
      expect(statuses).toEqual([200, 200, 200, 500, 200]);
    });
  });

  it('is the same for the same seed', async () => {
    const run = async (seed: number): Promise<readonly number[]> => {
      const fault: Fault = { kind: 'answer', status: 502, contentType: 'application/json', body: '{}' };
      const statuses: number[] = [];
      await withDemoServer(
        createSmallWorkspace(1),
        { intercept: inflict(randomFaults(seed, 0.5, [fault])) },
        async ({ get }) => {
          for (let asked = 0; asked < 12; asked += 1) statuses.push((await get('info')).status);
        },
      );
      return statuses;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 502]));
    expect(await run(2)).not.toEqual(first);
  });
});

describe('a server that goes away', () => {
  it('refuses connections until it is back at its old address', async () => {
    const server = await serveRestartably(createSmallWorkspace(1));
    const ask = () => fetch(`${server.url}/api/info`).then(({ status }) => status, codeOf);
    expect(await ask()).toBe(200);
    await server.stop();
    expect(await ask()).toBe('ECONNREFUSED');
    await server.start();
    expect(await ask()).toBe(200);
    await server.stop();
    expect(await fetch(await refusedUrl()).then(({ status }) => status, codeOf)).toBe('ECONNREFUSED');
  });
});
