import type { Options } from 'yargs';
import { kebabCase } from '../../model/text/kebab-case.ts';
import { nearest } from '../../model/text/nearest.ts';
import { commonOptions } from './parser.ts';
import type { Command } from '../command.ts';

export interface ArgumentProblem {
  readonly message: string;
  readonly hint?: string;
}

/** Keys of the parser's own. */
const ownKeys = ['_', '$0', 'help', 'version'];

/**
 * The first thing that is wrong with the arguments of a command: one that is unknown, given twice, without its value or
 * with one where none belongs. The parser would pass on what it made of them.
 */
export function checkArguments(
  command: Command,
  args: Readonly<Record<string, unknown>>,
  argv: readonly string[],
): ArgumentProblem | undefined {
  const options: ReadonlyMap<string, Options> = new Map(Object.entries({ ...commonOptions, ...command.options }));
  const [, stray] = Array.isArray(args['_']) ? args['_'].map(String) : [];
  // Of an option without its value the parser takes a positional for stray.
  if (stray !== undefined) return missingValue(options, argv) ?? { message: `Unexpected argument "${stray}"` };

  for (const word of argv) {
    const [, name = '', value = ''] = /^--(?:no-)?([^=]+)=(.*)$/s.exec(word) ?? [];
    if (options.get(name)?.type === 'boolean' && value !== 'true' && value !== 'false')
      return { message: `--${name} takes no value` };
  }
  const known = new Map([...options].map(([name, option]) => [camelCase(name), { name, option }]));
  for (const [key, value] of Object.entries(args)) {
    if (ownKeys.includes(key) || key in command.positionals) continue;
    const { name, option } = known.get(key) ?? {};
    if (name === undefined) return unknownOption(key, [...options.keys(), 'help', 'version']);
    const problem = option === undefined ? undefined : valueProblem(name, option, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function missingValue(options: ReadonlyMap<string, Options>, argv: readonly string[]): ArgumentProblem | undefined {
  for (const [at, word] of argv.entries()) {
    const name = word.startsWith('--') ? word.slice(2) : '';
    const next = argv[at + 1];
    if (options.get(name)?.requiresArg === true && (next === undefined || /^--?[a-z]/i.test(next)))
      return { message: `Missing value of --${name}` };
  }
  return undefined;
}

/** @param key as the parser names it: `maxWait`, `x` */
export function unknownOption(key: string, names: readonly string[]): ArgumentProblem {
  const written = key.length === 1 ? `-${key}` : `--${kebabCase(key)}`;
  const near = nearest(kebabCase(key), names);
  return { message: `Unknown option ${written}`, ...(near !== undefined && { hint: `Did you mean --${near}?` }) };
}

function valueProblem(name: string, { type, array, choices }: Options, value: unknown): ArgumentProblem | undefined {
  if (value === undefined) return undefined;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : { message: `--${name} is given twice` };
  if (array === true) return undefined;
  if (Array.isArray(value)) return { message: `--${name} is given twice` };
  // `--no-url`
  if (typeof value !== 'string') return { message: `Missing value of --${name}` };
  if (choices === undefined || choices.includes(value)) return undefined;
  const near = nearest(value, choices.map(String));
  return {
    message: `Cannot use --${name} "${value}", expected one of ${choices.join(', ')}`,
    ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
