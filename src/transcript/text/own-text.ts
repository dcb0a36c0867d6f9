/** A copy of a text that is kept: what was cut out of a piece of a file would keep all of the piece in memory. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
