import { errorCode, UsageError } from '../../errors.ts';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What TLS needs beside the address, as PEM. */
export interface TlsIdentity {
  /** Trusted in place of the authorities that Node knows. */
  readonly ca?: string;
  /** What the server is shown, with the chain that leads to its authority. */
  readonly cert?: string;
  /** Of `cert`, not encrypted. */
  readonly key?: string;
}

/** The same, as absolute paths of files. */
export type TlsFiles = { readonly [Part in keyof TlsIdentity]: string };

/**
 * Reads what a job names, anew for each connection: certificates are renewed while a schedule runs.
 *
 * @throws UsageError that names the file and never holds any of its text
 */
export async function readTlsIdentity(files: TlsFiles): Promise<TlsIdentity> {
  const ca = files.ca === undefined ? undefined : await readPem('ca', files.ca);
  const cert = files.cert === undefined ? undefined : await readPem('cert', files.cert);
  const key = files.key === undefined ? undefined : await readPem('key', files.key);
  for (const [part, pem, path] of [['ca', ca, files.ca] as const, ['cert', cert, files.cert] as const]) {
    if (pem !== undefined && path !== undefined) parseCertificate(part, pem, path);
  }
  if (key !== undefined && files.key !== undefined) {
    const parsed = parseKey(key, files.key);
    if (cert !== undefined && !new X509Certificate(cert).checkPrivateKey(parsed)) {
      throw problem(
        'key',
        files.key,
        'does not belong to the certificate in server.tls.cert',
        'Name the two of one pair',
      );
    }
  }
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

async function readPem(part: keyof TlsIdentity, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw problem(part, path, `cannot be read (${code})`, 'Check the path and the permissions of the file');
  }
}

function parseCertificate(part: keyof TlsIdentity, pem: string, path: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw problem(part, path, 'holds no certificate', 'Expected PEM: it begins with -----BEGIN CERTIFICATE-----');
  }
}

function parseKey(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const hint = 'Expected PEM without a passphrase; "openssl pkey -in <file> -out <new file>" takes one off';
    throw problem('key', path, 'holds no private key that can be read', hint);
  }
}

function problem(part: keyof TlsIdentity, path: string, what: string, hint: string): UsageError {
  return new UsageError(`Cannot use server.tls.${part}: the file "${path}" ${what}`, { hint });
}
