import type { YAMLError } from 'yaml';
import type { Position } from './yaml-tree.ts';

export interface YamlProblem {
  readonly position: Position;
  /** Holds nothing of the file but names of keys and anchors: the rest could be a secret. */
  readonly text: string;
  readonly hint?: string;
}

const quoteIt = 'Put quotes around the text';

/** The library's own sentences quote the source, which may hold a secret, so each kind gets one of ours. */
const syntax: Readonly<Record<string, readonly [text: string, hint?: string]>> = {
  TAB_AS_INDENT: ['a tab indents this line', 'Indent with spaces'],
  BAD_ALIAS: ['"*" begins an alias here', 'A room list of all rooms is written with quotes: ["*"]'],
  TAG_RESOLVE_FAILED: ['"!" begins a tag here', 'An excluded room is written with quotes: "!ops-noise"'],
  BAD_SCALAR_START: ['text cannot begin with this character', quoteIt],
  BAD_DQ_ESCAPE: ['unknown escape after "\\"', 'Double the backslash, or use single quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a key stands where its place does not allow one',
    'Give the keys of one map the same indentation, and put quotes around text with ": " in it',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key goes over several lines', 'Check the indentation and the colon of this line'],
  BAD_INDENT: ['wrong indentation, or a bracket or quote that is not closed'],
  MISSING_CHAR: [
    'a comma, a colon, a closing bracket or a closing quote is missing',
    'Check the brackets and the quotes around this place',
  ],
  UNEXPECTED_TOKEN: ['something that does not belong here', 'Check the indentation and the quotes around this place'],
};

/** More than a person makes in one go: what has more is another kind of file, of which each line is an error. */
const mostProblems = 5;

/** Inside brackets: what they do to the rest of the file is the parser's guess, and says nothing of its own. */
const inBrackets = [
  {
    begins: /(?<=\$)\{/y,
    text: 'a variable without quotes stands inside brackets',
    hint: 'Inside [ ] and { } a variable needs quotes: ["${VAR}"]',
  },
  {
    begins: /(?<=[[{,])#/y,
    text: '"#" begins a comment here, which hides the rest of the line',
    hint: 'Write a room by its name alone, or put quotes around it: ["general"]',
  },
] as const;

function bracketMistake(text: string, at: number): (typeof inBrackets)[number] | undefined {
  return inBrackets.find(({ begins }) => {
    begins.lastIndex = at;
    return begins.test(text);
  });
}

/** Of several errors on a line the first, in our words; of a file that is no YAML the first alone. */
export function syntaxProblems(
  source: string,
  errors: readonly YAMLError[],
  positionOf: (offset: number) => Position,
): YamlProblem[] {
  const byLine = new Map<number, YamlProblem>();
  for (const error of errors) {
    const position = positionOf(error.pos[0]);
    const mistake = bracketMistake(source, error.pos[0]);
    if (mistake !== undefined) {
      const { text, hint } = mistake;
      return [...byLine.values(), { position, text, hint }];
    }
    const [text, hint] = syntax[error.code] ?? ['this is not valid YAML'];
    // One mistake makes several errors: the first of a line is the one to mend.
    if (!byLine.has(position.line))
      byLine.set(position.line, { position, text, ...(hint === undefined ? {} : { hint }) });
  }
  const [first, ...others] = byLine.values();
  if (first === undefined || others.length < mostProblems) return [...byLine.values()];
  const hint = `${others.length} more lines of this file are no YAML: check that it is a job file`;
  return [{ ...first, hint }];
}
