/**
 * Compiles a glob: `*` any run of characters, `?` one character, `[abc]`, `[a-z]`, `[!abc]` one of (or none of) a set;
 * a `[` without its `]` is itself. Case matters, `/` and `.` are ordinary. The answer takes time in the product of the
 * lengths at worst, whatever the pattern: it goes back to the last `*` only.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const tokens = parse(Array.from(pattern));
  return (text) => matches(tokens, Array.from(text));
}

/** Whether a word is more than itself. */
export function isGlob(pattern: string): boolean {
  return /[*?]|\[(?:!.|[^!])[^\]]*\]/su.test(pattern);
}

/** Takes one character each, except for the star. By code points, so that an emoji is one character. */
type Token = 'star' | ((character: string) => boolean);

function parse(pattern: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    // The first character of a set may be `]`.
    const first = pattern[at + 1] === '!' ? at + 2 : at + 1;
    const end = character === '[' ? pattern.indexOf(']', first + 1) : -1;
    if (end !== -1) {
      tokens.push(oneOf(pattern.slice(first, end), first === at + 2));
      at = end;
    } else if (character === '*') tokens.push('star');
    else if (character === '?') tokens.push(() => true);
    else tokens.push((other) => other === character);
  }
  return tokens;
}

function oneOf(set: readonly string[], negated: boolean): (character: string) => boolean {
  const ranges: [from: string, to: string][] = [];
  for (let at = 0; at < set.length; at++) {
    const from = set[at] ?? '';
    const to = set[at + 1] === '-' ? set[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return (character) => {
    const code = codePoint(character);
    return ranges.some(([from, to]) => codePoint(from) <= code && code <= codePoint(to)) !== negated;
  };
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let token = 0;
  let star = -1;
  let starAt = 0;
  for (let at = 0; at < text.length;) {
    const current = tokens[token];
    if (current === 'star') {
      star = token++;
      starAt = at;
    } else if (current?.(text[at] ?? '') === true) {
      token++;
      at++;
    } else if (star !== -1) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === 'star');
}
