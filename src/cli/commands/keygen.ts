import { dirname, resolve } from 'node:path';
import { exitCodes, UsageError } from '../../errors.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { defineCommand } from '../command.ts';

export const keygen = defineCommand({
  name: 'keygen',
  usage: 'keygen <file>',
  summary: 'Make a key that signs archives',
  description: `Writes three files and overwrites none: <file>, the private Ed25519 key (PKCS#8, PEM), for "sign.key" of a job; <file>.pub.pem, the public key, for verify --public-key and openssl; <file>.allowed_signers, the same for ssh-keygen -Y verify.

All three are readable by their owner only, and so are the folders on the way, which are made where they are missing. Keep the private key where those who can change the archive cannot read it, and give the public key to those who are to check it, in good time.`,
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'Where to write the private key; not inside an archive' },
  },
  options: {},
  examples: [
    ['keygen archive.key', 'writes archive.key, archive.key.pub.pem and archive.key.allowed_signers'],
    ['keygen ~/keys/archive.key', 'then sign: { key: "${file:/home/me/keys/archive.key}" } in the job'],
  ],
  notes: [exitCodeTable([0, 64, 70, 73])],
  run: async ({ file }, context) => {
    const { processContext, print } = context;
    const { nodeDisk } = await import('../../system/disk.ts');
    const { surroundingArchive } = await import('../../archive/surrounding-archive.ts');
    const { keyEndings, makeKeyFiles } = await import('../evidence/key-files.ts');
    const { createFile } = await import('../../system/create-file.ts');
    const path = resolve(processContext.cwd, file);
    const archive = await surroundingArchive(nodeDisk, path);
    if (archive !== undefined) {
      throw new UsageError(`Cannot make the key "${file}": it would lie in the archive "${archive}"`, {
        hint: 'Who can change the archive could sign it then: name a file elsewhere',
      });
    }
    const { texts, fingerprint } = makeKeyFiles(context);
    for (const ending of keyEndings) {
      if ((await nodeDisk.sizeBytes(`${path}${ending}`)) === undefined) continue;
      throw new UsageError(`Cannot make the key "${file}": there is a file "${file}${ending}"`, {
        hint: 'A key is never overwritten: name another file',
      });
    }
    await nodeDisk.makeFolder(dirname(path));
    for (const ending of keyEndings) await createFile(nodeDisk, `${path}${ending}`, texts[ending]);
    print(
      `private key: ${file}\npublic key: ${file}.pub.pem\nfor ssh-keygen: ${file}.allowed_signers\nfingerprint: ${fingerprint}\n`,
    );
    return exitCodes.complete;
  },
});
