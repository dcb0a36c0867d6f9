import { z } from 'zod';
import { parseSigningKey } from '../../../signature/signing-key.ts';

/** `sign` of a job. */
export const signSchema = z
  .strictObject({
    key: z
      .string()
      .check((context) => {
        const key = parseSigningKey(context.value);
        if ('problem' in key) context.issues.push({ code: 'custom', input: context.value, message: key.problem });
      })
      .meta({
        title: 'Private key',
        description:
          'An Ed25519 key as PEM, as `keygen` writes it. Take it from a file, never write it here, and keep that file out of the archive.',
        examples: ['${file:/run/secrets/archive-key}'],
      }),
    timestamp: z
      .string()
      .check((context) => {
        const message = timestampProblem(context.value);
        if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
      })
      .meta({
        title: 'Time stamping authority',
        description:
          'An address that gives time stamps by RFC 3161: each signed manifest is sent there as a hash, and what comes back lies beside it. One that cannot be had is a warning, and the next run asks again.',
        examples: ['https://freetsa.org/tsr'],
      })
      .exactOptional(),
  })
  .meta({
    title: 'Sign the manifests',
    description:
      'With a key that lies elsewhere, whoever can change the archive cannot make it fit again. From the first signed run on, nothing is added without the key.',
  });

function timestampProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'expected an address such as https://freetsa.org/tsr';
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'expected an address that begins with https:// or http://';
  return username === '' && password === '' ? undefined : 'expected an address without a user name and a password';
}
