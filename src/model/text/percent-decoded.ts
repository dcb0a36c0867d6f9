/** A lone percent sign is a character of a password or a path, not a reason to fail. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
