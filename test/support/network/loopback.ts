import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Loopback {
  readonly url: string;
  /** `GET /api/v1/me`, in the order of arrival. */
  readonly seen: readonly string[];
  /** TCP connections accepted so far. */
  readonly sockets: () => number;
  readonly server: Server;
  readonly close: () => Promise<void>;
}

/** A real HTTP server on a free port of the loopback address. */
export async function serve(handler: Handler): Promise<Loopback> {
  const seen: string[] = [];
  let sockets = 0;
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    handler(request, response);
  });
  server.on('connection', () => sockets++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    sockets: () => sockets,
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers what every connection begins with, and leaves the rest to `handler`. */
export function workspace(handler: Handler): Handler {
  return (request, response) => {
    switch (request.url ?? '') {
      case '/api/v1/me':
        json(response, 200, { _id: 'u1', username: 'archivist', success: true });
        break;
      case '/api/info':
        json(response, 200, { version: '8.8', success: true });
        break;
      default:
        handler(request, response);
    }
  };
}
