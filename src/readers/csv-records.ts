import { FormatError } from './format-error.ts';

/** Cells of a line; null is the empty cell, and `''` a cell of two quotes. */
export type CsvRecord = readonly (string | null)[];

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Takes text apart into records: RFC 4180 with LF, as the CSV sink writes it, and nothing else. A quote or a bare CR in
 * a cell without quotes, or text behind a closing quote, is damage.
 *
 * Give it the text in pieces of any size; a record that goes on waits for the next one.
 */
export class CsvRecords {
  readonly #delimiter: number;
  #text = '';
  /** Of a record that goes on: what came since it was last looked at. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #at = 0;

  /** @param delimiter one UTF-16 unit */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Records that have ended, at once or with a later piece. @throws FormatError */
  push(text: string): readonly CsvRecord[] {
    this.#pieces.push(text);
    this.#piecesLength += text.length;
    // Looking at a long record with every piece anew would take time by its square.
    if (this.#piecesLength < this.#text.length) return [];
    this.#text += this.#pieces.join('');
    this.#pieces = [];
    this.#piecesLength = 0;
    return this.#take();
  }

  /** The records that are left. @throws FormatError when the text ends within one */
  end(): readonly CsvRecord[] {
    this.#text += this.#pieces.join('');
    const records = this.#take();
    if (this.#text !== '') throw new FormatError('its last line has no end');
    return records;
  }

  #take(): readonly CsvRecord[] {
    const records: CsvRecord[] = [];
    this.#at = 0;
    let taken = 0;
    for (let record = this.#record(); record !== undefined; record = this.#record()) {
      records.push(record);
      taken = this.#at;
    }
    this.#text = this.#text.slice(taken);
    return records;
  }

  /** undefined: it goes on behind the text. */
  #record(): CsvRecord | undefined {
    const cells: (string | null)[] = [];
    for (;;) {
      const cell = this.#cell();
      if (cell === undefined) return undefined;
      cells.push(cell);
      const end = this.#text.charCodeAt(this.#at);
      this.#at += 1;
      if (end === lineFeed) return cells;
      if (end !== this.#delimiter) throw new FormatError('a cell goes on behind its closing quote');
    }
  }

  /** Leaves `#at` at the delimiter or line feed behind the cell; undefined: that lies behind the text. */
  #cell(): string | null | undefined {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) === quote) return this.#quoted();
    for (let at = start; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === this.#delimiter || unit === lineFeed) {
        this.#at = at;
        return at === start ? null : text.slice(start, at);
      }
      if (unit === quote || unit === carriageReturn) throw new FormatError('a cell should be in quotes, and is not');
    }
    return undefined;
  }

  #quoted(): string | undefined {
    const text = this.#text;
    const start = this.#at + 1;
    let hasQuotes = false;
    for (let at = start; ;) {
      const found = text.indexOf('"', at);
      // What follows the quote shows whether it is the last.
      if (found === -1 || found + 1 >= text.length) return undefined;
      if (text.charCodeAt(found + 1) !== quote) {
        this.#at = found + 1;
        const content = text.slice(start, found);
        return hasQuotes ? content.replaceAll('""', '"') : content;
      }
      hasQuotes = true;
      at = found + 2;
    }
  }
}
