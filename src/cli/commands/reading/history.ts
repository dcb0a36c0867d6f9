import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { defineCommand } from '../../command.ts';

export const history = defineCommand({
  name: 'history',
  usage: 'history <archive> <message>',
  summary: 'Show every version of a message that an archive knows',
  description: `Prints what a message said, version by version, each beside the one before: what the server kept of earlier texts (the table message_versions), and what each run read. Who deleted it and when, as far as the server reports that. Works offline, changes nothing in the archive, and reads no file whose bytes are not what its manifest says.

A run reads what is there at its time: a text that was replaced between two runs is known only if the server kept it.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
    message: { type: 'string', demandOption: true, describe: 'The id of the message: its message_id in the tables' },
  },
  options: {
    json: { type: 'boolean', describe: 'Print the versions to stdout as one line of JSON' },
  },
  examples: [
    ['history output/nightly Zc2DkP7rQm4WvXy9T', 'side by side'],
    ['history output/nightly Zc2DkP7rQm4WvXy9T --json | jq .versions', 'the same for a script'],
  ],
  notes: [
    'Exit code 1 means that no row of the archive is of that message.',
    exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143]),
  ],
  run: async ({ archive, message, json }, { processContext, log, print }) => {
    const { messageHistory } = await import('../../../transcript/message-history.ts');
    log.status(() => `reading ${archive}`);
    const found = await messageHistory(resolve(processContext.cwd, archive), message, {
      onNote: (note) => log.warn(`${archive}: ${note}`, { archive }),
    });
    log.status(null);
    if (found === undefined) {
      log.warn(`${archive}: the archive has no message with the id "${message}"`, {
        archive,
        message,
        hint: '`search` shows the id of a message in parentheses, behind its number',
      });
      return exitCodes.gaps;
    }
    if (json === true) {
      processContext.stdout.write(`${JSON.stringify(found)}\n`);
      return exitCodes.complete;
    }
    const { historyReport } = await import('../../result/history-report.ts');
    print(historyReport(found, processContext.stdout.columns));
    return exitCodes.complete;
  },
});
