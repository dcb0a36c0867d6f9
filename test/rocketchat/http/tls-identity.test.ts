import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { UnreachableError, UsageError } from '../../../src/errors.ts';
import { connect, type ConnectOptions } from '../../../src/rocketchat/connect.ts';
import type { RocketChat } from '../../../src/model/rocketchat.ts';
import { runProgram } from '../../support/program/program.ts';
import { makeCertificates, type Certificates } from '../../support/network/certificates.ts';
import { json, workspace } from '../../support/network/loopback.ts';
import { impatientClock } from '../../support/clocks/impatient-clock.ts';

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => certificates.remove());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A workspace with a certificate of the private authority; `shown` names who each request came from. */
async function startServer({ wantsCertificate = false } = {}): Promise<{ port: number; shown: readonly string[] }> {
  const shown: string[] = [];
  const { cert, key } = certificates.server;
  const mutual = wantsCertificate ? { requestCert: true, ca: readFileSync(certificates.ca) } : {};
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ...mutual }, (request, response) => {
    const { socket } = request;
    if (socket instanceof TLSSocket) shown.push(socket.getPeerX509Certificate()?.subject ?? 'nobody');
    workspace((_, other) => json(other, 200, { success: true }))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, shown };
}

async function open(url: string, tls?: ConnectOptions['tls']): Promise<RocketChat> {
  const chat = await connect({
    ...{ url, clock: impatientClock(), concurrency: 4, random: () => 0 },
    login: { kind: 'token', userId: 'u1', authToken: 'a-personal-token' },
    ...(tls !== undefined && { tls }),
  });
  closers.push(() => chat.close());
  return chat;
}

async function failure(promise: Promise<unknown>): Promise<Error & { readonly hint?: string }> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('Expected an error');
  return error;
}

describe('TLS', () => {
  it('trusts the authority that the job names, and says what to do when none is named', async () => {
    const { port } = await startServer();
    const error = await failure(open(`https://127.0.0.1:${port}`));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.hint).toMatch(/server\.tls\.ca.*NODE_EXTRA_CA_CERTS/);
    const chat = await open(`https://127.0.0.1:${port}`, { ca: certificates.ca });
    expect(chat.user.username).toBe('archivist');
  });

  it('trusts what NODE_EXTRA_CA_CERTS names', async () => {
    const { port } = await startServer();
    const login = { ROCKETCHAT_USER_ID: 'u1', ROCKETCHAT_AUTH_TOKEN: 'a-personal-token' };
    const env = { ...login, ROCKETCHAT_URL: `https://127.0.0.1:${port}` };
    const without = await runProgram(['rooms'], { cwd: '/', env });
    expect(without.stderr).toContain('NODE_EXTRA_CA_CERTS');
    const withIt = await runProgram(['rooms'], { cwd: '/', env: { ...env, NODE_EXTRA_CA_CERTS: certificates.ca } });
    expect(withIt.stderr).not.toContain('certificate');
  });

  it('shows the client certificate that the job names, and says so when the server misses one', async () => {
    const { port, shown } = await startServer({ wantsCertificate: true });
    const error = await failure(open(`https://127.0.0.1:${port}`, { ca: certificates.ca }));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(`${error.message} ${error.hint ?? ''}`).toMatch(/client certificate.*server\.tls\.cert/);
    await open(`https://127.0.0.1:${port}`, { ca: certificates.ca, ...certificates.client });
    expect(shown).toEqual(['CN=client']);
  });

  it.each<[string, (made: Certificates) => ConnectOptions['tls'], RegExp, RegExp]>([
    [
      'an authority that is not there',
      () => ({ ca: '/nowhere/ca.pem' }),
      /tls\.ca.*\/nowhere\/ca\.pem.*ENOENT/,
      /path/,
    ],
    ['a key in place of a certificate', ({ client }) => ({ ca: client.key }), /tls\.ca.*no certificate/, /BEGIN CERT/],
    [
      'a key with a passphrase',
      ({ client, lockedKey }) => ({ cert: client.cert, key: lockedKey }),
      /tls\.key.*cannot|tls\.key.*no private key/,
      /passphrase/,
    ],
    [
      'a key of another certificate',
      ({ client, server }) => ({ cert: client.cert, key: server.key }),
      /tls\.key.*does not belong/,
      /pair/,
    ],
  ])('refuses %s before anything is asked', async (_, tls, message, hint) => {
    const error = await failure(open('https://127.0.0.1:1', tls(certificates)));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(JSON.stringify([error.message, error.hint, error.stack, String(error.cause)])).not.toMatch(/PRIVATE KEY/);
  });

  it('is hinted at when http is spoken to a port that wants it', async () => {
    const { port } = await startServer();
    const error = await failure(open(`http://127.0.0.1:${port}`));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.hint).toContain('https://');
  });
});
