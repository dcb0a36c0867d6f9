import { resolve } from 'node:path';
import { exitCodes, UsageError } from '../../errors.ts';
import { readSignKey } from '../evidence/sign-key.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { defineCommand } from '../command.ts';

export const rekey = defineCommand({
  name: 'rekey',
  usage: 'rekey <archive>',
  summary: 'Have another key sign an archive from now on',
  description: `Adds a link to the archive's chain that says which key signs from now on. It is signed by both keys, so that whoever trusts the old one can trust the new one. What the old key signed stays valid; what it signs after this link does not.

Then set "sign.key" of the job to the new key.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    'sign-key': {
      type: 'string',
      requiresArg: true,
      describe: 'File of the private key that has signed until now',
    },
    'new-key': {
      type: 'string',
      requiresArg: true,
      describe: 'File of the private key that signs from now on',
    },
  },
  examples: [
    ['keygen archive-2027.key', 'first make the other key'],
    ['rekey output/nightly --sign-key archive.key --new-key archive-2027.key', 'once a year, or after a leak'],
  ],
  notes: [exitCodeTable([0, 64, 70, 73, 75, 130, 143])],
  run: async ({ archive: folder, signKey, newKey }, context) => {
    const { processContext, log } = context;
    const archive = resolve(processContext.cwd, folder);
    if (signKey === undefined || newKey === undefined) {
      throw new UsageError(
        `Missing --${signKey === undefined ? 'sign-key' : 'new-key'}: a change of key is signed by both`,
        {
          hint: 'Name the files of the two private keys',
        },
      );
    }
    const previous = await readSignKey('--sign-key', signKey, context);
    const next = await readSignKey('--new-key', newKey, context);
    if (previous.publicKey === next.publicKey) {
      throw new UsageError('Cannot change the key: --sign-key and --new-key are the same', {
        hint: '`keygen` makes another',
      });
    }
    const { nodeDisk } = await import('../../system/disk.ts');
    const { expectArchive } = await import('../../archive/expect-archive.ts');
    const { changeSigningKey } = await import('../../archive/stored-state/state-links.ts');
    const { underLock } = await import('../../archive/lock/under-lock.ts');
    const { keyChangeSigner } = await import('../../signature/link-signer.ts');
    const { fingerprintOf } = await import('../../signature/public-key.ts');
    await expectArchive(nodeDisk, archive, 'change the key of');
    const now = new Date(processContext.clock.now()).toISOString();
    const surroundings = { ...processContext, disk: nodeDisk, signal: processContext.interruption() };
    const { run } = await underLock(archive, surroundings, ({ disk }) =>
      changeSigningKey(disk, archive, now, keyChangeSigner(previous, next)),
    );
    const fingerprint = fingerprintOf(next.publicKey);
    log.info(`${folder}: from link ${run} on, the key ${fingerprint} signs`, { archive: folder, run, fingerprint });
    return exitCodes.complete;
  },
});
