import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import { defineCommand } from '../../command.ts';
import { storageAt } from '../../evidence/storage-at.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { size } from '../../report/amounts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';

export const pull = defineCommand({
  name: 'pull',
  usage: 'pull <from>',
  summary: 'Make a folder of an archive that was pushed',
  description: `Fetches an archive from an object store into a folder: all that its manifests name, each file compared with its SHA-256. The result is an archive like the one that was pushed, down to the last byte but for _view: every command works with it, and its job continues it.

It is made beside the folder, as <folder>.pulling, and gets its name when it is whole; the same command continues a pull that was cut. Keys and server come from the environment, as for push.`,
  positionals: {
    from: { type: 'string', demandOption: true, describe: 's3://bucket/prefix, as it was given to push' },
  },
  options: {
    output: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Folder that is not there yet, or empty',
    },
  },
  examples: [
    ['pull s3://archives/nightly --output output/nightly', 'on another machine, or after a loss'],
    ['pull s3://archives --output restored', 'of a bucket that holds one archive and nothing else'],
  ],
  notes: [exitCodeTable([0, 2, 64, 69, 70, 73, 75, 77, 130, 143])],
  interrupted: { outcome: 'what was fetched is kept', hint: 'Run the same command again: it fetches the rest' },
  run: async ({ from, output }, context) => {
    const { processContext, log } = context;
    const { target, reach } = await storageAt(from, context);
    const { pullArchive } = await import('../../../storage/pull-archive.ts');
    const { process, isAlive } = processContext;
    log.status(() => `reading ${from}`);
    const pull = (): ReturnType<typeof pullArchive> =>
      pullArchive(target, resolve(processContext.cwd, output), {
        ...reach,
        process,
        isAlive,
        onProgress: (done) => log.status(() => `pulling ${from}: ${count(done.files)} of ${count(done.of)} files`),
      });
    const { runs, files, sizeBytes } = await pull();
    log.status(null);
    log.info(`${output}: pulled ${counted(runs, 'run')}, ${counted(files, 'file')} (${size(sizeBytes)})`, {
      from,
      output,
      runs,
      files,
      sizeBytes,
    });
    return exitCodes.complete;
  },
});
