import { UsageError } from '../errors.ts';
import { linkSigner, type LinkSigner } from './link-signer.ts';
import { parseSigningKey, type SigningKey } from './signing-key.ts';

/**
 * What signs a link that is no run, such as a compaction.
 *
 * @param pem of an Ed25519 key: PKCS#8, as `keygen` and `openssl genpkey` write it
 * @throws UsageError for any other text, without a word of it
 */
export function signerFromKey(pem: string): LinkSigner {
  return linkSigner(signingKeyFrom(pem, 'the private key'));
}

/** @param name of the key in the message @throws UsageError for a text that is no such key */
export function signingKeyFrom(pem: string, name: string): SigningKey {
  const key = parseSigningKey(pem);
  if (!('problem' in key)) return key;
  throw new UsageError(`Cannot use ${name}: ${key.problem}`, { hint: '`keygen` makes a key' });
}
