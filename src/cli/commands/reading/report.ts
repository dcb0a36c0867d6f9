import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { counted } from '../../../model/text/counted.ts';
import { size } from '../../report/amounts.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { defineCommand } from '../../command.ts';

export const report = defineCommand({
  name: 'report',
  usage: 'report <archive>',
  summary: 'Write one page of figures about an archive: activity, rooms, people, answers, gaps, growth',
  description: `Adds up the newest version of each message, offline, and writes one HTML page: messages over time and by hour, rooms, people, reactions, threads and how fast people answer, what is missing, requests and the rate limit, and how the archive grew. Each picture has its numbers behind it. The page needs no other file, holds no script and loads nothing from anywhere.

The archive is not changed, and no file is read whose bytes are not what its manifest says. The same archive gives the same page, byte for byte. With \`report: true\` in a job, each run keeps one as _view/report.html.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    output: {
      type: 'string',
      requiresArg: true,
      describe: 'File to write; appears when it is whole, and must not exist; default: report.html',
    },
    zone: {
      type: 'string',
      requiresArg: true,
      describe: 'Time zone of days and hours: an IANA name such as Europe/Berlin; default: UTC',
    },
  },
  examples: [
    ['report output/nightly', 'report.html, to be opened in a browser'],
    ['report output/nightly --output march.html --zone Europe/Berlin', 'days and hours of one place'],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  interrupted: { outcome: 'nothing was written' },
  run: async ({ archive, output = 'report.html', zone }, { processContext, log, quiet }) => {
    const { writeReport } = await import('../../../report/write-report.ts');
    const file = resolve(processContext.cwd, output);
    const written = await writeReport(resolve(processContext.cwd, archive), file, {
      ...omitUndefined({ zone }),
      signal: processContext.interruption(),
      onRows: (rows) => {
        log.status(() => `reading ${archive}: ${counted(rows, 'message')}`);
      },
    });
    log.status(null);
    const { messages, rooms, runs, bytes } = written;
    for (const damaged of written.damaged) {
      log.warn(`"${damaged}" is not what its manifest says: its rows are read from another format`, { damaged });
    }
    for (const note of written.notes) log.warn(`${archive}: ${note}`, { archive });
    log.info(
      `${output}: ${counted(messages, 'message')} of ${counted(rooms, 'room')}, system messages and deleted ones not counted, ${counted(runs, 'run')}; ${size(bytes)}`,
      { output: file, messages, rooms, runs, bytes },
    );
    if (!quiet) processContext.stdout.write(`Open ${output}\n`);
    return exitCodes.complete;
  },
});
