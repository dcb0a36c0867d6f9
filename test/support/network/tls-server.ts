import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates.ts';
import type { Handler } from './loopback.ts';

/** A real HTTPS server on a free port of the loopback address; it may want a certificate from those who come. */
export async function serveTls(
  { ca, server: { cert, key } }: Certificates,
  handler: Handler,
  { wantsCertificate = false } = {},
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const mutual = wantsCertificate ? { requestCert: true, ca: readFileSync(ca) } : {};
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ...mutual }, handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
