import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { terminalPrompter } from '../../../src/cli/init/terminal-prompter.ts';
import type { Prompter } from '../../../src/cli/prompter.ts';
import { InterruptedError } from '../../../src/errors.ts';

const choices = [{ value: 'a', label: 'A' }] as const;
const questions: readonly (readonly [string, (prompter: Prompter) => Promise<unknown>])[] = [
  ['a text', (prompter) => prompter.text('Address', 'https://', () => undefined)],
  ['a secret', (prompter) => prompter.secret('Token')],
  ['a choice', (prompter) => prompter.choice('Which?', choices)],
  ['a list', (prompter) => prompter.several('Which?', choices)],
];

describe('a question at the terminal', () => {
  it.each(questions)('ends in order by Ctrl-D, Ctrl-C or a terminal that is gone: %s', async (_kind, ask) => {
    for (const leave of [
      (input: PassThrough) => input.write('\u0004'),
      (input: PassThrough) => input.write('\u0003'),
      (input: PassThrough) => input.end(),
    ]) {
      const input = new PassThrough();
      const output = new PassThrough();
      output.resume();
      const answer = ask(terminalPrompter(input, output)).catch((error: unknown) => error);
      await setImmediate();
      leave(input);
      const error = await answer;
      expect(error).toBeInstanceOf(InterruptedError);
      expect(error).toMatchObject({ exitCode: 130, message: 'Interrupted by SIGINT' });
    }
  });

  it('says what is longer than the terminal in whole words', () => {
    const output = Object.assign(new PassThrough(), { columns: 30 });
    terminalPrompter(new PassThrough(), output).say('Personal Access Tokens: their ids\nAdd.');
    const said = String(output.read());
    expect(said).toContain('Personal Access Tokens:');
    expect(said.split('\n').map((line) => line.trimEnd())).toEqual(
      expect.arrayContaining([expect.stringMatching(/ their ids$/), expect.stringMatching(/ Add\.$/)]),
    );
  });

  it('takes the answer all the same', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    output.resume();
    const prompter = terminalPrompter(input, output);
    for (const word of ['one', 'two']) {
      const answer = prompter.secret('Token');
      await setImmediate();
      input.write(`${word}\r`);
      expect(await answer).toBe(word);
    }
  });
});
