import type { Prompter } from '../../../src/cli/prompter.ts';

/** Answers in turn; what is asked stands in `asked`. */
export function answering(answers: readonly (string | readonly string[])[]) {
  const left = [...answers];
  const asked: string[] = [];
  const next = (question: string): string | readonly string[] => {
    asked.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`No answer to: ${question}`);
    return answer;
  };
  const word = (question: string): Promise<string> => Promise.resolve(String(next(question)));
  const prompter: Prompter = {
    say: (text) => asked.push(`said: ${text}`),
    text: word,
    secret: word,
    choice: async (question, choices) => {
      const answer = await word(question);
      const choice = choices.find(({ value }) => value === answer);
      if (choice === undefined) throw new Error(`"${answer}" is no choice of: ${question}`);
      return choice.value;
    },
    several: (question) => Promise.resolve([next(question)].flat()),
  };
  return { prompter, asked, left };
}
