import yargs from 'yargs';
import type { Argv } from 'yargs';
import { tool } from '../../version.ts';
import { whatItIs } from '../report/help-texts.ts';
import { wholeUsage } from './whole-usage.ts';
import type { OptionMap, Command } from '../command.ts';

/** Options of every command. */
export const commonOptions: OptionMap = {
  quiet: {
    type: 'boolean',
    alias: 'q',
    describe: 'Print errors, warnings and what was asked for (lists, --json), no more',
  },
  verbose: { type: 'boolean', alias: 'v', describe: 'Print every page read and, for errors, where they arose' },
  'log-format': {
    type: 'string',
    requiresArg: true,
    choices: ['pretty', 'json'],
    describe: 'Write log lines to stderr: for people, or JSON; a terminal gets a status line unless one is asked for',
  },
};

/** Columns of a help that goes to no terminal, and the most that read well on one. */
const mostColumns = 110;

/** Where `helpNotes` goes in a help. */
export const notesMark = '[notes]';

export function helpColumns(columns: number | null): number {
  return Math.min(columns ?? mostColumns, mostColumns);
}

/**
 * The parser of the command line: it finds out which command is meant and makes the help. What is unknown or of a wrong kind it
 * lets through, for its own complaints name no option as it was written: `checkArguments` does that.
 */
export function buildParser(
  commands: readonly Command[],
  columns: number | null,
  choose: (command: Command, args: Readonly<Record<string, unknown>>) => void,
): Argv {
  const parser = yargs()
    .scriptName(tool.name)
    .locale('en')
    .updateStrings({
      'Options:': 'Common options:',
      'Positionals:': 'Arguments:',
      'Not enough arguments following: %s': 'Missing value of --%s',
    })
    // Room names hold dots, and options come back under one name.
    .parserConfiguration({ 'dot-notation': false, 'strip-dashed': true, 'strip-aliased': true })
    .usage(`$0 <command> [options]\n\n${whatItIs}`)
    .epilogue(notesMark)
    .options({ ...commonOptions })
    .version(tool.version)
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .wrap(helpColumns(columns))
    .exitProcess(false);
  for (const command of commands) {
    parser.command(
      command.usage,
      command.summary,
      (inner) => describeCommand(inner, command),
      (args) => {
        choose(command, args);
        // After its handler yargs lays the help out to have it ready, ten times the work of all before it: not to lines.
        parser.wrap(null);
      },
    );
  }
  return parser;
}

function describeCommand(parser: Argv, command: Command): Argv {
  const { description, positionals, options } = command;
  for (const [name, positional] of Object.entries(positionals)) {
    // `<job..>` says it already; told twice, the help shows a default that is none.
    parser.positional(name, { ...positional, array: undefined });
  }
  return parser
    .usage(`$0 ${wholeUsage(command)}\n\n${description}`)
    .options(
      Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, group: 'Options:' }])),
    )
    .epilogue(notesMark);
}
