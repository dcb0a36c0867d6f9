import { ownValue } from '../../model/json/own-value.ts';

/**
 * What becomes of a member of an object: null, it is passed over and not in the result; a function, each of its entries is
 * parsed for itself, and the result has what that returns; else what becomes of its own members. Of all others nothing does.
 */
export interface JsonParts {
  readonly [key: string]: null | ((entry: unknown) => unknown) | JsonParts;
}

/**
 * Parses a JSON object that has tens of thousands of entries, a piece of its bytes and one entry at a time: parsed as a whole,
 * its text, the objects and what is made of them lie in memory together.
 *
 * @throws SyntaxError for what is not such an object, without saying where: parse it as a whole to know; what a function of
 *   `parts` throws
 */
export async function readJsonParts(chunks: AsyncIterable<Uint8Array>, parts: JsonParts): Promise<object> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const reader = new PartsReader(iterator);
    const value = await reader.object(parts);
    if ((await reader.peek()) !== undefined) throw new SyntaxError('There is more behind the object');
    return value;
  } finally {
    // Closes the file where it was not read to its end.
    await iterator.return?.();
  }
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const space = 0x20;

class PartsReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** What has come and is not parsed yet begins at `#at`. */
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  async object(parts: JsonParts): Promise<object> {
    await this.#expect(openObject);
    const members: [string, unknown][] = [];
    if ((await this.peek()) === closeObject) this.#at += 1;
    else {
      do {
        const key = await this.#key();
        const part = ownValue(parts, key);
        if (part === undefined) members.push([key, await this.#value()]);
        else if (part === null) this.#at = await this.#end(false);
        else members.push([key, await this.#part(part)]);
      } while (await this.#goesOn(closeObject));
    }
    return Object.fromEntries(members);
  }

  /** The first byte of what comes next; undefined at the end. */
  async peek(): Promise<number | undefined> {
    for (;;) {
      while (this.#at < this.#bytes.length) {
        const byte = this.#bytes[this.#at];
        if (byte === undefined || byte > space) return byte;
        this.#at += 1;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  async #part(part: ((entry: unknown) => unknown) | JsonParts): Promise<unknown> {
    const first = await this.peek();
    if (typeof part !== 'function') return first === openObject ? this.object(part) : this.#value();
    if (first === openObject) return this.#entries(part);
    return first === openList ? this.#elements(part) : this.#value();
  }

  async #entries(take: (entry: unknown) => unknown): Promise<object> {
    await this.#expect(openObject);
    const entries: [string, unknown][] = [];
    if ((await this.peek()) === closeObject) this.#at += 1;
    else {
      do {
        const key = await this.#key();
        const taken = take(await this.#value());
        if (taken !== undefined) entries.push([key, taken]);
      } while (await this.#goesOn(closeObject));
    }
    return Object.fromEntries(entries);
  }

  async #elements(take: (entry: unknown) => unknown): Promise<readonly unknown[]> {
    await this.#expect(openList);
    const elements: unknown[] = [];
    if ((await this.peek()) === closeList) this.#at += 1;
    else {
      do {
        const taken = take(await this.#value());
        if (taken !== undefined) elements.push(taken);
      } while (await this.#goesOn(closeList));
    }
    return elements;
  }

  async #key(): Promise<string> {
    const key = await this.#value();
    if (typeof key !== 'string') throw new SyntaxError('A key should be a text');
    await this.#expect(colon);
    return key;
  }

  async #value(): Promise<unknown> {
    const end = await this.#end();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return JSON.parse(this.#text(bytes));
  }

  #text(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw new SyntaxError('It is no UTF-8', { cause });
    }
  }

  async #expect(byte: number): Promise<void> {
    if ((await this.peek()) !== byte) throw new SyntaxError(`Expected "${String.fromCharCode(byte)}"`);
    this.#at += 1;
  }

  /** Whether a comma comes next, and not what closes the object or list. */
  async #goesOn(close: number): Promise<boolean> {
    const byte = await this.peek();
    if (byte !== comma && byte !== close) throw new SyntaxError('An entry ends in something else');
    this.#at += 1;
    return byte === comma;
  }

  /** @param isKept whether the value then lies in `#bytes` as a whole: one that is passed over may be most of the file */
  async #end(isKept = true): Promise<number> {
    await this.peek();
    let [at, depth, isText] = [this.#at, 0, false];
    for (;;) {
      for (; at < this.#bytes.length; at++) {
        const byte = this.#bytes[at];
        if (isText) {
          if (byte === backslash) at += 1;
          else if (byte === quote) {
            isText = false;
            if (depth === 0) return at + 1;
          }
        } else if (byte === quote) isText = true;
        else if (byte === openObject || byte === openList) depth += 1;
        else if (byte === closeObject || byte === closeList) {
          if (depth === 0) return at;
          depth -= 1;
          if (depth === 0) return at + 1;
        } else if (depth === 0 && (byte === comma || byte === colon || (byte ?? 0) <= space)) return at;
      }
      // An escape may lie across the border: `at` is one further then.
      if (!isKept) this.#at = Math.min(at, this.#bytes.length);
      const passed = this.#at;
      if (!(await this.#more())) throw new SyntaxError('The text ends in the middle of a value');
      at -= passed;
    }
  }

  /** Gets the next piece, and lets go of what has been parsed. */
  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), next.value]);
    this.#at = 0;
    return true;
  }
}
