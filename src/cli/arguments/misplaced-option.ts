import { tool } from '../../version.ts';
import { unknownOption, type ArgumentProblem } from './check-arguments.ts';
import { commonOptions } from './parser.ts';
import type { Command } from '../command.ts';

/** An option before the command that is none of every command: the parser would take the command for its value. */
export function misplacedOption(argv: readonly string[], commands: readonly Command[]): ArgumentProblem | undefined {
  const common = ['help', 'version', ...Object.keys(commonOptions)];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-') || word === '--') return undefined;
    if (/^-[hVqv]+$/.test(word)) continue;
    const [, name = word, value] = /^--(?:no-)?([^=]+)(=.*)?$/s.exec(word) ?? [];
    if (common.includes(name)) {
      const { requiresArg = false } = commonOptions[name] ?? {};
      if (requiresArg && value === undefined) at += 1;
      continue;
    }
    const owners = commands.filter(({ options }) => name in options);
    const [owner] = [...owners.filter((command) => argv.includes(command.name)), ...owners];
    if (owner === undefined)
      return unknownOption(word.replace(/^-+/, ''), [
        ...common,
        ...commands.flatMap(({ options }) => Object.keys(options)),
      ]);
    return {
      message: `--${name} stands before the command`,
      hint: `Write the command first: ${tool.name} ${owner.name} --${name} …`,
    };
  }
  return undefined;
}
