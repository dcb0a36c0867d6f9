import { tool } from '../../version.ts';
import { topNotes } from '../report/help-texts.ts';
import type { Command } from '../command.ts';
import { wrappedLines } from '../report/text/wrapped-lines.ts';

/** A label, such as a variable or an exit code, and the gap behind it. */
const label = /^ *(?:\S.*? {2,}(?=\S))?/;

/**
 * What stands below the options in a help: examples, variables, exit codes. Not wrapped by the parser, which would break
 * commands that are there to be copied, and explanations to the start of the line.
 */
export function helpNotes(command: Command | undefined, columns: number): string {
  const notes = command === undefined ? topNotes : [exampleText(command.examples), ...command.notes];
  return notes
    .join('\n\n')
    .split('\n')
    .flatMap((line) => noteLines(line, columns))
    .join('\n');
}

function noteLines(line: string, columns: number): readonly string[] {
  if (line.length <= columns || line.startsWith(`  ${tool.name} `)) return [line];
  const [head = ''] = label.exec(line) ?? [];
  const [first = '', ...others] = wrappedLines(line.slice(head.length), Math.max(20, columns - head.length));
  return [head + first, ...others.map((other) => ' '.repeat(head.length) + other)];
}

/** Each command on a line of its own, below what it is for. */
function exampleText(examples: Command['examples']): string {
  const lines = examples.map(([command, meaning]) => `  # ${meaning}\n  ${tool.name} ${command}`);
  return ['Examples:', ...lines].join('\n');
}
