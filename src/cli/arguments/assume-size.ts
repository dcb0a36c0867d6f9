import type { WriteStream } from 'node:tty';

/** What a terminal has had since there were any: whoever sets no size gets this. */
const usual = { columns: 80, rows: 24 };

/**
 * Gives a terminal whose size nobody has set, as a pseudo terminal of a script or of CI, the usual one: 0 columns would wrap
 * every letter. What is no terminal stays as it is.
 */
export function assumeSize(stream: Pick<WriteStream, 'columns' | 'rows' | 'isTTY'>): void {
  if (stream.isTTY && !(stream.columns > 0)) Object.assign(stream, usual);
}
