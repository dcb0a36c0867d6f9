/** Messages on a page: one opens in a fifth of a second on a telephone, and most months fit on one. */
export const messagesPerPage = 500;

/** Below the megabyte that no page is to be longer than: what stands around the messages is short. */
const bytesPerPage = 950_000;

/** The markup of a message without reactions, files and versions, whatever it says. */
const bytesPerMessage = 700;

/** Signs that are escaped, or may be the beginning of markup: `@a` takes 44 bytes. */
const bytesPerSign = 40;

/** Such signs in the JSON of a row itself. */
const signsPerRow = 150;

const isSign = new Uint8Array(128);
for (const sign of '&<>"\'*_~`@#:|[-') isSign[sign.charCodeAt(0)] = 1;

/**
 * Says where a page ends: by the messages before it alone, so that what comes later never moves what is there. A message
 * longer than a page has one of its own.
 */
export class PageCut {
  #messages = 0;
  #bytes = 0;

  /** Whether a message begins a new page. @param lines the rows of it */
  beginsPage(lines: readonly { readonly line: string }[]): boolean {
    const bytes = lines.reduce((sum, { line }) => sum + mostBytes(line), bytesPerMessage);
    const isFull = this.#messages >= messagesPerPage || (this.#messages > 0 && this.#bytes + bytes > bytesPerPage);
    if (isFull) this.reset();
    this.#messages += 1;
    this.#bytes += bytes;
    return isFull;
  }

  reset(): void {
    this.#messages = 0;
    this.#bytes = 0;
  }
}

/** What the markup of a row may take: more than nearly every one does. */
function mostBytes(line: string): number {
  let signs = 0;
  for (let at = 0; at < line.length; at++) signs += isSign[line.charCodeAt(at)] ?? 0;
  return Buffer.byteLength(line) + Math.max(0, signs - signsPerRow) * bytesPerSign;
}
