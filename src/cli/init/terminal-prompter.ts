import type { Readable, Writable } from 'node:stream';
import { autocompleteMultiselect, CANCEL_SYMBOL, log, password, select, text } from '@clack/prompts';
import { InterruptedError } from '../../errors.ts';
import { printable } from '../report/text/printable.ts';
import { wrapped } from '../report/text/wrapped-lines.ts';
import type { Choice, Prompter } from '../prompter.ts';

/** What stands before each line, and the last column, which some terminals wrap at. */
const marginColumns = 4;

/** @param output stderr: stdout is for results */
export function terminalPrompter(input: Readable, output: Writable): Prompter {
  // A prompt waits for ever for a terminal that is gone, and does not know Ctrl-D.
  const leaving = new AbortController();
  input.on('end', () => leaving.abort());
  input.on('keypress', (_character: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined) => {
    if (key?.ctrl === true && key.name === 'd') leaving.abort();
  });
  const streams = { input, output, signal: leaving.signal };
  return {
    say: (said) => {
      const columns = 'columns' in output && typeof output.columns === 'number' ? output.columns - marginColumns : null;
      const lines = said.split('\n').map((line) => wrapped(line, columns));
      log.message(lines.join('\n'), { output });
    },
    text: async (message, initialValue, problemOf) =>
      answered(
        await text({ message, initialValue, validate: (answer) => problemOf((answer ?? '').trim()), ...streams }),
      ).trim(),
    secret: async (message) =>
      answered(
        await password({
          message,
          validate: (answer) => ((answer ?? '').trim() === '' ? 'An answer is needed' : undefined),
          ...streams,
        }),
      ).trim(),
    choice: async <Value extends string>(message: string, choices: readonly Choice<Value>[]) => {
      const chosen = answered(await select<string>({ message, options: choices.map(shown), ...streams }));
      const choice = choices.find(({ value }) => value === chosen);
      if (choice === undefined) throw new Error(`The prompt answered "${chosen}", which was no choice`);
      return choice.value;
    },
    several: async (message, choices) =>
      answered(
        await autocompleteMultiselect({
          message,
          options: choices.map(shown),
          required: true,
          maxItems: 12,
          ...streams,
        }),
      ),
  };
}

/** What a server calls its rooms must not move the cursor. */
function shown({ value, label, hint }: Choice<string>): { value: string; label: string; hint?: string } {
  return { value, label: printable(label), ...(hint !== undefined && { hint: printable(hint) }) };
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (answer === CANCEL_SYMBOL) throw new InterruptedError('SIGINT');
  return answer;
}
