import { afterEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { AccessError, UnreachableError, UsageError } from '../../../src/errors.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { RocketChat } from '../../../src/model/rocketchat.ts';
import type { ConnectOptions } from '../../../src/rocketchat/connect.ts';
import { proxyFor } from '../../../src/rocketchat/http/proxy-for.ts';
import { closeAfterEach } from '../../support/close-after-each.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { failure } from '../../support/failure.ts';
import { testCertificates } from '../../support/network/certificates.ts';
import { forwardProxy, type ForwardProxy, type ForwardProxyOptions } from '../../support/network/forward-proxy.ts';
import { json, serve, workspace, type Handler } from '../../support/network/loopback.ts';
import { openChat } from '../../support/network/open-chat.ts';
import { serveTls } from '../../support/network/tls-server.ts';
import { filesBelow, loginAt, runProgram } from '../../support/program/program.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const certificates = testCertificates();
const closeLater = closeAfterEach();
const inFolder = temporaryFolder();

const heard: IncomingMessage[] = [];
const answer = workspace((request, response) => json(response, 200, { success: true, path: request.url }));
const handler: Handler = (request, response) => {
  heard.push(request);
  answer(request, response);
};

/** A workspace on loopback; to whoever goes through the proxy it is `chat.test`. */
async function workspacePort(scheme: 'http' | 'https'): Promise<number> {
  heard.length = 0;
  if (scheme === 'https') {
    const { port, close } = await serveTls(certificates(), handler);
    closeLater(close);
    return port;
  }
  const { url, close } = await serve(handler);
  closeLater(close);
  return Number(new URL(url).port);
}

async function startProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const proxy = await forwardProxy(options);
  closeLater(proxy.close);
  return proxy;
}

const open = (url: string, proxy: string, options: Partial<ConnectOptions> = {}): Promise<RocketChat> =>
  openChat(closeLater, url, { tls: { ca: certificates().ca }, proxyFor: () => proxy, ...options });

/** Credentials with what has to be encoded in an address, and that address. */
function withCredentials(proxy: ForwardProxy): string {
  return proxy.url.replace('http://', 'http://jo%40corp:pa%3Ass%20word@');
}
const basic = `Basic ${Buffer.from('jo@corp:pa:ss word').toString('base64')}`;

describe('a proxy', () => {
  it('is asked for the whole address of a workspace without TLS, with its credentials, over one kept connection', async () => {
    const proxy = await startProxy({ target: await workspacePort('http') });
    const chat = await open('http://chat.test', withCredentials(proxy));
    const answer = await chat.get('groups.messages', { roomId: 'r1' });
    expect(answer.value).toMatchObject({ path: '/api/v1/groups.messages?roomId=r1' });
    expect(proxy.asked).toEqual([
      'GET http://chat.test/api/v1/me',
      'GET http://chat.test/api/v1/groups.messages?roomId=r1',
    ]);
    expect(proxy.sockets().accepted).toBe(1);
    expect(new Set(proxy.credentials)).toEqual(new Set([basic]));
    expect(heard.at(-1)?.headers).toMatchObject({ host: 'chat.test', 'x-auth-token': 'a-personal-token' });
  });

  it('is asked for a tunnel to a workspace with TLS, and hears nothing of what goes through it', async () => {
    const proxy = await startProxy({ target: await workspacePort('https') });
    const chat = await open('https://chat.test', withCredentials(proxy));
    await chat.get('groups.messages', {});
    await chat.get('groups.messages', {});
    expect(proxy.asked).toEqual(['CONNECT chat.test:443']);
    expect(proxy.credentials).toEqual([basic]);
    expect(heard).toHaveLength(3);
    expect(heard[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(heard[0]?.headers).toHaveProperty('x-auth-token');
  });

  it.each([
    ['http', 407, AccessError, /wants a user and password/, /HTTP_PROXY=/],
    ['https', 407, UnreachableError, /wants a user and password \(407\)/, /HTTPS_PROXY=/],
    ['https', 403, UnreachableError, /does not allow this server \(403\)/, /NO_PROXY/],
    ['https', 502, UnreachableError, /did not get through to the server \(502\)/, undefined],
  ] as const)(
    'of %s that answers %d is named, and its credentials are not',
    async (scheme, status, kind, text, hint) => {
      const proxy = await startProxy({ target: 1, instead: { status } });
      const error = await failure(open(`${scheme}://chat.test`, withCredentials(proxy)));
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(text);
      expect(error.message).toContain(`the proxy ${proxy.url}`);
      if (hint !== undefined) expect(error.hint).toMatch(hint);
      expect(JSON.stringify([error.message, error.hint, error.stack, error.cause])).not.toMatch(
        /pa:ss|pa%3A|jo@|jo%40/,
      );
    },
  );

  it('that is not there is told from a workspace that is not there', async () => {
    const error = await failure(open('https://chat.test', 'http://127.0.0.1:1'));
    expect(error.message).toContain('the proxy http://127.0.0.1:1: nothing listens there (ECONNREFUSED)');
    expect(error.hint).toContain('NO_PROXY');
  });

  it('that never answers ends with the request, and its connection with the client', async () => {
    const proxy = await startProxy({ target: 1, instead: 'hang' });
    const error = await failure(open('https://chat.test', proxy.url, { requestTimeoutMs: 100 }));
    expect(error.message).toContain('ETIMEDOUT');
    while (proxy.sockets().open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(proxy.sockets().accepted).toBeGreaterThan(0);
  });

  it('of a kind that is not supported is refused without being shown', async () => {
    const error = await failure(open('https://chat.test', 'socks5://jo:secret@127.0.0.1:1080'));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain('begins with https:// or http://');
    expect(error.message).not.toContain('secret');
  });

  it('is taken from the environment by the program, and shown without credentials', async () => {
    const proxy = await startProxy({ target: await workspacePort('http') });
    const env = {
      ...{ ROCKETCHAT_URL: 'http://chat.test', ROCKETCHAT_USER_ID: 'u1', ROCKETCHAT_AUTH_TOKEN: 'a-personal-token' },
      HTTP_PROXY: withCredentials(proxy),
      // The agents print what they do when this is set.
      DEBUG: '*',
    };
    const { stdout, stderr } = await runProgram(['rooms'], { cwd: '/', env });
    expect(proxy.asked[0]).toBe('GET http://chat.test/api/v1/me');
    expect(proxy.credentials[0]).toBe(basic);
    expect(stdout + stderr).not.toMatch(/pa:ss|pa%3A|jo@|jo%40/);
    expect(stdout + stderr).not.toContain(basic.slice('Basic '.length));
  });

  longIt('leads a whole run to the workspace', async () => {
    const served = await serveWorkspace(createSmallWorkspace(30));
    closeLater(() => served.close());
    const proxy = await startProxy({ target: Number(new URL(served.url).port) });
    await writeFile(
      inFolder('job.yaml'),
      'extract: [{ endpoint: groups.messages, rooms: ["*"] }]\nsinks: [{ format: jsonl }]\n',
    );
    const env = { ...loginAt('http://chat.test'), http_proxy: proxy.url, NO_PROXY: 'test' };
    const { code, stderr } = await runProgram(['run', 'job.yaml'], { cwd: inFolder(), env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(proxy.asked.filter((line) => line.startsWith('GET http://chat.test/api/v1/groups.messages?'))).not.toEqual(
      [],
    );
    expect((await filesBelow(inFolder('output/job/messages'))).length).toBeGreaterThan(0);
  });
});

describe('proxyFor', () => {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  const before = names.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  const both = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['https://chat.example.org', {}, undefined],
    ['https://chat.example.org', both, 'http://secure:1'],
    ['http://chat.example.org', both, 'http://plain:2'],
    ['https://chat.example.org', { https_proxy: 'http://small:3' }, 'http://small:3'],
    ['https://chat.example.org', { ALL_PROXY: 'http://all:4' }, 'http://all:4'],
    ['https://chat.example.org', { ...both, NO_PROXY: 'other.org, chat.example.org' }, undefined],
    ['https://chat.example.org', { ...both, NO_PROXY: '.example.org' }, undefined],
    ['https://chat.example.org', { ...both, no_proxy: '*' }, undefined],
    ['https://chat.example.org', { ...both, NO_PROXY: 'example.org' }, 'http://secure:1'],
    ['https://chat.example.org:8443', { ...both, NO_PROXY: 'chat.example.org:443' }, 'http://secure:1'],
    ['https://chat.example.org', { https_proxy: 'proxy:3128' }, 'http://proxy:3128'],
    ['https://chat.example.org', { ALL_PROXY: 'user:pass@proxy:3128' }, 'http://user:pass@proxy:3128'],
    ['https://chat.example.org', { HTTPS_PROXY: 'https://proxy:3128' }, 'https://proxy:3128'],
    ['http://127.0.0.1:3000', both, undefined],
    ['http://localhost:3000', both, undefined],
    ['http://[::1]:3000', both, undefined],
    ['http://127.example.org', both, 'http://plain:2'],
  ])('of %s with %j is %s', (url, env, expected) => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, env);
    expect(proxyFor(url)).toBe(expected);
  });
});
