import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/** An Ed25519 key that signs. It never shows itself. */
export interface SigningKey {
  /** See PublicKey.text. */
  readonly publicKey: string;
  /** 64 bytes; the same ones each time for the same bytes (RFC 8032). */
  readonly sign: (bytes: Uint8Array) => Buffer;
}

/**
 * Reads a private key as `keygen` and `openssl genpkey -algorithm ed25519` write it.
 *
 * @returns what is wrong with it otherwise, without a word of its content
 */
export function parseSigningKey(pem: string): SigningKey | { readonly problem: string } {
  if (pem.includes('BEGIN OPENSSH PRIVATE KEY')) {
    return { problem: 'it is a key of OpenSSH, expected PKCS#8: `keygen` makes one' };
  }
  if (pem.includes('ENCRYPTED')) return { problem: 'it is encrypted, expected a key without a passphrase' };
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return { problem: 'expected a private key as PEM: "-----BEGIN PRIVATE KEY-----"' };
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    return { problem: `its key is of kind ${key.asymmetricKeyType ?? 'unknown'}, expected Ed25519` };
  }
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (bytes) => sign(null, bytes, key),
  };
}
