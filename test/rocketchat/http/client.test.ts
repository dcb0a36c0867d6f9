import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { createClient, type Client, type WireRequest } from '../../../src/rocketchat/http/client.ts';
import { closeAfterEach } from '../../support/close-after-each.ts';
import { json, serve, type Handler } from '../../support/network/loopback.ts';

const closeLater = closeAfterEach();

function clientOf(url: string, options: { readonly timeoutMs?: number; readonly token?: string } = {}): Client {
  const { timeoutMs = 10_000, token = 'secret' } = options;
  const client = createClient({ url, headers: { 'x-auth-token': token }, requestTimeoutMs: timeoutMs });
  closeLater(() => client.close());
  return client;
}

async function listen(handler: Handler): Promise<string> {
  const { url, close } = await serve(handler);
  closeLater(close);
  return url;
}

const get: WireRequest = { method: 'GET', path: '/api/v1/me', query: {} };

describe('createClient', () => {
  it('sends what it was given, says who it is, and no more', async () => {
    const requests: IncomingMessage[] = [];
    const url = await listen((request, response) => {
      requests.push(request);
      request.resume().on('end', () => json(response, 200, {}));
    });
    const client = clientOf(url);
    await client.send(get);
    client.authorize({ 'x-auth-token': 'newer' });
    await client.send({ method: 'POST', path: '/api/v1/login', query: {}, json: { user: 'ü' } });
    const [first, second] = requests;
    const agent = expect.stringMatching(/^rocketchat-export\/\d/) as unknown;
    const always = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': agent };
    expect(first?.headers).toEqual({
      ...always,
      ...{ 'x-auth-token': 'secret', host: new URL(url).host, connection: 'keep-alive' },
    });
    expect(second).toMatchObject({ method: 'POST', url: '/api/v1/login' });
    expect(second?.headers).toMatchObject({
      ...always,
      ...{ 'x-auth-token': 'newer', 'content-type': 'application/json', 'content-length': '13' },
    });
  });

  it.each<[string, Handler]>([
    ['before the answer', () => undefined],
    ['within the answer', (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('{')],
  ])('ends a request that hangs %s, and its connection', async (_, hang) => {
    let closed: Promise<unknown> | undefined;
    const url = await listen((request, response) => {
      closed = new Promise((resolve) => request.socket.once('close', resolve));
      hang(request, response);
    });
    const result = await clientOf(url, { timeoutMs: 100 }).send(get);
    expect(result).toMatchObject({ kind: 'failure', failure: { code: 'ETIMEDOUT' } });
    await closed;
  });

  it('ends an answer that drips for longer than a request may take', async () => {
    const url = await listen((_, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(timer));
    });
    const result = await clientOf(url, { timeoutMs: 200 }).send(get);
    expect(result).toMatchObject({ kind: 'failure', failure: { code: 'ETIMEDOUT' } });
  });

  it('ends a TLS handshake that nobody answers', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    closeLater(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const result = await clientOf(`https://127.0.0.1:${port}`, { timeoutMs: 100 }).send(get);
    expect(result).toMatchObject({ kind: 'failure', failure: { code: 'ETIMEDOUT' } });
  });

  it('cancels whatever is in flight, and can be asked again', async () => {
    let arrived = 0;
    const client = clientOf(
      await listen((_, response) => {
        arrived++;
        if (arrived === 1) return;
        if (arrived > 2) json(response, 200, {});
        else response.writeHead(200).write('{', () => setTimeout(() => client.cancelAll(), 20));
      }),
    );
    const results = Promise.all([client.send(get), client.send(get)]);
    expect(await results).toEqual([{ kind: 'cancelled' }, { kind: 'cancelled' }]);
    expect(await client.send(get)).toMatchObject({ kind: 'response' });
  });

  it('answers a failure without the value for a header that HTTP cannot carry', async () => {
    const result = await clientOf(await listen(() => undefined), { token: 'two\nlines' }).send(get);
    expect(result).toMatchObject({ kind: 'failure', failure: { code: 'ERR_INVALID_CHAR' } });
    expect(JSON.stringify(result)).not.toContain('two');
  });
});
