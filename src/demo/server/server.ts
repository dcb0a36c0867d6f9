import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerCall } from './answer-call.ts';
import { endpoints } from './endpoints/registry.ts';
import type { Exchange, RequestRecord } from './exchange.ts';
import { answerAvatar, isAvatarPath } from './files/answer-avatar.ts';
import { answerFile, isFilePath } from './files/answer-file.ts';
import { parseParams } from './params.ts';
import { RateLimiter } from './rate-limiter.ts';
import { jsonReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { defaultRules } from './rules.ts';
import type { Rules } from './rules.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface ServedWorkspace {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** The rules in force: changes hold from the next request on. */
  readonly rules: Rules;
  /** Every request so far, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const apiRoot = '/api/v1/';

/**
 * Serves a workspace on 127.0.0.1 by the rules of a Rocket.Chat server: the part of its REST API that an exporter of
 * messages uses. Port 0 takes any free port.
 *
 * The rate limiter's counters live as long as the server, sessions as long as the workspace, as with a real restart.
 */
export async function serveWorkspace(
  workspace: Workspace,
  rules: Partial<Rules> = {},
  { port = 0 }: { readonly port?: number } = {},
): Promise<ServedWorkspace> {
  const inForce: Rules = { ...defaultRules, ...rules };
  const limiter = new RateLimiter(inForce.now());
  const requests: RequestRecord[] = [];
  let arrived = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    arrived += 1;
    const number = arrived;
    const target = request.url ?? '/';
    const queryAt = target.indexOf('?');
    const path = queryAt < 0 ? target : target.slice(0, queryAt);
    const endpoint = path.startsWith(apiRoot) ? path.slice(apiRoot.length) : path;
    const method = request.method ?? 'GET';
    const params = parseParams(queryAt < 0 ? '' : target.slice(queryAt + 1));
    const body = method === 'POST' ? await readJson(request) : undefined;
    if (inForce.latencyMs > 0) await sleep(inForce.latencyMs);
    let made: Reply | undefined;
    // A client may set its clock by the server's, so the header has to follow the rules' clock.
    response.setHeader('date', new Date(inForce.now()).toUTCString());
    const asked = { workspace, rules: inForce, path, params, headers: request.headers };
    const reply = (): Reply => {
      made ??= isFilePath(path)
        ? answerFile(asked)
        : isAvatarPath(path)
          ? answerAvatar(asked)
          : answerCall(endpoints, limiter, { ...asked, method, body, address: addressOf(request) });
      return made;
    };
    const exchange: Exchange = { number, method, endpoint, params, settings: inForce, request, response, reply };
    const taken = inForce.intercept?.(exchange) ?? false;
    requests.push({ number, method, endpoint, params, status: taken ? null : reply().status });
    if (!taken) send(response, reply());
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A bug of this server, or of a test's intercept: say so in the answer instead of leaving the client to hang.
      if (response.headersSent) response.destroy();
      else send(response, jsonReply(500, { success: false, error: String(error) }));
    });
  });
  // A client that reuses an idle connection must not meet its closing: that fault is for tests to ask for.
  server.keepAliveTimeout = 60_000;
  server.headersTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server should have a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    rules: inForce,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Whom the limiter counts: the address that a proxy in front names, as with HTTP_FORWARDED_COUNT unset.
 *
 * Source: server/api/v1/middlewares/remoteAddressMiddleware.ts
 */
function addressOf({ headers, socket }: IncomingMessage): string {
  const named = headers['x-real-ip'];
  return typeof named === 'string' && named !== '' ? named : (socket.remoteAddress ?? '');
}

/** Writes a reply as the server does. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return parsed;
  } catch {
    return undefined;
  }
}
