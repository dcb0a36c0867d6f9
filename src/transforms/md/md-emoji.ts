/** How an EMOJI node is shown in plain text, and the name it is counted under. */
interface EmojiText {
  readonly shown: string;
  /** `:tada:`, as reactions name it, or the character itself. */
  readonly name: string;
}

const shortCodePattern = /^[\w+-]+$/;

/**
 * Shapes of all parser versions: `{unicode: "😀"}`; `{value: PLAIN_TEXT "tada", shortCode: "tada"}`; an emoticon
 * `{value: PLAIN_TEXT ":)", shortCode: "slight_smile"}`, shown as it was typed; and before 0.31.14 `value` without
 * `shortCode`.
 *
 * @param typed the text of the node's PLAIN_TEXT, null when it has none
 * @returns null when the node names no emoji at all
 */
export function emojiText(typed: string | null, shortCode: unknown, unicode: unknown): EmojiText | null {
  if (typed === null) {
    if (typeof unicode === 'string') return { shown: unicode, name: unicode };
    if (typeof shortCode !== 'string') return null;
    const code = `:${shortCode}:`;
    return { shown: code, name: code };
  }
  if (typeof shortCode !== 'string') {
    const shown = shortCodePattern.test(typed) ? `:${typed}:` : typed;
    return { shown, name: shown };
  }
  const code = `:${shortCode}:`;
  return { shown: typed === shortCode ? code : typed, name: code };
}
