import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const config = `[tsa]
default_tsa = own
[own]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
`;

export interface ServedTsa {
  readonly url: string;
  /** Path of the PEM: whom a third party has to trust. */
  readonly certificate: string;
  /** Whether it answers; false: HTTP 503. */
  isUp: boolean;
  close(): Promise<void>;
}

/** A time stamping authority (RFC 3161) made of openssl's own, on loopback. @param folder for its files */
export async function serveOpensslTsa(folder: string): Promise<ServedTsa> {
  const run = (...args: readonly string[]) => execute('openssl', [...args], { cwd: folder });
  await writeFile(join(folder, 'tsa.cnf'), config);
  await writeFile(join(folder, 'serial'), '01\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'tsa.key'];
  const usage = ['-addext', 'extendedKeyUsage=critical,timeStamping'];
  await run('req', '-x509', ...key, '-out', 'tsa.pem', '-subj', '/CN=Test TSA', '-days', '2', ...usage);
  const tsa = { isUp: true };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isQuery = request.headers['content-type'] === 'application/timestamp-query';
      const answer = async (): Promise<void> => {
        if (!tsa.isUp || !isQuery) return void response.writeHead(503).end();
        await writeFile(join(folder, 'query.tsq'), Buffer.concat(chunks));
        const signer = ['-inkey', 'tsa.key', '-signer', 'tsa.pem'];
        await run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', ...signer, '-out', 'reply.tsr');
        const { stdout } = await execute('cat', [join(folder, 'reply.tsr')], { encoding: 'buffer' });
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(stdout);
      };
      answer().catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(tsa, {
    url: `http://127.0.0.1:${port}/tsr`,
    certificate: join(folder, 'tsa.pem'),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  });
}
