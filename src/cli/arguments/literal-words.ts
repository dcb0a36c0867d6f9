/** No argument of a program can hold it. */
const mark = '\0';

/**
 * Marks the words of a command line that are no options although they begin with `-`: all behind `--`, which the parser would
 * hand to no command, and where a command looks for words those such as `-hello`, which the parser would read as `-h -e -l…`.
 *
 * @param command that looks for words; undefined: the command line has none that does
 */
export function markLiteralWords(argv: readonly string[], command: string | undefined): readonly string[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  const from = command === undefined ? Infinity : before.indexOf(command);
  return [
    ...before.map((word, at) => (at > from && isWord(word) ? mark + word : word)),
    ...(end < 0 ? [] : argv.slice(end + 1)).map((word) => (word.startsWith('-') ? mark + word : word)),
  ];
}

/** What was parsed, without the marks. */
export function unmarkedArguments(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, unmarked(value)]));
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  return typeof value === 'string' && value.startsWith(mark) ? value.slice(mark.length) : value;
}

/** Whether one dash is followed by more than the letters of options that every command has. */
function isWord(word: string): boolean {
  return /^-[^-]/.test(word) && !/^-[hVqv]+$/.test(word);
}
