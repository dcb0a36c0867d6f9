import { z } from 'zod';
import { headerValue } from '../../model/login.ts';
import { parseServerUrl } from '../../server-url.ts';

function pemFile(title: string, description: string, example: string) {
  const relative = `${description} A relative path starts from the current folder.`;
  return z
    .string()
    .min(1)
    .meta({ title, description: relative, examples: [example] })
    .exactOptional();
}

/** `server` of a job. That there is one address and one login is asked for in server-login.ts, after the environment. */
export const serverSchema = z
  .strictObject({
    url: z
      .string()
      .check((context) => {
        const parsed = parseServerUrl(context.value);
        if ('problem' in parsed) context.issues.push({ code: 'custom', input: context.value, message: parsed.problem });
      })
      .meta({
        title: 'Address of the workspace',
        description:
          'http or https, perhaps with a path, and with the user and password of a proxy. Default: the variable ROCKETCHAT_URL.',
        examples: ['${ROCKETCHAT_URL}', 'https://chat.example.org'],
      })
      .exactOptional(),
    userId: z
      .string()
      .regex(headerValue, 'expected a user id: letters and digits, without spaces or line breaks')
      .meta({
        title: 'User id of the token',
        description: 'Shown together with the personal access token. Default: the variable ROCKETCHAT_USER_ID.',
        examples: ['${ROCKETCHAT_USER_ID}'],
      })
      .exactOptional(),
    authToken: z
      .string()
      .regex(headerValue, 'expected a token: letters, digits and signs, without spaces or line breaks')
      .meta({
        title: 'Personal access token',
        description:
          'Made under My Account > Personal Access Tokens. Take it from a variable or a file, never write it here. Default: the variable ROCKETCHAT_AUTH_TOKEN.',
        examples: ['${ROCKETCHAT_AUTH_TOKEN}', '${file:/run/secrets/rocketchat-token}'],
      })
      .exactOptional(),
    user: z
      .string()
      .min(1)
      .meta({
        title: 'User name or email',
        description: 'For a login by password, instead of userId and authToken. Default: the variable ROCKETCHAT_USER.',
        examples: ['${ROCKETCHAT_USER}'],
      })
      .exactOptional(),
    password: z
      .string()
      .min(1)
      .meta({
        title: 'Password',
        description:
          'For a login by password. Take it from a variable or a file, never write it here. Default: the variable ROCKETCHAT_PASSWORD.',
        examples: ['${ROCKETCHAT_PASSWORD}', '${file:/run/secrets/rocketchat-password}'],
      })
      .exactOptional(),
    tls: z
      .strictObject({
        ca: pemFile(
          'Authorities to trust',
          'PEM file with the certificates of the authorities that may vouch for the server, in place of the usual ones.',
          '/etc/ssl/our-ca.pem',
        ),
        cert: pemFile(
          'Client certificate',
          'PEM file with the certificate that the server wants to see, and the chain to its authority. Requires key.',
          '/run/secrets/client.pem',
        ),
        key: pemFile('Key of the client certificate', 'PEM file, without a passphrase.', '/run/secrets/client-key.pem'),
      })
      .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
        error: 'expected cert and key together',
      })
      .meta({
        title: 'Certificates',
        description:
          'For a server with a private authority or one that asks for a client certificate. Default: the authorities that Node knows and those of the variable NODE_EXTRA_CA_CERTS.',
      })
      .exactOptional(),
  })
  .meta({
    title: 'The workspace and the login',
    description:
      'Whatever is left out comes from the ROCKETCHAT_* variables. The login is a token (userId and authToken) or a password (user and password).',
  });
