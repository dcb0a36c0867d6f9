import { createServer, request as requestHttp, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface ForwardProxy {
  /** Without credentials. */
  readonly url: string;
  /** What it was asked for: `GET http://chat.test/api/v1/me`, `CONNECT chat.test:443`. */
  readonly asked: readonly string[];
  /** `Proxy-Authorization` of each of them. */
  readonly credentials: readonly (string | undefined)[];
  /** TCP connections accepted so far, and those of them that are still open. */
  readonly sockets: () => { readonly accepted: number; readonly open: number };
  readonly close: () => Promise<void>;
}

export interface ForwardProxyOptions {
  /** Port on loopback that every host leads to. */
  readonly target: number;
  /** Answer to everything in place of passing it on; `hang` never answers. */
  readonly instead?: { readonly status: number } | 'hang';
}

/** A proxy as companies have them (RFC 9110, 7.6 and 9.3.6): absolute addresses for HTTP, CONNECT for what is in TLS. */
export async function forwardProxy({ target, instead }: ForwardProxyOptions): Promise<ForwardProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  let accepted = 0;
  let open = 0;
  const note = ({ method, url, headers }: IncomingMessage): void => {
    asked.push(`${method ?? ''} ${url ?? ''}`);
    credentials.push(headers['proxy-authorization']);
  };
  const server = createServer((request, response) => {
    note(request);
    if (instead === 'hang') return;
    if (instead !== undefined) {
      response.writeHead(instead.status, { 'content-type': 'text/html' }).end('<html>the proxy</html>');
      return;
    }
    const { pathname, search, host } = new URL(request.url ?? '');
    const headers = { ...request.headers, host };
    const onward = requestHttp(
      { host: '127.0.0.1', port: target, method: request.method, path: pathname + search, headers },
      (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)),
    );
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    note(request);
    socket.on('error', () => undefined);
    // Nobody else reads it any more, and so would hear that the other side has gone.
    if (instead === 'hang') socket.on('end', () => socket.destroy()).resume();
    if (instead === 'hang') return;
    if (instead !== undefined) {
      socket.end(`HTTP/1.1 ${instead.status} No\r\nContent-Length: 2\r\n\r\n{}`);
      return;
    }
    const onward = connect(target, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
    onward.on('error', () => socket.destroy());
    socket.once('close', () => onward.destroy());
    onward.pipe(socket).pipe(onward);
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    accepted++;
    open++;
    sockets.add(socket);
    socket.once('close', () => open--);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    credentials,
    sockets: () => ({ accepted, open }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
