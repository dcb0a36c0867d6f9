import { UsageError } from '../errors.ts';
import { nearest } from '../model/text/nearest.ts';
import { misplacedOption } from './arguments/misplaced-option.ts';
import { tool } from '../version.ts';
import { checkArguments, type ArgumentProblem } from './arguments/check-arguments.ts';
import { commandWord } from './arguments/command-word.ts';
import { markLiteralWords, unmarkedArguments } from './arguments/literal-words.ts';
import { missingOptions } from './arguments/missing-options.ts';
import { buildParser, helpColumns, notesMark } from './arguments/parser.ts';
import { wholeUsage } from './arguments/whole-usage.ts';
import type { LogOptions } from './log/create-log.ts';
import { helpNotes } from './arguments/help-notes.ts';
import type { Context, Command } from './command.ts';

/** What the command line asks for. */
type Invocation =
  | { readonly kind: 'run'; readonly log: LogOptions; readonly run: (context: Context) => Promise<number> }
  /** `--help`, `--version`. */
  | { readonly kind: 'print'; readonly text: string };

/**
 * Reads the command line. Loads and starts nothing: that is for the command to do.
 *
 * @param columns of the terminal; null when there is none
 * @throws UsageError that names the nearest command or option
 */
export function parseCommandLine(
  words: readonly string[],
  commands: readonly Command[],
  columns: number | null,
): Invocation {
  // `help run` is what some people type first, and nothing at all what most do.
  const typed = words.length === 0 ? ['--help'] : words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  const misplaced = misplacedOption(typed, commands);
  if (misplaced !== undefined) throw new UsageError(misplaced.message, { hint: misplaced.hint ?? helpHint() });
  const word = commandWord(typed);
  const named = commands.find(({ name }) => name === word);
  if (word !== undefined && named === undefined) throw unknownCommand(word, commands);

  const argv = markLiteralWords(typed, named?.looksForWords === true ? word : undefined);
  const chosen: { command?: Command; args?: Readonly<Record<string, unknown>> } = {};
  let printed = '';
  let failure: unknown;
  let parsed: Readonly<Record<string, unknown>> = {};
  buildParser(commands, columns, (command, args) =>
    Object.assign(chosen, { command, args: unmarkedArguments(args) }),
  ).parseSync(argv, {}, (error, args, output) => {
    failure = error;
    parsed = unmarkedArguments(args);
    printed = output;
  });
  if (failure instanceof Error) {
    // An argument may be missing because an option that is mistyped took it for its value.
    const mistyped = named === undefined ? undefined : checkArguments(named, parsed, argv);
    const { message, hint } = mistyped ?? parserProblem(failure.message, named, typed);
    throw new UsageError(message, { hint: hint ?? helpHint(named) });
  }
  // `<job..>` is required: the empty list that the parser would take is no default.
  if (printed !== '') {
    const text = printed
      .replaceAll(' [default: []]', '')
      .replace(notesMark, () => helpNotes(named, helpColumns(columns)));
    return { kind: 'print', text: `${text}\n` };
  }
  const { command, args } = chosen;
  if (command === undefined || args === undefined) throw new UsageError('No command given', { hint: helpHint() });

  const problem = checkArguments(command, args, argv);
  if (problem !== undefined) throw new UsageError(problem.message, { hint: problem.hint ?? helpHint(command) });
  const { quiet, verbose, logFormat } = args;
  return {
    kind: 'run',
    log: {
      quiet: quiet === true,
      verbose: verbose === true,
      ...((logFormat === 'json' || logFormat === 'pretty') && { logFormat }),
    },
    run: (context) => command.run(args, context),
  };
}

/** What the parser complains of, in the words of this program. */
function parserProblem(message: string, command: Command | undefined, typed: readonly string[]): ArgumentProblem {
  if (message.startsWith('Not enough non-option arguments')) {
    const usage = command === undefined ? '<command>' : wholeUsage(command);
    return { message: `Missing an argument, expected "${tool.name} ${usage}"` };
  }
  const [, missing] = /^Missing required arguments?: (.+)$/.exec(message) ?? [];
  if (missing === undefined || command === undefined) return { message };
  return missingOptions(missing.split(', '), command, typed);
}

function unknownCommand(word: string, commands: readonly Command[]): UsageError {
  const names = commands.map(({ name }) => name);
  const near = nearest(word, names);
  return new UsageError(`Unknown command "${word}", expected one of ${names.join(', ')}`, {
    hint: near === undefined ? helpHint() : `Did you mean "${tool.name} ${near}"?`,
  });
}

function helpHint(command?: Command): string {
  return `Run "${[tool.name, command?.name, '--help'].filter((word) => word !== undefined).join(' ')}"`;
}
