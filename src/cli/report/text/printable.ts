/**
 * Text from a server as one line of a terminal may show it: no control characters (an escape sequence in a room's name
 * could move the cursor or change the title) and none that turn the direction of what follows.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
