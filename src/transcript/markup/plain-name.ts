const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The name of a person, a room or a file as it may stand among other words: signs that turn the direction of what follows
 * are shown as what they are (`[U+202E]`), since `exe.gpj` would read as a picture behind one of them.
 */
export function plainName(name: string): string {
  return name.replaceAll(
    bidiControls,
    (sign) => `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
