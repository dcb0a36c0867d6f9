import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key, as PEM: PKCS#8 the private one, SubjectPublicKeyInfo the public one. */
export function generateKey(): { readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privatePem: privateKey, publicPem: publicKey };
}
