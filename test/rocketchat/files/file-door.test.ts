import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createFileDoor } from '../../../src/rocketchat/files/file-door.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function doorTo(url: string) {
  const { signal } = new AbortController();
  const door = createFileDoor({ url, headers: { authorization: 'Basic c2VjcmV0' }, signal, idleMs: 5_000 });
  door.authorize({ 'x-auth-token': 'token', 'x-user-id': 'user' });
  return door;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the door to files', () => {
  it('shows the login to the workspace, and asks for nothing compressed', async () => {
    let seen: IncomingHttpHeaders = {};
    const url = await serve((request, response) => {
      seen = request.headers;
      response.end('content');
    });
    const answer = await doorTo(url).open('/file-upload/a/b', { range: 'bytes=1-2' });
    expect(answer.kind === 'response' && (await textOf(answer.body))).toBe('content');
    expect(seen).toMatchObject({
      ...{ 'x-auth-token': 'token', 'x-user-id': 'user', authorization: 'Basic c2VjcmV0' },
      ...{ range: 'bytes=1-2', 'accept-encoding': 'identity' },
    });
  });

  it('never shows a redirect elsewhere who asks, nor on the way back', async () => {
    const seen: [string, IncomingHttpHeaders][] = [];
    let home = '';
    const store = await serve((request, response) => {
      seen.push(['store', request.headers]);
      response.writeHead(302, { location: `${home}/back` }).end();
    });
    home = await serve((request, response) => {
      seen.push(['home', request.headers]);
      if (request.url === '/back') response.end('content');
      else response.writeHead(302, { location: `${store}/signed?key=1` }).end();
    });
    const answer = await doorTo(home).open('/file-upload/a/b', {});
    expect(answer.kind === 'response' && (await textOf(answer.body))).toBe('content');
    expect(seen.map(([who, headers]) => [who, headers['x-auth-token'], headers.authorization])).toEqual([
      ['home', 'token', 'Basic c2VjcmV0'],
      ['store', undefined, undefined],
      ['home', undefined, undefined],
    ]);
  });

  it.each([
    ['in circles', '/again', 'it was sent on more than 5 times'],
    ['to no address of the web', 'file:///etc/passwd', 'it was sent to no address of the web'],
    ['to nowhere', 'http://', 'it was sent to no address of the web'],
    ['with credentials', 'http://u:p@127.0.0.1/', 'it was sent to an address with credentials'],
  ])('does not follow a redirect %s', async (_, location, message) => {
    const url = await serve((_request, response) => void response.writeHead(302, { location }).end());
    expect(await doorTo(url).open('/file-upload/a/b', {})).toEqual({ kind: 'failure', message });
  });

  it('says that a body was cut, and that nobody is there', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('ten bytes.', () => response.destroy());
    });
    const answer = await doorTo(url).open('/x', {});
    expect(answer.kind).toBe('response');
    await expect(answer.kind === 'response' && textOf(answer.body)).rejects.toThrow();
    expect(await doorTo('http://127.0.0.1:1').open('/x', {})).toEqual({ kind: 'failure', message: 'ECONNREFUSED' });
  });

  it('ends what is under way when the run ends', async () => {
    const ending = new AbortController();
    const url = await serve((_request, response) => void response.write('begin'));
    const door = createFileDoor({ url, headers: {}, signal: ending.signal, idleMs: 5_000 });
    const answer = await door.open('/x', {});
    const read = answer.kind === 'response' ? textOf(answer.body) : Promise.resolve('');
    ending.abort();
    await expect(read).rejects.toThrow();
  });
});
