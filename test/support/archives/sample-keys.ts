import { createPrivateKey, createPublicKey } from 'node:crypto';
import { linkSigner, type LinkSigner } from '../../../src/signature/link-signer.ts';
import { parseSigningKey, type SigningKey } from '../../../src/signature/signing-key.ts';

/** DER of PKCS#8 around the 32 bytes of an Ed25519 key (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface SampleKey {
  readonly key: SigningKey;
  readonly privatePem: string;
  readonly publicPem: string;
  readonly signer: LinkSigner;
}

/** A key that is the same each time. @param number from 0 to 255 */
export function sampleKey(number: number): SampleKey {
  const der = Buffer.concat([pkcs8, Buffer.alloc(32, number)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const privatePem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const publicPem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
  const key = parseSigningKey(privatePem);
  if ('problem' in key) throw new Error(key.problem);
  return { key, privatePem, publicPem, signer: linkSigner(key) };
}
