import { generateKey } from '../../signature/generate-key.ts';
import { fingerprintOf, parsePublicKey } from '../../signature/public-key.ts';
import { allowedSigner } from '../../signature/sshsig.ts';
import type { Context } from '../command.ts';
import { keepKey } from '../keep-login.ts';

/** What is added to the path of a private key for each of its files: the key itself, and the public one in two forms. */
export const keyEndings = ['', '.pub.pem', '.allowed_signers'] as const;

/** Makes a key that signs archives, and has no part of it printed. @returns the text of each of its files, by ending */
export function makeKeyFiles(context: Pick<Context, 'keepSecret'>): {
  readonly texts: Readonly<Record<(typeof keyEndings)[number], string>>;
  readonly fingerprint: string;
} {
  const { privatePem, publicPem } = generateKey();
  keepKey(privatePem, context);
  const key = parsePublicKey(publicPem);
  if ('problem' in key) throw new Error(`The key just made cannot be read: ${key.problem}`);
  return {
    texts: { '': privatePem, '.pub.pem': publicPem, '.allowed_signers': allowedSigner(key) },
    fingerprint: fingerprintOf(key.text),
  };
}
