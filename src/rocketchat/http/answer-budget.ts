/**
 * Bytes of answers that may be in memory at once. Parsed, an answer takes a few times as much, and a server or a proxy
 * may compress it a thousandfold.
 */
export const answerBudgetBytes = 256 * 1024 * 1024;

interface Waiting {
  readonly lease: AnswerLease;
  readonly sizeBytes: number;
  readonly settle: (fits: boolean) => void;
}

/**
 * One budget over all answers in flight. Each may have its share unasked, which is a quarter of the budget for all of
 * them together; whatever needs more reserves all it needs at once, and waits in order until there is room. What an
 * answer holds while it waits does not count: two half-read answers never wait for each other.
 */
export class AnswerBudget {
  readonly limitBytes: number;
  readonly shareBytes: number;
  readonly #leases = new Set<AnswerLease>();
  #waiting: Waiting[] = [];

  /** @param answers how many may be in flight at once */
  constructor(answers: number, limitBytes = answerBudgetBytes) {
    this.limitBytes = limitBytes;
    this.shareBytes = Math.floor(limitBytes / 4 / answers);
  }

  /** For one answer, from its first byte until it is no longer needed. */
  lease(): AnswerLease {
    const lease = new AnswerLease(this);
    this.#leases.add(lease);
    return lease;
  }

  /** Used by leases: see AnswerLease.reserve. */
  enqueue(lease: AnswerLease, sizeBytes: number): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting.push({ lease, sizeBytes, settle });
      this.admit();
    });
  }

  /** Used by leases: one holds less than before. */
  admit(): void {
    for (let [head] = this.#waiting; head !== undefined; [head] = this.#waiting) {
      if (this.#countedBytes() + head.sizeBytes > this.limitBytes) return;
      this.#waiting.shift();
      head.lease.hold(head.sizeBytes);
      head.settle(true);
    }
  }

  /** Used by leases: one is over. */
  remove(lease: AnswerLease): void {
    const [gone, waiting] = [this.#waiting.filter((one) => one.lease === lease), this.#waiting];
    if (gone.length > 0) this.#waiting = waiting.filter((one) => one.lease !== lease);
    this.#leases.delete(lease);
    for (const { settle } of gone) settle(false);
    this.admit();
  }

  #countedBytes(): number {
    const waiting = new Set(this.#waiting.map(({ lease }) => lease));
    return [...this.#leases].reduce((sum, lease) => sum + (waiting.has(lease) ? 0 : lease.sizeBytes), 0);
  }
}

/** What one answer takes of the budget. */
export class AnswerLease {
  readonly #budget: AnswerBudget;
  #sizeBytes = 0;
  #isOver = false;

  constructor(budget: AnswerBudget) {
    this.#budget = budget;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get limitBytes(): number {
    return this.#budget.limitBytes;
  }

  /** Whether the answer may be that large without a reservation. */
  covers(sizeBytes: number): boolean {
    return sizeBytes <= Math.max(this.#budget.shareBytes, this.#sizeBytes);
  }

  /** Says how large the answer is, within what it may have. */
  hold(sizeBytes: number): void {
    const isLess = sizeBytes < this.#sizeBytes;
    this.#sizeBytes = sizeBytes;
    if (isLess) this.#budget.admit();
  }

  /**
   * Reserves room for the whole of an answer, and waits for it in order of asking.
   *
   * @returns false when it does not fit even alone, or the lease ends meanwhile
   */
  async reserve(sizeBytes: number): Promise<boolean> {
    if (this.#isOver || sizeBytes > this.limitBytes) return false;
    if (!this.covers(sizeBytes)) return this.#budget.enqueue(this, sizeBytes);
    this.hold(Math.max(sizeBytes, this.#sizeBytes));
    return true;
  }

  /** The answer is no longer needed, or never came. */
  end(): void {
    this.#isOver = true;
    this.#budget.remove(this);
  }
}
