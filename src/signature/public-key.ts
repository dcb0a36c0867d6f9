import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** An Ed25519 key that signatures are checked with. */
export interface PublicKey {
  /** Base64 of the DER of its SubjectPublicKeyInfo (RFC 8410), as manifests have it. */
  readonly text: string;
  readonly key: KeyObject;
  /** The 32 bytes of the key alone, as SSH has it. */
  readonly raw: Buffer;
}

/** The DER before the 32 bytes is the same for every Ed25519 key. */
const derPrefixBytes = 12;

/** @returns undefined for what is no Ed25519 public key in this form, byte for byte */
export function decodePublicKey(text: string): PublicKey | undefined {
  const der = Buffer.from(text, 'base64');
  try {
    const found = publicKeyOf(createPublicKey({ key: der, format: 'der', type: 'spki' }));
    return found?.text === text ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what `keygen` and `openssl pkey -pubout` write. */
export function parsePublicKey(pem: string): PublicKey | { readonly problem: string } {
  // Node would make the public key of it, and nobody would notice who was handed the other one.
  if (pem.includes('PRIVATE KEY-----')) return { problem: 'it holds a private key, expected the public one' };
  try {
    return publicKeyOf(createPublicKey(pem)) ?? { problem: 'its key is of another kind, expected Ed25519' };
  } catch {
    return { problem: 'expected a public key as PEM: "-----BEGIN PUBLIC KEY-----"' };
  }
}

/** SHA-256 of the DER, in hex: what `openssl pkey -pubin -outform DER | sha256sum` prints. */
export function fingerprintOf(publicKeyText: string): string {
  return createHash('sha256').update(Buffer.from(publicKeyText, 'base64')).digest('hex');
}

function publicKeyOf(key: KeyObject): PublicKey | undefined {
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  const der = key.export({ format: 'der', type: 'spki' });
  return { text: der.toString('base64'), key, raw: der.subarray(derPrefixBytes) };
}
