import { commonOptions } from './parser.ts';

/** The word of a command line that stands where the command does: the first that is no option, nor the value of one. */
export function commandWord(argv: readonly string[]): string | undefined {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return word;
    if (commonOptions[word.replace(/^--/, '')]?.requiresArg === true) at += 1;
  }
  return undefined;
}
