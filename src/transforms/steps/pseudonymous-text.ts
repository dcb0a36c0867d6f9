import { percentDecoded } from '../../model/text/percent-decoded.ts';
import { nobody } from './known-names.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** A name as the server's parser takes it after `@`, `user:server` included. In an address like a@b.c it is none. */
const mention = /(?<![\p{L}\p{N}_])@([\p{L}\p{N}._-]+(?::[\p{L}\p{N}._-]+)?)/gu;
/** Parts of the workspace's own addresses that name a person: direct rooms (by id or username) and pictures. */
const address = /\/(direct|avatar(?:\/uid|\/room)?)\/([^/?#\s"'<>)\]]+)/gu;
/** Links to messages may name a room of two users as any other: its id is their two ids, longer than that of others. */
const roomOfTwo = /\/(group|channel)\/([0-9A-Za-z]{25,})(?![0-9A-Za-z_.-])/gu;

/** Shorter names are in other words too often. */
const shortestInText = 3;

/** Scripts that put no space between words: a name ends where it ends. */
const noSpaces =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]$/u;

/** Made once for the names of a sender, not for each message. */
const cachedPatterns = 1_000;

/** Takes the people out of text: everything that looks like an @mention, and the names the message is known to hold. */
export class PseudonymousText {
  readonly #pseudonyms: Pseudonyms;
  readonly #patterns = new Map<string, RegExp>();

  constructor(pseudonyms: Pseudonyms) {
    this.#pseudonyms = pseudonyms;
  }

  of(text: string, names: ReadonlySet<string>): string {
    const pseudonyms = this.#pseudonyms;
    if (names.has(text)) return pseudonyms.user(text);
    let changed = text;
    if (text.includes('@')) {
      changed = changed.replace(mention, (whole, name: string) => {
        // A full stop after a mention ends the sentence, unless it is known to be in the name.
        const username = names.has(name) ? name : name.replace(/[.:]+$/, '');
        return username === '' || nobody.has(username)
          ? whole
          : `@${pseudonyms.user(username)}${name.slice(username.length)}`;
      });
    }
    if (text.includes('/')) {
      for (const pattern of [address, roomOfTwo]) {
        changed = changed.replace(
          pattern,
          (_, kind: string, id: string) => `/${kind}/${pseudonyms.room(percentDecoded(id))}`,
        );
      }
    }
    const lower = changed.toLowerCase();
    const met = [...names].filter((name) => name.length >= shortestInText && lower.includes(name.toLowerCase()));
    if (met.length === 0) return changed;
    // Written in other letters it is the same person.
    const known = new Map(met.map((name) => [name.toLowerCase(), name]));
    return changed.replace(this.#pattern(met), (found) =>
      pseudonyms.user(names.has(found) ? found : (known.get(found.toLowerCase()) ?? found)),
    );
  }

  #pattern(names: readonly string[]): RegExp {
    const key = names.join('\0');
    let pattern = this.#patterns.get(key);
    if (pattern === undefined) {
      // The longest first: "Anna Berg" before "Anna".
      const longestFirst = [...names].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map(wholeWord).join('|'), 'giu');
      if (this.#patterns.size === cachedPatterns) this.#patterns.clear();
      this.#patterns.set(key, pattern);
    }
    return pattern;
  }
}

function wholeWord(name: string): string {
  const characters = Array.from(name);
  const before = noSpaces.test(characters[0] ?? '') ? '' : '(?<![\\p{L}\\p{N}_])';
  const after = noSpaces.test(characters.at(-1) ?? '') ? '' : '(?![\\p{L}\\p{N}_])';
  return `${before}${name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)}${after}`;
}
