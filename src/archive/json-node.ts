/** A JSON file is not what it should be. Whoever reads the file names it and says what to do. */
export class JsonShapeError extends Error {
  /** A later version of this program wrote the file. */
  readonly newer: boolean;

  constructor(message: string, newer = false) {
    super(message);
    this.name = 'JsonShapeError';
    this.newer = newer;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value of a parsed JSON file that knows its place, so that a wrong one can be named. Keys nobody asks for are passed
 * over: a file may hold more than this version knows.
 */
export class JsonNode {
  readonly #value: unknown;
  readonly #place: string;

  private constructor(value: unknown, place: string) {
    this.#value = value;
    this.#place = place;
  }

  /** @throws JsonShapeError, as all methods do, when the text or the value is not what is asked for. */
  static parse(bytes: Uint8Array): JsonNode {
    try {
      return new JsonNode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), '');
    } catch (error) {
      throw new JsonShapeError(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #fail(expected: string): never {
    const shown = this.#value === undefined ? 'missing' : JSON.stringify(this.#value).slice(0, 80);
    const place = this.#place === '' ? 'the whole' : `"${this.#place}"`;
    throw new JsonShapeError(`${place} should be ${expected}, not ${shown}`);
  }

  #record(): Readonly<Record<string, unknown>> {
    return isRecord(this.#value) ? this.#value : this.#fail('an object');
  }

  get(key: string): JsonNode {
    const record = this.#record();
    const place = this.#place === '' ? key : `${this.#place}.${key}`;
    return new JsonNode(Object.hasOwn(record, key) ? record[key] : undefined, place);
  }

  string(): string {
    return typeof this.#value === 'string' ? this.#value : this.#fail('a text');
  }

  /** Whatever it is: for what a person reads and no program does. */
  json(): unknown {
    return this.#value;
  }

  boolean(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.#fail('true or false');
  }

  /** A whole number of at least `least`. */
  count(least = 0): number {
    const value = this.#value;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? value
      : this.#fail(`a whole number of at least ${least}`);
  }

  /** Lower-case hex. */
  sha256(): string {
    const value = this.#value;
    return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : this.#fail('a SHA-256 in hex');
  }

  /** A time as Date.toISOString writes it, in epoch milliseconds. */
  isoDateMs(): number {
    const text = this.string();
    const ms = Date.parse(text);
    return !Number.isNaN(ms) && new Date(ms).toISOString() === text
      ? ms
      : this.#fail('a time like 2026-01-31T23:59:59.000Z');
  }

  /** A text that passes a test, said in words. */
  stringThat(passes: (text: string) => boolean, expected: string): string {
    const text = this.string();
    return passes(text) ? text : this.#fail(expected);
  }

  literal<const T extends string | number>(wanted: T): T {
    return this.#value === wanted ? wanted : this.#fail(JSON.stringify(wanted));
  }

  oneOf<const T extends string>(wanted: readonly T[]): T {
    const found = wanted.find((word) => word === this.#value);
    return found ?? this.#fail(wanted.map((word) => JSON.stringify(word)).join(' or '));
  }

  /** The format version of the file. */
  version<const T extends number>(known: T): T {
    const value = this.#value;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > known) {
      throw new JsonShapeError(`its format version is ${value}, and this program knows up to ${known}`, true);
    }
    return this.literal(known);
  }

  nullable<T>(read: (node: JsonNode) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  /** For a key that may be left out. */
  optional<T>(read: (node: JsonNode) => T): T | undefined {
    return this.#value === undefined ? undefined : read(this);
  }

  list<T>(read: (node: JsonNode) => T): readonly T[] {
    if (!Array.isArray(this.#value)) return this.#fail('a list');
    return this.#value.map((value: unknown, index) => read(new JsonNode(value, `${this.#place}[${index}]`)));
  }

  map<T>(read: (node: JsonNode) => T): Readonly<Record<string, T>> {
    const keys = Object.keys(this.#record());
    return Object.fromEntries(keys.map((key) => [key, read(this.get(key))]));
  }
}
