import { shellWord } from '../../shell-word.ts';
import { tool } from '../../version.ts';
import type { Command } from '../command.ts';
import type { ArgumentProblem } from './check-arguments.ts';

/**
 * What is wrong with a command line that lacks options which its command cannot do without: what each is for, and what was
 * typed with values that the command's own examples have.
 *
 * @param words that were typed
 */
export function missingOptions(
  names: readonly string[],
  { name: command, options, examples }: Command,
  words: readonly string[],
): ArgumentProblem {
  const missing = names.map((name) => `--${name} (${describeOf(options[name]?.describe)})`);
  const values = names.map((name) => `--${name} ${valueIn(examples, name)}`);
  const whole = [tool.name, ...words.map(shellWord), ...values].join(' ');
  return {
    message: `Missing ${missing.join(' and ')}`,
    hint: `For example: ${whole}; see "${tool.name} ${command} --help"`,
  };
}

function describeOf(describe = ''): string {
  return describe.slice(0, 1).toLowerCase() + describe.slice(1);
}

/** A value as the first example that has the option writes it. */
function valueIn(examples: Command['examples'], name: string): string {
  const found = examples.flatMap(([line]) => new RegExp(`--${name} ("[^"]*"|'[^']*'|\\S+)`).exec(line)?.[1] ?? []);
  return found[0] ?? '…';
}
