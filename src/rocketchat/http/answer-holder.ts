import type { AnswerLease } from './answer-budget.ts';

/**
 * Whoever asks for one page after another, and writes each away. The answer that it works on counts as in flight until it
 * is let go; one that is fetched ahead counts as long as it is on its way, or its reader could wait for itself.
 */
export class AnswerHolder {
  readonly #held = new Set<AnswerLease>();
  #pending = 0;

  /** Another page is asked for. */
  begin(): void {
    this.letGo();
    this.#pending++;
  }

  /** @param lease undefined: nothing came of it */
  receive(lease: AnswerLease | undefined): void {
    this.#pending--;
    if (lease === undefined) return;
    if (this.#pending > 0) lease.end();
    else this.#held.add(lease);
  }

  letGo(): void {
    for (const lease of this.#held) lease.end();
    this.#held.clear();
  }
}
