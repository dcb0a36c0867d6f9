/** A number of a JSON text that no double holds: `12345678901234567890`. Written again as it stood there. */
export class ExactNumber {
  /** How many of them JSON.stringify has met: whether a value holds any shows when it is written. */
  static written = 0;
  // Private: nobody takes it for a record with a property.
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** For those who write JSON by themselves: the nearest double. */
  toJSON(): number {
    ExactNumber.written += 1;
    return Number(this.#text);
  }
}
