/** Escaped, so that the `u0000` of an escaped backslash is not taken for one. */
const escapes = /\\u0000|\\./g;

/**
 * Replaces U+0000 by U+FFFD: PostgreSQL has no text with it, and SQLite's own functions end texts there. Counts the values
 * that had one.
 */
export class NulReplacer {
  replaced = 0;

  text(text: string): string {
    if (!text.includes('\0')) return text;
    this.replaced += 1;
    return text.replaceAll('\0', '\ufffd');
  }

  /** Of JSON text, where it is escaped. */
  json(text: string): string {
    if (!text.includes(String.raw`\u0000`)) return text;
    const replaced = text.replace(escapes, (escape) => (escape === String.raw`\u0000` ? '\ufffd' : escape));
    if (replaced !== text) this.replaced += 1;
    return replaced;
  }
}
