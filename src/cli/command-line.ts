import { UsageError } from '../errors.ts';
import { nearest } from '../job/nearest.ts';
import { misplacedOption } from './arguments/misplaced-option.ts';
import { tool } from '../version.ts';
import { checkArguments } from './arguments/check-arguments.ts';
import { buildParser, helpColumns, notesMark } from './arguments/parser.ts';
import type { TalkOptions } from './log/create-talk.ts';
import { helpNotes } from './report/help-notes.ts';
import type { Context, Verb } from './verb.ts';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'run'; readonly talk: TalkOptions; readonly run: (context: Context) => Promise<number> }
  /** `--help`, `--version`. */
  | { readonly kind: 'print'; readonly text: string };

/**
 * Reads the command line. Loads and starts nothing: that is for the verb to do.
 *
 * @param columns of the terminal; null when there is none
 * @throws UsageError that names the nearest verb or option
 */
export function parseCommandLine(words: readonly string[], verbs: readonly Verb[], columns: number | null): Command {
  // `help run` is what some people type first, and nothing at all what most do.
  const argv = words.length === 0 ? ['--help'] : words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  const misplaced = misplacedOption(argv, verbs);
  if (misplaced !== undefined) throw new UsageError(misplaced.message, { hint: misplaced.hint ?? helpHint() });
  const named = argv.find((word) => !word.startsWith('-'));
  if (named !== undefined && !verbs.some(({ name }) => argv.includes(name))) throw unknownVerb(named, verbs);

  const chosen: { verb?: Verb; args?: Readonly<Record<string, unknown>> } = {};
  let printed = '';
  let failure: unknown;
  buildParser(verbs, columns, (verb, args) => Object.assign(chosen, { verb, args })).parseSync(
    argv,
    {},
    (error, _args, output) => {
      failure = error;
      printed = output;
    },
  );
  if (failure instanceof Error) {
    const verb = verbs.find(({ name }) => argv.includes(name));
    const isTooFew = failure.message.startsWith('Not enough non-option arguments');
    const message = isTooFew ? `Missing an argument, expected "${tool.name} ${verb?.usage ?? ''}"` : failure.message;
    throw new UsageError(message, { hint: helpHint(verb) });
  }
  // `<job..>` is required: the empty list that the parser would take is no default.
  if (printed !== '') {
    const verb = verbs.find(({ name }) => argv.includes(name));
    const text = printed
      .replaceAll(' [default: []]', '')
      .replace(notesMark, () => helpNotes(verb, helpColumns(columns)));
    return { kind: 'print', text: `${text}\n` };
  }
  const { verb, args } = chosen;
  if (verb === undefined || args === undefined) throw new UsageError('No command given', { hint: helpHint() });

  const problem = checkArguments(verb, args, argv);
  if (problem !== undefined) throw new UsageError(problem.message, { hint: problem.hint ?? helpHint(verb) });
  const { quiet, verbose, logFormat } = args;
  return {
    kind: 'run',
    talk: {
      quiet: quiet === true,
      verbose: verbose === true,
      ...((logFormat === 'json' || logFormat === 'pretty') && { logFormat }),
    },
    run: (context) => verb.run(args, context),
  };
}

function unknownVerb(word: string, verbs: readonly Verb[]): UsageError {
  const names = verbs.map(({ name }) => name);
  const near = nearest(word, names);
  return new UsageError(`Unknown command "${word}", expected one of ${names.join(', ')}`, {
    hint: near === undefined ? helpHint() : `Did you mean "${tool.name} ${near}"?`,
  });
}

function helpHint(verb?: Verb): string {
  return `Run "${[tool.name, verb?.name, '--help'].filter((word) => word !== undefined).join(' ')}"`;
}
