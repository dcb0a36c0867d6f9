import type { ClientRequest } from 'node:http';

/** The look-up of the name, the connection and TLS. A resolver that gets no answer says so after some ten seconds. */
export const connectTimeoutMs = 15_000;

/**
 * From the start, not from the socket on: through a proxy there is none before the proxy has connected. One that is kept is
 * connected already.
 */
export function limitConnecting(request: ClientRequest, isTls: boolean, limitMs: number, onLate: () => void): void {
  if (request.reusedSocket) return;
  const timer = setTimeout(onLate, limitMs);
  const stop = (): void => clearTimeout(timer);
  request.once('close', stop);
  request.once('socket', (socket) => {
    if (!isTls && !socket.connecting) stop();
    else socket.once(isTls ? 'secureConnect' : 'connect', stop);
  });
}
