import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { got } from 'got';
import { errorCode } from '../../errors.ts';
import type { FileFailure, FileResponse } from '../../model/rocketchat.ts';
import { parseServerUrl } from '../../server-url.ts';
import { tool } from '../../version.ts';
import type { ClientAgents } from '../http/client.ts';
import { limitConnecting, connectTimeoutMs } from '../limit-connecting.ts';
import { proxyAgents } from '../http/proxy-agent.ts';
import type { TlsIdentity } from '../http/tls-identity.ts';

interface FileDoorOptions {
  /** The workspace's address without a trailing slash. */
  readonly url: string;
  /** For a proxy in front of the workspace; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsIdentity;
  readonly proxyFor?: (url: string) => string | undefined;
  readonly signal: AbortSignal;
  /** How long a connection may be silent. */
  readonly idleMs: number;
}

/** Where files come from: the workspace, or the store that it sends us to. */
interface FileDoor {
  open(path: string, headers: Readonly<Record<string, string>>): Promise<FileResponse | FileFailure>;
  /** Adds the login. */
  authorize(headers: Readonly<Record<string, string>>): void;
  close(): void;
}

/** A store behind the workspace is one away, with a proxy or two in between. */
const mostRedirects = 5;

/** See client.ts: nothing of got that judges an answer or asks again. */
const plain = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  decompress: false,
  // The server compresses what it streams from GridFS when asked to, and then its ranges are of another content.
  // Source: apps/meteor/app/file-upload/server/config/GridFS.ts (readFromGridFS)
  headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': `${tool.name}/${tool.version}` },
});

/**
 * A redirect goes where the server says, which may be a store of somebody else's (302 to a signed address): there the token,
 * the credentials of a proxy in front and the client certificate have no business, nor on any way back.
 * Source: apps/meteor/app/file-upload/server/lib/FileUpload.ts (redirectToFile)
 */
export function createFileDoor({ url, headers: own, tls = {}, proxyFor, signal, idleMs }: FileDoorOptions): FileDoor {
  const home = new URL(url).origin;
  const agents = new Map<string, ClientAgents>();
  let login: Readonly<Record<string, string>> = {};

  function agentsFor(target: URL): ClientAgents | FileFailure {
    const text = proxyFor?.(target.href);
    const proxy = text === undefined ? undefined : parseServerUrl(text);
    if (proxy !== undefined && 'problem' in proxy) return failure(`the proxy of the environment: ${proxy.problem}`);
    const isTls = target.protocol === 'https:';
    const key = `${target.origin === home ? 'home' : target.protocol} ${text ?? ''}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    const made =
      proxy !== undefined
        ? proxyAgents(proxy, isTls)
        : isTls
          ? { https: new HttpsAgent({ keepAlive: true }) }
          : { http: new HttpAgent({ keepAlive: true }) };
    agents.set(key, made);
    return made;
  }

  /**
   * Avatars are shown to whoever has the login in a cookie or in the address, which is written to logs.
   * Source: apps/meteor/server/routes/avatar/utils.ts (isUserAuthenticated)
   */
  function cookieFor({ href }: URL): Readonly<Record<string, string>> {
    const { 'x-user-id': userId, 'x-auth-token': token } = login;
    if (!href.startsWith(`${url}/avatar/`) || userId === undefined || token === undefined) return {};
    return { cookie: `rc_uid=${encodeURIComponent(userId)}; rc_token=${encodeURIComponent(token)}` };
  }

  async function exchange(
    target: URL,
    headers: Readonly<Record<string, string>>,
    isHome: boolean,
  ): Promise<FileResponse | FileFailure> {
    const agent = agentsFor(target);
    if ('kind' in agent) return agent;
    const isTls = target.protocol === 'https:';
    const stream = plain.stream(target, {
      agent,
      headers: isHome ? { ...own, ...login, ...cookieFor(target), ...headers } : { ...headers },
      https: {
        ...(tls.ca !== undefined && { certificateAuthority: tls.ca }),
        ...(isHome && tls.cert !== undefined && { certificate: tls.cert }),
        ...(isHome && tls.key !== undefined && { key: tls.key }),
      },
    });
    const end = (): void => void stream.destroy(new Error('no more of it is wanted'));
    signal.addEventListener('abort', end, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', end));
    return new Promise((resolve) => {
      const late = (): void =>
        void stream.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
      stream.on('error', (error) => resolve(failure(errorCode(error) ?? 'no answer')));
      stream.on('request', (request: ClientRequest) => {
        request.setTimeout(idleMs, late);
        limitConnecting(request, isTls, connectTimeoutMs, late);
        request.once('proxyConnect', ({ statusCode }: { readonly statusCode?: number }) => {
          if (isTls && statusCode !== 200) stream.destroy(new Error(`the proxy refuses (${String(statusCode)})`));
        });
      });
      stream.on('response', ({ statusCode = 0, headers: received }: IncomingMessage) => {
        const texts = Object.entries(received).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' ? [[name, value]] : [],
        );
        const drop = (): void => void stream.destroy();
        resolve({ kind: 'response', status: statusCode, headers: Object.fromEntries(texts), body: stream, drop });
      });
    });
  }

  return {
    async open(path, headers) {
      let target = new URL(url + path);
      let isHome = true;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await exchange(target, headers, isHome);
        if (answer.kind === 'failure') return answer;
        const location = isRedirect(answer.status) ? answer.headers['location'] : undefined;
        if (location === undefined) return answer;
        answer.drop();
        const next = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
        const problem = redirectProblem(target, next);
        if (next === undefined || problem !== undefined) return failure(problem ?? 'it was sent to no address');
        if (redirects >= mostRedirects) return failure(`it was sent on more than ${mostRedirects} times`);
        isHome &&= next.origin === home;
        target = next;
      }
    },
    authorize(headers) {
      login = { ...login, ...headers };
    },
    close() {
      for (const each of agents.values()) ('http' in each ? each.http : each.https).destroy();
    },
  };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function redirectProblem(from: URL, to: URL | undefined): string | undefined {
  if (to === undefined || !['http:', 'https:'].includes(to.protocol)) return 'it was sent to no address of the web';
  if (to.username !== '' || to.password !== '') return 'it was sent to an address with credentials';
  // What comes without TLS may be anybody's.
  return from.protocol === 'https:' && to.protocol === 'http:' ? 'it was sent from https:// to http://' : undefined;
}

function failure(message: string): FileFailure {
  return { kind: 'failure', message };
}
