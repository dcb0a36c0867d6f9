import { checkArguments } from '../../../src/cli/arguments/check-arguments.ts';
import { buildParser } from '../../../src/cli/arguments/parser.ts';
import { commands } from '../../../src/cli/commands.ts';

/** What the program would say to these arguments. undefined: it takes them. @throws for words that it does not know */
export async function argumentsProblem(words: readonly string[]): Promise<unknown> {
  let problem: unknown = 'no command';
  const parser = buildParser(commands, null, (command, args) => (problem = checkArguments(command, args, words)));
  parser.fail((message) => {
    // A sentence may leave out the job or the archive.
    if (!/^(Not enough non-option arguments|Missing required argument)/.test(message)) throw new Error(message);
    problem = undefined;
  });
  await parser.parseAsync([...words]);
  return problem;
}
