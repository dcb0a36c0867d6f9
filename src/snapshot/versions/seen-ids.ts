/** Of a table's slots, those that may be taken: fuller ones take long to search. */
const mostFull = 0.75;

/** Two halves of the id's fingerprint, and the run or the marks. */
const wordsOfSlot = 3;

/**
 * Notices ids that come again, in at most 16 bytes for each id, however long it is. What it keeps is a fingerprint of 64
 * bits: an id that it takes for known may be new (one pair in 10^19), one that it takes for new is new.
 */
export class SeenIds {
  #slots: Uint32Array;
  #capacity: number;
  #size = 0;

  /** @param expected ids to reserve memory for: with more of them it doubles, and takes three times as much meanwhile */
  constructor(expected: number) {
    this.#capacity = Math.ceil((expected + 1) / mostFull);
    this.#slots = new Uint32Array(this.#capacity * wordsOfSlot);
  }

  has(id: string): boolean {
    const at = this.#find(fingerprint(id));
    return this.#slots[at + 2] !== 0;
  }

  /** @param run from 1. @returns the run that the id was noted with first; undefined when it is new, and noted now */
  note(id: string, run: number): number | undefined {
    if (this.#size + 1 > this.#capacity * mostFull) this.#grow();
    const [high, low] = fingerprint(id);
    const at = this.#find([high, low]);
    const known = this.#slots[at + 2];
    if (known !== 0) return known;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = run;
    this.#size += 1;
    return undefined;
  }

  /** @param bits not 0; joined to those that the id has been marked with. For a set that `note` is not used with */
  mark(id: string, bits: number): void {
    const known = this.note(id, bits);
    if (known !== undefined && (known & bits) !== bits) this.#slots[this.#find(fingerprint(id)) + 2] = known | bits;
  }

  /** What an id was marked with; 0: it was not. */
  marks(id: string): number {
    return this.#slots[this.#find(fingerprint(id)) + 2] ?? 0;
  }

  /** Where the fingerprint stands, or the free slot that it would get. */
  #find([high, low]: Fingerprint): number {
    for (let slot = high % this.#capacity; ; slot = (slot + 1) % this.#capacity) {
      const at = slot * wordsOfSlot;
      const isFree = this.#slots[at + 2] === 0;
      if (isFree || (this.#slots[at] === high && this.#slots[at + 1] === low)) return at;
    }
  }

  #grow(): void {
    const slots = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Uint32Array(this.#capacity * wordsOfSlot);
    for (let at = 0; at < slots.length; at += wordsOfSlot) {
      const [high = 0, low = 0, run = 0] = slots.subarray(at, at + wordsOfSlot);
      if (run !== 0) this.#slots.set([high, low, run], this.#find([high, low]));
    }
  }
}

type Fingerprint = readonly [number, number];

/** cyrb53 by bryc (public domain), both of its words whole: a multiply-and-shift hash of the UTF-16 units. */
function fingerprint(id: string): Fingerprint {
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
