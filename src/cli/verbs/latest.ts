import { resolve, sep } from 'node:path';
import { exitCodes, InterruptedError, UsageError } from '../../errors.ts';
import { counted } from '../amounts.ts';
import { exitCodeTable } from '../exit-code-table.ts';
import { latestOutput } from '../latest-output.ts';
import { StdoutClosed, stdoutDisk } from '../stdout-disk.ts';
import { tableNamed } from '../table-named.ts';
import { defineVerb } from '../verb.ts';

export const latest = defineVerb({
  name: 'latest',
  usage: 'latest <archive>',
  summary: 'Write the newest version of every message of an archive, without the deleted ones',
  description: `Reads a table over all runs of an archive and writes its current state: of every message the newest version, unless it was deleted; of mentions, reactions, attachments and links those of that version; of rooms the newest row of each. Works offline, changes nothing in the archive, and reads no file whose bytes are not what its manifest says.

Rows are in the order of the archive, each at the place of its newest version.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    table: {
      type: 'string',
      requiresArg: true,
      describe:
        'messages (default), mentioned_messages, mentions, reactions, attachments, links or rooms; see the command schema',
    },
    format: {
      type: 'string',
      requiresArg: true,
      describe: 'jsonl, csv or parquet; default: as the ending of --output says, to stdout jsonl',
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe:
        'File to write, such as latest.parquet or latest.csv.gz; appears when it is whole, and must not exist. Default: stdout',
    },
  },
  examples: [
    ['latest output/nightly | jq -r .text', 'the newest version of every message, a JSON object a line'],
    ['latest output/nightly --table reactions --output reactions.parquet', 'the reactions of those versions'],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  run: async ({ archive, table = 'messages', format, output }, { world, talk }) => {
    const options = latestOutput(format, output);
    const folder = resolve(world.cwd, archive);
    const path = output === undefined ? undefined : resolve(world.cwd, output);
    if (path?.startsWith(folder + sep)) {
      throw new UsageError(`Cannot write "${path}": it is in the archive, which holds the files of its runs only`, {
        hint: 'Choose a name in another folder',
      });
    }
    const [{ currentTable, currentTableNames }, { createSink }, { nodeDisk }, write] = await Promise.all([
      import('../../current/current-table.ts'),
      import('../../sinks/sinks.ts'),
      import('../../disk.ts'),
      import('../../current/write-current-table.ts'),
    ]);
    const { name } = tableNamed(
      table,
      currentTableNames.map((known) => ({ name: known })),
    );
    // Before an archive is read for nothing.
    if (path !== undefined) await write.expectNoFile(nodeDisk, path);
    let rows = 0;
    talk.status(() => `reading ${archive}: ${counted(rows, 'row')}`);
    const current = await currentTable(nodeDisk, folder, name);
    const onRows = (written: number): void => void (rows = written);
    if (path === undefined) {
      const sink = createSink(options, stdoutDisk(nodeDisk, world.stdout));
      await write.copyRows(sink, current, 'stdout', { onRows }).catch((error: unknown) => {
        if (!(error instanceof StdoutClosed)) throw error;
      });
      talk.status(null);
      return exitCodes.complete;
    }
    try {
      const place = { path, temporary: `${path}.${world.process.pid}.tmp` };
      const task = { signal: world.interruption(), onRows };
      await write.writeCurrentTable(nodeDisk, createSink(options, nodeDisk), current, place, task);
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw error;
      talk.status(null);
      talk.warn(`interrupted: "${output}" was not written`, { output: path });
      return error.exitCode;
    }
    talk.status(null);
    talk.info(`${output}: ${counted(rows, 'row')} of ${name}`, { output: path, table: name, rows });
    return exitCodes.complete;
  },
});
