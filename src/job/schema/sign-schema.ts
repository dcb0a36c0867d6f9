import { z } from 'zod';
import { parseSigningKey } from '../../signature/signing-key.ts';

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
  })
  .meta({
    title: 'Sign the manifests',
    description:
      'With a key that lies elsewhere, whoever can change the archive cannot make it fit again. From the first signed run on, nothing is added without the key.',
  });
