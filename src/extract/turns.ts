/**
 * Does what is added in turn, and only so much of it at once. What waits costs its place in a list: as promises, each with what
 * it will do, fifty thousand rooms that wait for their turn took a hundred megabytes.
 */
export class Turns<Item extends object> {
  readonly #most: number;
  readonly #work: (item: Item) => Promise<void>;
  /** Those behind the place have not begun. */
  #added: Item[] = [];
  #place = 0;
  #active = 0;
  #onIdle: (() => void)[] = [];

  /** @param work must not reject: nobody would hear of it */
  constructor(most: number, work: (item: Item) => Promise<void>) {
    this.#most = most;
    this.#work = work;
  }

  add(item: Item): void {
    this.#added.push(item);
    this.#begin();
  }

  /** Resolves when all that has been added is done. */
  idle(): Promise<void> {
    return this.#active === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #begin(): void {
    while (this.#active < this.#most && this.#place < this.#added.length) {
      const item = this.#added[this.#place];
      this.#place += 1;
      if (item === undefined) continue;
      this.#active += 1;
      void this.#work(item).then(() => this.#end());
    }
  }

  #end(): void {
    this.#active -= 1;
    this.#begin();
    if (this.#active > 0) return;
    this.#added = [];
    this.#place = 0;
    for (const resolve of this.#onIdle) resolve();
    this.#onIdle = [];
  }
}
