import { resolve } from 'node:path';
import { tableNames } from '../../model/table-name.ts';
import { exitCodes, UsageError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { counted } from '../../model/text/counted.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { StdoutClosed, stdoutDisk } from '../stdout-disk.ts';
import { archivesHelp } from '../report/help-texts.ts';
import { tableNamed } from '../arguments/table-named.ts';
import { defineCommand } from '../command.ts';

export const latest = defineCommand({
  name: 'latest',
  usage: 'latest <archive..>',
  summary: 'Write the newest version of every message of an archive, without the deleted ones',
  description: `Reads a table over all runs of an archive and writes its current state: of every message the newest version, unless it was deleted; of mentions, reactions, attachments and links those of that version; of rooms, users and members the newest row of each. Works offline, changes nothing in the archive, and reads no file whose bytes are not what its manifest says.

Rows are in the order of the archive, each at the place of its newest version. Several archives of one workspace, its shards, are read as one: archive by archive, and of what several have the rows of the run that was finished last.`,
  positionals: {
    archive: { type: 'string', array: true, demandOption: true, describe: archivesHelp },
  },
  options: {
    table: {
      type: 'string',
      requiresArg: true,
      describe: `${tableNames.join(', ')}; default: messages; see the command schema`,
    },
    room: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only rows of these rooms, by id or name; not with users',
    },
    user: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe:
        'Only rows of messages that these users sent, by id or username; of users and room_members, these people; not with rooms',
    },
    since: {
      type: 'string',
      requiresArg: true,
      describe:
        'Only rows of messages sent then or later: a date (UTC) or a time with its zone; not with rooms, users, room_members',
    },
    until: { type: 'string', requiresArg: true, describe: 'Only rows of messages sent before then' },
    bom: { type: 'boolean', describe: 'Begin CSV with a byte order mark, for Excel' },
    'excel-safe': {
      type: 'boolean',
      describe: "Put ' before cells of CSV that a spreadsheet would run as a formula; changes data",
    },
    format: {
      type: 'string',
      requiresArg: true,
      describe: 'jsonl, csv or parquet; default: by the ending of --output; to stdout, jsonl',
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe:
        'File to write, such as latest.parquet or latest.csv.gz; appears when it is whole, and must not exist. Default, and -: stdout',
    },
  },
  examples: [
    ['latest output/nightly | jq -r .text', 'the newest version of every message, one JSON object per line'],
    ['latest output/shard-* --output latest.parquet', 'the shards of a workspace as one'],
    ['latest output/nightly --table reactions --output reactions.parquet', 'the reactions of those versions'],
    [
      'latest output/nightly --room general --since 2026-01-01 --until 2026-02-01 --output january.csv --bom --excel-safe',
      'a month of a room, for Excel',
    ],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  interrupted: { outcome: 'nothing was written' },
  run: async (
    { archive: archives, table = 'messages', format: formatName, output, ...flags },
    { processContext, log },
  ) => {
    const { tableToCopy, withCsvOptions, writeLatest } = await import('../../snapshot/latest.ts');
    const { currentTableNames } = await import('../../snapshot/current-table.ts');
    const { fileFormats } = await import('../../snapshot/file-format.ts');
    const format = fileFormats.find((known) => known === formatName);
    if (formatName !== undefined && format === undefined) {
      throw new UsageError(`Unknown --format "${formatName}", expected one of ${fileFormats.join(', ')}`);
    }
    const { name } = tableNamed(
      table,
      currentTableNames.map((known) => ({ name: known })),
    );
    const { room: rooms, user: users, since, until, bom, excelSafe } = flags;
    const selection = omitUndefined({ rooms, users, since, until });
    const csvOptions = omitUndefined({ bom, excelSafe });
    const folders = archives.map((archive) => resolve(processContext.cwd, archive));
    let rows = 0;
    const onRows = (written: number): void => void (rows = written);
    const onDamaged = (damaged: string): void =>
      log.warn(`"${damaged}" is not what its manifest says: its rows are read from another format`, { damaged });
    const onNote = (note: string): void => log.warn(note);
    const showRows = (): void => log.status(() => `reading ${archives.join(', ')}: ${counted(rows, 'row')}`);
    // As export has it: "-" is no name of a file.
    if (output === undefined || output === '-') {
      if (format === 'parquet') {
        throw new UsageError('Cannot write parquet to stdout', { hint: 'Name a file: --output latest.parquet' });
      }
      const { createSink } = await import('../../sinks/sinks.ts');
      const { nodeDisk } = await import('../../system/disk.ts');
      const { copyRows } = await import('../../snapshot/write-current-table.ts');
      // No status line: on a terminal it would stand among the rows, of this program or of the next in the pipe.
      const sink = createSink(
        withCsvOptions({ format: format ?? 'jsonl' }, csvOptions),
        stdoutDisk(nodeDisk, processContext.stdout),
      );
      const copied = await tableToCopy(folders, { table: name, disk: nodeDisk, ...selection });
      copied.damaged.forEach(onDamaged);
      copied.notes.forEach(onNote);
      await copyRows(sink, copied, 'stdout', {}).catch((error: unknown) => {
        if (!(error instanceof StdoutClosed)) throw error;
      });
      return exitCodes.complete;
    }
    const path = resolve(processContext.cwd, output);
    showRows();
    const task = {
      table: name,
      ...selection,
      ...csvOptions,
      signal: processContext.interruption(),
      onRows,
      onDamaged,
      onNote,
    };
    await writeLatest(folders, path, { ...task, ...omitUndefined({ format }) });
    log.status(null);
    log.info(`${output}: ${counted(rows, 'row')} of ${name}`, { output: path, table: name, rows });
    return exitCodes.complete;
  },
});
