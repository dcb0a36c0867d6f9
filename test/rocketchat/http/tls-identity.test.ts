import { describe, expect, it } from '@jest/globals';
import { TLSSocket } from 'node:tls';
import { UnreachableError, UsageError } from '../../../src/errors.ts';
import type { RocketChat } from '../../../src/model/rocketchat.ts';
import type { ConnectOptions } from '../../../src/rocketchat/connect.ts';
import { closeAfterEach } from '../../support/close-after-each.ts';
import { failure } from '../../support/failure.ts';
import { testCertificates, type Certificates } from '../../support/network/certificates.ts';
import { json, workspace, type Handler } from '../../support/network/loopback.ts';
import { openChat } from '../../support/network/open-chat.ts';
import { serveTls } from '../../support/network/tls-server.ts';
import { runProgram } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const certificates = testCertificates();
const closeLater = closeAfterEach();

/** A workspace with a certificate of the private authority; `shown` names who each request came from. */
async function startServer(options = {}): Promise<{ port: number; shown: readonly string[] }> {
  const shown: string[] = [];
  const answer = workspace((_, response) => json(response, 200, { success: true }));
  const handler: Handler = (request, response) => {
    const { socket } = request;
    if (socket instanceof TLSSocket) shown.push(socket.getPeerX509Certificate()?.subject ?? 'nobody');
    answer(request, response);
  };
  const { port, close } = await serveTls(certificates(), handler, options);
  closeLater(close);
  return { port, shown };
}

const open = (url: string, tls?: ConnectOptions['tls']): Promise<RocketChat> =>
  openChat(closeLater, url, tls === undefined ? {} : { tls });

describe('TLS', () => {
  it('trusts the authority that the job names, and says what to do when none is named', async () => {
    const { port } = await startServer();
    const error = await failure(open(`https://127.0.0.1:${port}`));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.hint).toMatch(/server\.tls\.ca.*NODE_EXTRA_CA_CERTS/);
    const chat = await open(`https://127.0.0.1:${port}`, { ca: certificates().ca });
    expect(chat.user.username).toBe('archivist');
  });

  longIt('trusts what NODE_EXTRA_CA_CERTS names', async () => {
    const { port } = await startServer();
    const login = { ROCKETCHAT_USER_ID: 'u1', ROCKETCHAT_AUTH_TOKEN: 'a-personal-token' };
    const env = { ...login, ROCKETCHAT_URL: `https://127.0.0.1:${port}` };
    const without = await runProgram(['rooms'], { cwd: '/', env });
    expect(without.stderr).toContain('NODE_EXTRA_CA_CERTS');
    const withIt = await runProgram(['rooms'], { cwd: '/', env: { ...env, NODE_EXTRA_CA_CERTS: certificates().ca } });
    expect(withIt.stderr).not.toContain('certificate');
  });

  it('shows the client certificate that the job names, and says so when the server misses one', async () => {
    const { port, shown } = await startServer({ wantsCertificate: true });
    const error = await failure(open(`https://127.0.0.1:${port}`, { ca: certificates().ca }));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(`${error.message} ${error.hint ?? ''}`).toMatch(/client certificate.*server\.tls\.cert/);
    await open(`https://127.0.0.1:${port}`, { ca: certificates().ca, ...certificates().client });
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
    const error = await failure(open('https://127.0.0.1:1', tls(certificates())));
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
