import { createHmac } from 'node:crypto';

const digits = 12;
/** Names and ids met so far; there are few and they come again and again. Some 10 MB at most. */
const cachedNames = 50_000;

/**
 * Keyed pseudonyms. The same text gives the same pseudonym under the same key, in every column, table, run and archive;
 * without the key nobody can find it by trying names.
 */
export class Pseudonyms {
  readonly #key: string;
  readonly #known = new Map<string, string>();

  constructor(key: string) {
    this.#key = key;
  }

  /** Of a user's id, username or name: `u_` and 12 hex digits. */
  user(name: string): string {
    return this.#pseudonym('u_', name);
  }

  /** Of a direct room's id, which is made of the ids of the two users. */
  room(id: string): string {
    return this.#pseudonym('d_', id);
  }

  #pseudonym(prefix: string, text: string): string {
    const name = prefix + text;
    let pseudonym = this.#known.get(name);
    if (pseudonym === undefined) {
      // Half a surrogate pair has no UTF-8: as JSON it stays what it is.
      const hash = createHmac('sha256', this.#key).update(JSON.stringify(name)).digest('hex');
      pseudonym = prefix + hash.slice(0, digits);
      if (this.#known.size === cachedNames) this.#known.clear();
      this.#known.set(name, pseudonym);
    }
    return pseudonym;
  }
}
