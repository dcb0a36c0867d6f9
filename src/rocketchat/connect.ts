import { setMaxListeners } from 'node:events';
import type { Clock } from '../system/clock.ts';
import { abortError, UsageError } from '../errors.ts';
import { parseServerUrl } from '../server-url.ts';
import { AnswerBudget } from './http/answer-budget.ts';
import { AnswerHolder } from './http/answer-holder.ts';
import type { Call } from './http/call.ts';
import { createFileDoor } from './files/file-door.ts';
import { createToken } from './create-token.ts';
import { createClient, idleTimeoutMs } from './http/client.ts';
import { countChannels, listChannels, listDiscussions, lookUpRoom } from './rooms/list-readable.ts';
import { listRooms } from './rooms/list-rooms.ts';
import { RoomNames } from './rooms/room-names.ts';
import { hiddenTypes } from './hidden-types.ts';
import { logIn } from './login.ts';
import { type Login } from '../model/login.ts';
import { proxyAgents } from './http/proxy-agent.ts';
import { createRequester, type Requester } from './http/requester.ts';
import type { Answer, Query, RocketChat } from '../model/rocketchat.ts';
import { readTlsIdentity, type TlsFiles } from './http/tls-identity.ts';
import { createBudget, type NewBudget } from './pacing/budget.ts';
import { createWaiting, type WaitEvent } from './pacing/waiting.ts';

/** Which workspace, as whom, and how patiently. */
export interface ConnectOptions {
  /** The workspace's address, a path included if it lives under one. */
  readonly url: string;
  /** For a proxy in front, as the value of an `authorization` header; default: the credentials in the url, if any. */
  readonly basicAuth?: string;
  readonly login: Login;
  /** Whom to trust in place of the authorities that Node knows, and the certificate to show; read at once. */
  readonly tls?: TlsFiles;
  /** The proxy for an address, credentials included; default: none for any. */
  readonly proxyFor?: (url: string) => string | undefined;
  readonly clock: Clock;
  /** Requests in flight, over all endpoints; those that wait for a rate limit do not count. */
  readonly concurrency: number;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /**
   * Ends every pause and lets no request begin any more; those in flight have five seconds to bring their answers. Its
   * reason is thrown when it is one of our errors.
   */
  readonly signal?: AbortSignal;
  /** Milliseconds this connection may spend waiting for rate limits in all, on the clock; default: as long as it takes. */
  readonly maxWaitMs?: number;
  /** Longest time for one request, answer included; default 5 minutes. A server that is silent for 60 s hangs anyway. */
  readonly requestTimeoutMs?: number;
  readonly onWait?: (event: WaitEvent) => void;
  /** Makes the budget of each endpoint; default: one that this connection alone spends. @internal */
  readonly newBudget?: NewBudget;
  /** Called with the answers that are no pages: `me`, `/api/info`, the room list. Never with that of a login. @internal */
  readonly onAnswer?: (answer: RunAnswer) => void;
}

export interface RunAnswer {
  readonly endpoint: string;
  readonly params: Readonly<Record<string, string>>;
  /** Verbatim. */
  readonly body: Buffer;
}

const defaultRequestTimeoutMs = 300_000;

/** After an interruption: for pages in flight, which are saved. Docker kills ten seconds after it has asked. */
const lastAnswersPatienceMs = 5_000;

/** Ending the session is a courtesy: it must not hold up the end of a run. */
const logoutPatienceMs = 5_000;

/**
 * Logs in, and returns the workspace's one door, which waits for rate limits and retries. The caller closes it.
 *
 * @throws UsageError for a `url` or a proxy that is no address, and for files of `tls` that cannot be used; AccessError
 *   when the login is not good; UnreachableError when no Rocket.Chat responds; for an aborted signal its reason when that
 *   is an ExportError, else StoppedError
 */
export async function connect(options: ConnectOptions): Promise<RocketChat> {
  const { clock, login, random, signal } = options;
  if (signal?.aborted === true) throw abortError(signal);
  const address = parseServerUrl(options.url);
  if ('problem' in address) {
    throw new UsageError(`Cannot use the url of the server: ${address.problem}`, {
      hint: 'Write it like https://chat.example.org',
    });
  }
  const { url, origin, basicAuth = options.basicAuth } = address;
  const proxyText = options.proxyFor?.(url);
  const proxy = proxyText === undefined ? undefined : parseServerUrl(proxyText);
  if (proxy !== undefined && 'problem' in proxy) {
    throw new UsageError(`Cannot use the proxy that the environment names for ${origin}: ${proxy.problem}`, {
      hint: 'Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or list the host of the server in NO_PROXY',
    });
  }
  const isTls = url.startsWith('https:');
  const secrets = [
    ...address.secrets,
    ...(proxy?.secrets ?? []),
    ...basicSecrets(basicAuth),
    login.kind === 'token' ? login.authToken : login.password,
  ];
  const requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  const headers = basicAuth === undefined ? {} : { authorization: basicAuth };
  const tls = options.tls === undefined ? {} : { tls: await readTlsIdentity(options.tls) };
  const client = createClient({
    url,
    headers,
    requestTimeoutMs,
    ...tls,
    budget: new AnswerBudget(options.concurrency),
    ...(proxy !== undefined && { agents: proxyAgents(proxy, isTls) }),
  });

  // Every pause listens to it, and there may be dozens: the caller's own signal gets one listener.
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const end = (): void => ending.abort(signal?.reason);
  let lastAnswers: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    end();
    lastAnswers = setTimeout(() => client.cancelAll(), isLoggedIn ? lastAnswersPatienceMs : 0);
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  const { proxyFor } = options;
  const files = createFileDoor({
    url,
    headers,
    ...tls,
    signal: ending.signal,
    idleMs: Math.min(requestTimeoutMs, idleTimeoutMs),
    ...(proxyFor !== undefined && { proxyFor }),
  });

  const waiting = createWaiting({
    clock,
    signal: ending.signal,
    maxWaitMs: options.maxWaitMs ?? Infinity,
    onWait: options.onWait ?? (() => undefined),
  });
  const roomNames = new RoomNames();
  const requester = createRequester({
    roomNames,
    client,
    concurrency: options.concurrency,
    clock,
    random,
    waiting,
    url,
    secrets,
    newBudget: options.newBudget ?? createBudget,
    ...(proxy !== undefined && { proxy: proxy.origin }),
  });
  const noted = async (call: Call): Promise<Answer> => {
    const answer = await requester.call(call);
    const params = Object.fromEntries(Object.entries(call.query ?? {}).map(([name, value]) => [name, String(value)]));
    // The answer to a login holds a token.
    if (call.method === 'GET') options.onAnswer?.({ endpoint: call.endpoint, params, body: answer.body });
    return answer;
  };
  const list = (endpoint: string, query: Query) => noted({ method: 'GET', endpoint, query, phase: 'running' });
  const addSecret = (secret: string): void => void secrets.push(secret);
  /** Before, no answer is worth waiting for. */
  let isLoggedIn = false;
  let loggedInByUs = false;
  let closing: Promise<void> | undefined;
  let version: Promise<string | null> | undefined;

  async function close(): Promise<void> {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(lastAnswers);
    end();
    client.cancelAll();
    if (loggedInByUs) {
      const patience = setTimeout(() => client.cancelAll(), logoutPatienceMs);
      await client.send({ method: 'POST', path: '/api/v1/logout', query: {} });
      clearTimeout(patience);
    }
    client.close();
    files.close();
  }

  try {
    const { user, roles, madeByUs } = await logIn(login, {
      call: noted,
      authorize: (headers) => {
        client.authorize(headers);
        files.authorize(headers);
        loggedInByUs = login.kind === 'password';
      },
      addSecret,
    });
    loggedInByUs = madeByUs;
    isLoggedIn = true;
    return {
      url: origin,
      user,
      roles,
      version: () => (version ??= readVersion(noted)),
      get: (endpoint, query, extent) => requester.call(pageCall(endpoint, query, extent)),
      reader: () => {
        const holder = new AnswerHolder();
        return {
          get: (endpoint, query, extent) => requester.call(pageCall(endpoint, query, extent), holder),
          letGo: () => holder.letGo(),
        };
      },
      rooms: (onRefusal) => roomNames.fromList(listRooms(list, user, onRefusal)),
      channels: () => roomNames.fromList(listChannels(list, user)),
      countChannels: () => countChannels(list),
      discussions: (roomId) => roomNames.fromList(listDiscussions(list, user, roomId)),
      room: (roomId) => lookUpRoom(list, user, roomId),
      hiddenTypes: () => hiddenTypes(list),
      createToken: (name, code) => createToken(name, code, { call: (call) => requester.call(call), addSecret }),
      openFile: (path, headers) => files.open(path, headers),
      counts: () => requester.counts(),
      rateLimits: () => requester.rateLimits(),
      serverNowMs: () => requester.serverNowMs(),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function pageCall(endpoint: string, query: Query, extent: 'outline' | undefined): Call {
  return { method: 'GET', endpoint, query, phase: 'running', ...(extent && { extent }) };
}

/** `8.8`, or `8.8.1` and `8.9.0-rc.2` for logins that may see statistics. Source: server/api/lib/getServerInfo.ts */
const versionShape = /^\d{1,4}\.\d{1,4}(\.\d{1,4}(-[0-9A-Za-z.-]{1,40})?)?$/;

/** `/api/info` shows everybody major.minor; some proxies hide it, and nothing depends on it. */
async function readVersion(call: Requester['call']): Promise<string | null> {
  try {
    const { version } = (await call({ method: 'GET', endpoint: '/api/info', phase: 'connecting', once: true })).value;
    return typeof version === 'string' && versionShape.test(version) ? version : null;
  } catch {
    return null;
  }
}

function basicSecrets(basicAuth: string | undefined): readonly string[] {
  const encoded = basicAuth?.replace(/^Basic /, '');
  if (encoded === undefined) return [];
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return [encoded, password].filter((secret) => secret !== '');
}
