/** A source of repeatable randomness: the same seed gives the same sequence on every machine. */
export interface Prng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number, both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T;
  /** The 17 characters that Meteor makes ids of. */
  id(): string;
  /** The 24 hexadecimal digits of a MongoDB ObjectId, as messages that the server itself inserts have. */
  objectId(atMs: number): string;
}

/** Meteor's alphabet for ids: no characters that are easily confused. */
export const idAlphabet = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';

/** Algorithm: sfc32 by Chris Doty-Humphrey, in 32-bit integer arithmetic only. */
export function createPrng(seed: number): Prng {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;

  function next32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  // The first outputs still resemble the seed.
  for (let round = 0; round < 12; round += 1) next32();

  const next = (): number => next32() / 0x1_0000_0000;
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));

  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly T[]): T => {
      const found = list[integer(0, list.length - 1)];
      if (found === undefined) throw new RangeError('Cannot pick from an empty list');
      return found;
    },
    id: () => Array.from({ length: 17 }, () => idAlphabet.charAt(integer(0, idAlphabet.length - 1))).join(''),
    objectId: (atMs) =>
      [Math.floor(atMs / 1000), next32(), next32()].map((word) => word.toString(16).padStart(8, '0')).join(''),
  };
}
