/** Of a table's slots, those that may be taken: fuller ones take long to search. */
const mostFull = 0.75;

/** Two halves of the id's fingerprint, and the run. */
const wordsOfSlot = 3;

/**
 * Notices ids that come again, in at most 16 bytes for each id, however long it is. What it keeps is a fingerprint of 64
 * bits: an id that it takes for known may be new (one pair in 10^19), one that it takes for new is new.
 */
export class SeenIds {
  readonly #slots: Uint32Array;
  readonly #capacity: number;

  /** @param mostIds of which more must not be noted */
  constructor(mostIds: number) {
    this.#capacity = Math.ceil((mostIds + 1) / mostFull);
    this.#slots = new Uint32Array(this.#capacity * wordsOfSlot);
  }

  /** @param run from 1. @returns the run that the id was noted with first; undefined when it is new, and noted now */
  note(id: string, run: number): number | undefined {
    const [high, low] = fingerprint(id);
    for (let slot = high % this.#capacity; ; slot = (slot + 1) % this.#capacity) {
      const at = slot * wordsOfSlot;
      const known = this.#slots[at + 2] ?? 0;
      if (known === 0) {
        this.#slots[at] = high;
        this.#slots[at + 1] = low;
        this.#slots[at + 2] = run;
        return undefined;
      }
      if (this.#slots[at] === high && this.#slots[at + 1] === low) return known;
    }
  }
}

/** cyrb53 by bryc (public domain), both of its words whole: a multiply-and-shift hash of the UTF-16 units. */
function fingerprint(id: string): readonly [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0, low >>> 0];
}
