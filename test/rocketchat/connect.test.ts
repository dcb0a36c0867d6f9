import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../src/system/clock.ts';
import { AccessError, InterruptedError, RoomError, StoppedError, UnreachableError } from '../../src/errors.ts';
import { answerBudgetBytes } from '../../src/rocketchat/http/answer-budget.ts';
import type { ConnectOptions } from '../../src/rocketchat/connect.ts';
import type { Login } from '../../src/model/login.ts';
import type { RocketChat } from '../../src/model/rocketchat.ts';
import { json, serve, workspace, type Handler, type Loopback } from '../support/network/loopback.ts';
import { impatientClock } from '../support/clocks/impatient-clock.ts';
import { closeAfterEach } from '../support/close-after-each.ts';
import { openChat } from '../support/network/open-chat.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { freePort } from '../support/network/free-port.ts';

const longIt = quickOrLong(it.skip, it);

const password: Login = { kind: 'password', user: 'archivist', password: 'correct horse' };

const closeLater = closeAfterEach();

async function listen(handler: Handler): Promise<Loopback> {
  const loopback = await serve(handler);
  closeLater(loopback.close);
  return loopback;
}

const open = (url: string, options: Partial<ConnectOptions> = {}): Promise<RocketChat> =>
  openChat(closeLater, url, options);

async function connected(handler: Handler, options: Partial<ConnectOptions> = {}) {
  const loopback = await listen(workspace(handler));
  return { ...loopback, chat: await open(loopback.url, options) };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('connect', () => {
  it('takes a token to /me, learns the version when it is asked for it, and never logs the token out: that would delete it', async () => {
    const { chat, seen } = await connected(() => undefined);
    expect(chat.user).toEqual({ id: 'u1', username: 'archivist' });
    expect(seen).toEqual(['GET /api/v1/me']);
    expect(await Promise.all([chat.version(), chat.version()])).toEqual(['8.8', '8.8']);
    await chat.close();
    expect(seen).toEqual(['GET /api/v1/me', 'GET /api/info']);
    expect(chat.counts()).toMatchObject({ me: { requests: 1, retries: 0 }, '/api/info': { requests: 1 } });
  });

  it('logs in by password, reads with the token it got, and logs that token out once', async () => {
    const logins: unknown[] = [];
    const tokens: unknown[] = [];
    const { url, seen } = await listen((request, response) => {
      tokens.push(request.headers['x-auth-token']);
      if (request.url !== '/api/v1/login') {
        json(response, 200, { success: true });
        return;
      }
      void readBody(request).then((body) => {
        logins.push(body);
        json(response, 200, {
          status: 'success',
          data: { userId: 'u1', authToken: 'made', me: { username: 'archivist', roles: ['user', 'bot', 1] } },
        });
      });
    });
    const chat = await open(url, { login: password });
    await chat.get('groups.messages', { roomId: 'r1' });
    await Promise.all([chat.close(), chat.close()]);
    expect(chat.roles).toEqual(['user', 'bot']);
    expect(logins).toEqual([{ user: 'archivist', password: 'correct horse' }]);
    expect(seen).toEqual(['POST /api/v1/login', 'GET /api/v1/groups.messages?roomId=r1', 'POST /api/v1/logout']);
    expect(tokens).toEqual([undefined, 'made', 'made']);
  });

  it('logs out what it logged in when connecting fails after all', async () => {
    const { url, seen } = await listen((request, response) => {
      if (request.url === '/api/v1/login') {
        json(response, 200, { data: { userId: 'u1', authToken: 'made' } });
        return;
      }
      json(response, 403, { success: false, error: 'unauthorized' });
    });
    await expect(open(url, { login: password })).rejects.toThrow(AccessError);
    expect(seen).toEqual(['POST /api/v1/login', 'GET /api/v1/me', 'POST /api/v1/logout']);
  });

  it('closes even when the server does not, or no longer, answer the logout', async () => {
    const { url, close, seen } = await listen((request, response) => {
      if (request.url === '/api/v1/login') {
        json(response, 200, { data: { userId: 'u1', authToken: 'made', me: { username: 'a' } } });
        return;
      }
      json(response, 404, {});
    });
    const chat = await open(url, { login: password });
    await close();
    await chat.close();
    expect(seen).not.toContain('POST /api/v1/logout');
  });

  it('does without the version where a proxy hides it, and asks only once', async () => {
    const { url, seen } = await listen((request, response) =>
      request.url === '/api/info' ? response.writeHead(502).end() : json(response, 200, { _id: 'u1', username: 'a' }),
    );
    const chat = await open(url);
    expect(await chat.version()).toBeNull();
    expect(await chat.version()).toBeNull();
    expect(seen).toEqual(['GET /api/v1/me', 'GET /api/info']);
  });

  it.each(['8.8', '8.8.1', '8.9.0-rc.2'])('tells the version %s', async (version) => {
    const { url } = await listen((request, response) =>
      json(response, 200, request.url === '/api/info' ? { version } : { _id: 'u1', username: 'a' }),
    );
    expect(await (await open(url)).version()).toBe(version);
  });

  it.each(['8.8\u001b[31mred', '8.8.1\n', '\u001b]0;title\u0007', 'eight', 8.8])(
    'tells no version that is none, for it would reach a terminal: %j',
    async (version) => {
      const { url } = await listen((request, response) =>
        json(response, 200, request.url === '/api/info' ? { version } : { _id: 'u1', username: 'a' }),
      );
      expect(await (await open(url)).version()).toBeNull();
    },
  );

  it('goes on when a route answers 401 to a login that is good, and asks `me` once for all of them', async () => {
    const { url, seen } = await listen((request, response) => {
      const isOpen = !(request.url ?? '').startsWith('/api/v1/groups.messages');
      if (isOpen) json(response, 200, { _id: 'u1', username: 'a' });
      else json(response, 401, { success: false, error: 'You may not [error-unauthorized]' });
    });
    const chat = await open(url);
    const refused = await Promise.allSettled(['r1', 'r2'].map((roomId) => chat.get('groups.messages', { roomId })));
    expect(refused).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { reason: 'not-allowed' } })));
    expect(seen.filter((line) => line.includes('/me'))).toHaveLength(2);
  });

  it('ends when a route answers 401 and `me` does, too', async () => {
    let isRevoked = false;
    const { url } = await listen((_, response) => {
      if (isRevoked) json(response, 401, { success: false, error: 'You must be logged in to do this.' });
      else json(response, 200, { _id: 'u1', username: 'a' });
    });
    const chat = await open(url);
    isRevoked = true;
    await expect(chat.get('groups.messages', { roomId: 'r1' })).rejects.toThrow(AccessError);
  });

  it('is refused at once when the token is not good: no retry', async () => {
    const { url, seen } = await listen((_, response) =>
      json(response, 401, { status: 'error', message: 'You must be logged in to do this.' }),
    );
    await expect(open(url)).rejects.toThrow(AccessError);
    expect(seen).toHaveLength(1);
  });

  it.each(['', 'token\n', 'to ken', 'tökèn'])('refuses the token %j before a header can break', async (authToken) => {
    await expect(open('http://127.0.0.1:1', { login: { kind: 'token', userId: 'u1', authToken } })).rejects.toThrow(
      AccessError,
    );
  });

  it('sends a user with a second factor to a personal access token', async () => {
    const { url, seen } = await listen((_, response) =>
      json(response, 401, {
        status: 'error',
        error: 'totp-required',
        details: { method: 'totp' },
        message: 'TOTP Required',
      }),
    );
    await expect(open(url, { login: password })).rejects.toMatchObject({
      kind: 'access',
      hint: expect.stringContaining('personal access token') as unknown,
    });
    expect(seen).toHaveLength(1);
  });

  it('gives up on a dead server after three attempts and little time', async () => {
    const clock = impatientClock();
    const url = `http://127.0.0.1:${String(await freePort())}`;
    await expect(open(url, { clock })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('nothing listens there (ECONNREFUSED); tried 3 times') as unknown,
    });
    expect(clock.slept).toEqual([500, 1_000]);
  });

  it.each([
    ['a web page', 200, '<!DOCTYPE html><title>Welcome</title>', /web page/],
    ['no API', 404, '{"status":"error","message":"API endpoint does not exist."}', /404/],
    ['another JSON service', 200, '{"hello":"world"}', /no "_id"/],
  ])('tells an address that serves %s from a workspace', async (_, status, body, words) => {
    const { url } = await listen((__, response) => response.writeHead(status).end(body));
    const failure = open(url);
    await expect(failure).rejects.toThrow(UnreachableError);
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('Check the url') as unknown });
  });

  it('says so when TLS meets a port without', async () => {
    const { url } = await listen(() => undefined);
    await expect(open(url.replace('http:', 'https:'))).rejects.toMatchObject({
      kind: 'unreachable',
      hint: expect.stringContaining('http://') as unknown,
    });
  });

  it('never carries credentials along a redirect', async () => {
    const other = await listen((_, response) => json(response, 200, { _id: 'thief' }));
    const { url, seen } = await listen((request, response) =>
      response.writeHead(302, { location: `${other.url}${request.url ?? ''}` }).end(),
    );
    await expect(open(url)).rejects.toThrow(`redirects to ${other.url}`);
    expect(seen).toHaveLength(1);
    expect(other.seen).toHaveLength(0);
  });

  it('finds a workspace under a path, behind a proxy with a login of its own', async () => {
    const authorizations: unknown[] = [];
    const { url, seen } = await listen((request, response) => {
      authorizations.push(request.headers.authorization);
      json(response, 200, { _id: 'u1', version: 8 });
    });
    const chat = await open(`${url.replace('//', '//proxy:hunter2@')}/chat/`);
    expect(chat).toMatchObject({ url, user: { id: 'u1', username: 'u1' }, roles: null });
    expect(await chat.version()).toBeNull();
    expect(seen).toEqual(['GET /chat/api/v1/me', 'GET /chat/api/info']);
    expect(authorizations[0]).toBe(`Basic ${Buffer.from('proxy:hunter2').toString('base64')}`);
  });

  it('does not begin when it is stopped already', async () => {
    const interrupt = new InterruptedError('SIGTERM');
    const signal = AbortSignal.abort(interrupt);
    await expect(open('http://127.0.0.1:1', { signal })).rejects.toBe(interrupt);
  });
});

describe('get', () => {
  it('answers the body verbatim and parsed, for a query as given', async () => {
    const text = '{ "messages": [],  "note": "äöü 😀", "success": true }';
    const { chat, seen } = await connected((_, response) => response.end(text));
    const answer = await chat.get('groups.messages', { roomId: 'a b&c', count: 100, offset: 0, sort: '{"ts":1}' });
    expect(answer.body.toString()).toBe(text);
    expect(answer.value).toEqual({ messages: [], note: 'äöü 😀', success: true });
    expect(new URL(seen[1]?.slice(4) ?? '', 'http://x').searchParams.toString()).toBe(
      new URLSearchParams({ roomId: 'a b&c', count: '100', offset: '0', sort: '{"ts":1}' }).toString(),
    );
  });

  it('asks for gzip and inflates it', async () => {
    const { chat } = await connected((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"success":true,"n":1}'));
    });
    expect((await chat.get('groups.messages', {})).body.toString()).toBe('{"success":true,"n":1}');
  });

  it.each(quickOrLong(['gzip'], ['gzip', 'identity']))('takes a page of 6 MB (%s)', async (encoding) => {
    const body = JSON.stringify({ messages: Array.from({ length: 5_000 }, (_, n) => ({ n, pad: 'x€'.repeat(300) })) });
    expect(Buffer.byteLength(body)).toBeGreaterThan(6_000_000);
    const sent = encoding === 'gzip' ? gzipSync(body) : body;
    const { chat } = await connected((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(sent),
    );
    const { value } = await chat.get('groups.messages', {});
    expect(value['messages']).toHaveLength(5_000);
  });

  it('keeps its sockets: as many as there are requests in flight, for however many requests', async () => {
    const { chat, sockets } = await connected((_, response) => json(response, 200, { success: true }));
    const worker = async () => {
      for (let request = 0; request < 20; request++) await chat.get('groups.messages', {});
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(sockets()).toBeLessThanOrEqual(4);
  });

  const whole = JSON.stringify({ success: true, messages: ['x'.repeat(50_000)] });
  const squeezed = gzipSync(whole);
  it.each<[string, Handler]>([
    ['a 502 of a proxy', (_, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['a 500 of the server', (_, response) => json(response, 500, { success: false, error: 'Oops' })],
    ['half a page of JSON', (_, response) => response.end(whole.slice(0, 30_000))],
    ['an empty answer', (_, response) => response.end()],
    ['a login page', (_, response) => response.end('<html>')],
    ['a connection that closes', (request) => request.socket.destroy()],
    [
      'a connection that breaks in the body',
      (request, response) => {
        response.writeHead(200, { 'content-length': whole.length });
        response.write(whole.slice(0, 30_000), () => request.socket.destroy());
      },
    ],
    [
      'a chunked body that breaks off',
      (request, response) => {
        response.write(whole.slice(0, 30_000), () => request.socket.destroy());
      },
    ],
    [
      'a gzip body that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(squeezed.subarray(0, squeezed.length - 20));
      },
    ],
    ['a gzip body that is none', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole)],
    ['an encoding nobody asked for', (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end(whole)],
    ['no HTTP', (request) => request.socket.end('SSH-2.0-OpenSSH\r\n\r\n')],
  ])('asks again after %s, and counts it', async (_, fault) => {
    const clock = impatientClock();
    let calls = 0;
    const { chat } = await connected(
      (request, response) => (calls++ < 2 ? fault(request, response) : json(response, 200, { success: true })),
      { clock },
    );
    await chat.get('groups.messages', { roomId: 'r1' });
    expect(chat.counts()['groups.messages']).toEqual({ requests: 3, retries: 2, rateLimited: 0, waitedMs: 0 });
    expect(clock.slept).toEqual([500, 1_000]);
  });

  it('asks again after a server that hangs', async () => {
    let calls = 0;
    const { chat } = await connected((_, response) => (calls++ < 1 ? undefined : json(response, 200, {})), {
      requestTimeoutMs: 150,
    });
    await chat.get('groups.messages', {});
    // A busy machine may be late with the second answer, too.
    expect(calls).toBeGreaterThanOrEqual(2);
    expect(chat.counts()['groups.messages']).toMatchObject({ requests: calls, retries: calls - 1 });
  });

  longIt('takes no answer whose decoded body is larger than all of them may be', async () => {
    const padded = gzipSync(`{"success":true,"pad":"${'a'.repeat(answerBudgetBytes)}"}`, { level: 1 });
    const { chat } = await connected((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(padded);
    });
    await expect(chat.get('groups.messages', { roomId: 'r', count: 1 })).rejects.toMatchObject({ reason: 'too-large' });
    expect(chat.counts()['groups.messages']).toMatchObject({ requests: 1 });
  });

  longIt('gives a large answer when those before it are done with, and small ones meanwhile', async () => {
    const pad = 'a'.repeat((answerBudgetBytes * 3) / 5);
    const large = gzipSync(`{"success":true,"pad":"${pad}"}`, { level: 1 });
    const { chat } = await connected((request, response) => {
      if (request.url?.includes('large') !== true) json(response, 200, { success: true });
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(large);
    });
    const [first, second] = [chat.reader(), chat.reader()];
    const read: string[] = [];
    await first.get('groups.messages', { roomId: 'large-1' });
    const waiting = second.get('groups.messages', { roomId: 'large-2' }).then(() => read.push('large'));
    while (chat.counts()['groups.messages']?.requests !== 2) await new Promise(setImmediate);
    for (let calls = 0; calls < 20; calls++) await chat.get('groups.messages', { roomId: 'small' });
    read.push('small');
    first.letGo();
    await waiting;
    expect(read).toEqual(['small', 'large']);
    second.letGo();
  });

  it('blames the room for failures that last while the server is well, and asks later with less patience', async () => {
    const { chat } = await connected((_, response) => response.writeHead(504).end());
    const failure = chat.get('groups.messages', { roomId: 'r1' });
    await expect(failure).rejects.toThrow(RoomError);
    await expect(failure).rejects.toMatchObject({
      reason: 'http-504',
      message: expect.stringContaining('tried 5 times') as unknown,
    });
    await expect(chat.get('groups.messages', { roomId: 'r1' })).rejects.toMatchObject({ reason: 'http-504' });
    expect(chat.counts()['groups.messages']).toMatchObject({ requests: 5 + 2, retries: 5 });
  });

  it('spends five minutes of a run on a room that fails slowly, and no more', async () => {
    const clock = impatientClock();
    let nowMs = 0;
    const { chat } = await connected(
      (_, response) => {
        nowMs += 120_000;
        return response.writeHead(504).end();
      },
      { clock: { ...clock, now: () => nowMs } },
    );
    for (const endpoint of ['groups.messages', 'chat.getMentionedMessages', 'chat.syncMessages']) {
      await expect(chat.get(endpoint, { roomId: 'r1' })).rejects.toMatchObject({ reason: 'http-504' });
    }
    await expect(chat.get('groups.messages', { roomId: 'r2' })).rejects.toMatchObject({ reason: 'http-504' });
    expect(chat.counts()).toMatchObject({
      'groups.messages': { requests: 3 + 3 },
      'chat.getMentionedMessages': { requests: 1 },
      'chat.syncMessages': { requests: 1 },
    });
  });

  it('stops the run, to be gone on with, when the server stays down', async () => {
    const events: unknown[] = [];
    let calls = 0;
    const { url } = await listen((_, response) =>
      calls++ === 0 ? json(response, 200, { _id: 'u1' }) : response.writeHead(503).end(),
    );
    const chat = await open(url, { onWait: (event) => events.push(event) });
    const failure = chat.get('groups.messages', { roomId: 'r1' });
    await expect(failure).rejects.toThrow(StoppedError);
    await expect(failure).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining('Cannot read "me"') as unknown,
    });
    expect(chat.counts()).toMatchObject({
      'groups.messages': { requests: 5, retries: 4 },
      me: { requests: 9, retries: 7 },
    });
    expect(events).toHaveLength(4 + 7);
    expect(events[0]).toMatchObject({ kind: 'retry', endpoint: 'groups.messages', ms: 500, attempt: 1 });
  });

  it('waits as long as a server in maintenance asks for', async () => {
    const clock = impatientClock();
    let calls = 0;
    const { chat } = await connected(
      (_, response) =>
        calls++ < 1 ? response.writeHead(503, { 'retry-after': '20' }).end() : json(response, 200, { success: true }),
      { clock },
    );
    await chat.get('groups.messages', {});
    expect(clock.slept).toEqual([20_000]);
  });

  it('asks a refusal only once', async () => {
    const { chat, seen } = await connected((_, response) =>
      json(response, 400, { success: false, error: 'The private group, ops, is archived [error-room-archived]' }),
    );
    const failure = chat.get('groups.messages', { roomId: 'r1' });
    await expect(failure).rejects.toThrow(RoomError);
    await expect(failure).rejects.toMatchObject({ reason: 'room-archived' });
    expect(seen).toHaveLength(2);
  });

  it('lets requests in flight bring their answers when it is stopped, and begins none', async () => {
    const abort = new AbortController();
    const interrupt = new InterruptedError('SIGINT');
    const held: (() => void)[] = [];
    let arrived = 0;
    // The first one is the probe that the others wait for.
    const { chat } = await connected(
      (_, response) => {
        if (arrived++ === 0) {
          json(response, 200, {});
          return;
        }
        held.push(() => json(response, 200, {}));
        if (held.length < 12) return;
        abort.abort(interrupt);
        for (const answer of held) answer();
      },
      { signal: abort.signal },
    );
    await chat.get('groups.messages', {});
    const requests = Array.from({ length: 12 }, () => chat.get('groups.messages', {}));
    const settled = await Promise.allSettled(requests);
    expect(settled.map((result) => result.status)).toEqual(Array(12).fill('fulfilled'));
    await expect(chat.get('groups.messages', {})).rejects.toBe(interrupt);
    expect(arrived).toBe(13);
  });

  it('does not wait for a server that is silent at the login when it is stopped', async () => {
    const abort = new AbortController();
    const interrupt = new InterruptedError('SIGINT');
    const silent = await listen(() => abort.abort(interrupt));
    await expect(open(silent.url, { signal: abort.signal })).rejects.toBe(interrupt);
  });

  longIt('does not wait a minute for pages of a silent server when it is stopped', async () => {
    const abort = new AbortController();
    const interrupt = new InterruptedError('SIGINT');
    const { chat } = await connected(() => abort.abort(interrupt), { signal: abort.signal });
    // Without an end to the patience this test would run into the silence of 60 s, and reject with a StoppedError.
    await expect(chat.get('groups.messages', {})).rejects.toBe(interrupt);
  });

  it('wakes from the pause before a retry when it is stopped', async () => {
    const abort = new AbortController();
    const { chat } = await connected((_, response) => response.writeHead(502).end(), {
      clock: systemClock,
      signal: abort.signal,
      onWait: () => abort.abort(),
    });
    await expect(chat.get('groups.messages', {})).rejects.toThrow(StoppedError);
    expect(chat.counts()['groups.messages']).toMatchObject({ requests: 1 });
  });

  // By a virtual clock: pacing/rate-limit.test.ts.
  longIt('spends windows of a real second to the last call, and meets one 429 at most', async () => {
    const limit = 10;
    const windows: number[] = [];
    let endsAtMs = 0;
    const { chat } = await connected(
      (_, response) => {
        if (Date.now() > endsAtMs) {
          endsAtMs = Date.now() + 1_000;
          windows.push(0);
        }
        const used = (windows.pop() ?? 0) + 1;
        windows.push(used);
        json(
          response,
          used > limit ? 429 : 200,
          { success: used <= limit },
          {
            'x-ratelimit-limit': String(limit),
            'x-ratelimit-remaining': String(Math.max(0, limit - used)),
            'x-ratelimit-reset': String(endsAtMs),
          },
        );
      },
      { clock: systemClock },
    );
    await Promise.all(Array.from({ length: 25 }, () => chat.get('groups.messages', {})));
    // The one call over the limit asks whether it holds for this login, unless that window is over by then.
    expect(windows.map((calls) => Math.min(calls, limit))).toEqual([10, 10, 5]);
    const { requests = 0, rateLimited = 0 } = chat.counts()['groups.messages'] ?? {};
    expect(requests).toBe(25 + rateLimited);
    expect(rateLimited).toBeLessThanOrEqual(1);
  });

  it('reads the rooms over the same door', async () => {
    const { chat, seen } = await connected((request, response) =>
      json(response, 200, {
        update: request.url?.includes('rooms.get') === true ? [] : [{ rid: 'r1', t: 'p', name: 'ops' }],
      }),
    );
    expect(await chat.rooms()).toMatchObject([{ id: 'r1', name: 'ops', type: 'private' }]);
    expect(seen.slice(1).sort()).toEqual(['GET /api/v1/rooms.get', 'GET /api/v1/subscriptions.get']);
  });
});
