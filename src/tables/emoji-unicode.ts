import { emojiLines } from './data/emoji-lines.ts';

let characters: ReadonlyMap<string, string> | undefined;

/**
 * The character of an emoji that the server names by a short code, as its clients show it; null for emoji that the
 * workspace has added itself.
 *
 * @param name as reactions have it: `:tada:`; messages of other servers (federation) bring the character: `:🎉:`
 */
export function emojiUnicode(name: string): string | null {
  const code = name.startsWith(':') && name.endsWith(':') ? name.slice(1, -1) : name;
  characters ??= readLines(emojiLines);
  return characters.get(code) ?? (/^\p{Extended_Pictographic}/u.test(code) ? code : null);
}

/** A line holds the code points of a character, `1f468-200d-1f469`, and its short codes. */
function readLines(lines: string): ReadonlyMap<string, string> {
  const byCode = new Map<string, string>();
  for (const line of lines.trim().split('\n')) {
    const [codePoints = '', ...codes] = line.split(' ');
    const character = String.fromCodePoint(...codePoints.split('-').map((hex) => Number.parseInt(hex, 16)));
    for (const code of codes) byCode.set(code, character);
  }
  return byCode;
}
