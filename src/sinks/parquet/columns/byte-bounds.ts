/** Smallest and largest of the values written, as the footer takes them. */
export interface Bounds {
  readonly min_value?: Uint8Array | number | boolean;
  readonly max_value?: Uint8Array | number | boolean;
}

/** The smallest and the largest of many texts by their UTF-8 bytes, which is the order that readers prune by. */
export class ByteBounds {
  #min: Uint8Array | undefined;
  #max: Uint8Array | undefined;

  note(bytes: Uint8Array, start: number, end: number): void {
    if (this.#min === undefined || this.#max === undefined) {
      this.#min = this.#max = Uint8Array.from(bytes.subarray(start, end));
    } else if (compare(bytes, start, end, this.#max) > 0) {
      this.#max = Uint8Array.from(bytes.subarray(start, end));
    } else if (compare(bytes, start, end, this.#min) < 0) {
      this.#min = Uint8Array.from(bytes.subarray(start, end));
    }
  }

  take(): Bounds {
    const bounds =
      this.#min === undefined || this.#max === undefined ? {} : { min_value: this.#min, max_value: this.#max };
    this.#min = this.#max = undefined;
    return bounds;
  }
}

/** Mostly the first bytes differ, and a native function would not be called yet. */
function compare(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const shared = Math.min(end - start, other.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (bytes[start + at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}
