import { resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';
import type { SigningKey } from '../../signature/signing-key.ts';
import type { Context } from '../command.ts';
import { keepKey } from '../keep-login.ts';

/** For commands that add a link to an archive which may be signed. */
export const signKeyOption = {
  'sign-key': {
    type: 'string',
    requiresArg: true,
    describe: 'File of the private key that the archive is signed with: a signed archive is not changed without',
  },
} as const;

/** The signer of a link that a command adds; undefined: no file is named. @throws as `readSignKey` */
export async function signerOf(path: string | undefined, context: Context): Promise<LinkSigner | undefined> {
  if (path === undefined) return undefined;
  const { linkSigner } = await import('../../signature/link-signer.ts');
  return linkSigner(await readSignKey('--sign-key', path, context));
}

/** @param option that names the file @throws UsageError for a file that is not there or holds no such key; OutputError */
export async function readSignKey(option: string, path: string, context: Context): Promise<SigningKey> {
  const { signingKeyFrom } = await import('../../signature/signer-from-key.ts');
  const pem = await readKeyFile(option, path, context);
  keepKey(pem, context);
  return signingKeyFrom(pem, `${option} "${path}"`);
}

/** The text of a file of a key. @throws as `readSignKey` */
export async function readKeyFile(option: string, path: string, { processContext }: Context): Promise<string> {
  const { nodeDisk } = await import('../../system/disk.ts');
  const bytes = await nodeDisk.readFile(resolve(processContext.cwd, path));
  if (bytes !== undefined) return bytes.toString();
  throw new UsageError(`Cannot read ${option} "${path}": there is no such file`, {
    hint: 'Check the path; it starts from the current folder',
  });
}
