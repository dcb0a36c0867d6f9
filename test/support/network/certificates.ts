import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

export interface Certificates {
  /** Paths of PEM files. */
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
  /** The key of `client`, encrypted. */
  readonly lockedKey: string;
}

/** The certificates of the tests of one file, from its first test on. */
export function testCertificates(): () => Certificates {
  let made: Certificates | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  beforeAll(() => {
    made = makeCertificates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return () => {
    if (made === undefined) throw new Error('There are no certificates before the first test');
    return made;
  };
}

/** A private authority, a server `chat.test` (also 127.0.0.1) and a client that it vouches for; for a day. */
function makeCertificates(folder: string): Certificates {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-days', '1', '-subj', '/CN=Test CA', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
  for (const [name, extensions] of [
    ['server', 'subjectAltName=DNS:chat.test,IP:127.0.0.1'],
    ['client', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    writeFileSync(at(`${name}.ext`), extensions);
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`);
    const signed = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca-key.pem',
      '-CAcreateserial',
      '-days',
      '1',
      '-extfile',
      `${name}.ext`,
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
  }
  openssl('pkey', '-in', 'client-key.pem', '-aes256', '-passout', 'pass:open-sesame', '-out', 'locked-key.pem');
  return {
    ca: at('ca.pem'),
    server: { cert: at('server.pem'), key: at('server-key.pem') },
    client: { cert: at('client.pem'), key: at('client-key.pem') },
    lockedKey: at('locked-key.pem'),
  };
}
