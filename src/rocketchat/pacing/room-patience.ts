import { roomPolicy, suspectRoomPolicy, type RetryPolicy } from './retry.ts';

/** What the failing requests of one room may take of a run, the pauses between them included. */
const roomPatienceMs = 300_000;

/**
 * Bounds what a room costs that fails while the server is well: one that answers 504 after a minute, whatever is asked,
 * would otherwise hold up a run for hours, one request after the other.
 */
export class RoomPatience {
  readonly #spentMs = new Map<string, number>();
  readonly #suspects = new Set<string>();

  policyFor(roomId: string): RetryPolicy {
    return this.#suspects.has(roomId) ? suspectRoomPolicy : roomPolicy;
  }

  /** A request for the room has failed, or waits to be sent again. */
  spend(roomId: string, ms: number): void {
    this.#spentMs.set(roomId, (this.#spentMs.get(roomId) ?? 0) + ms);
  }

  isSpent(roomId: string): boolean {
    return (this.#spentMs.get(roomId) ?? 0) >= roomPatienceMs;
  }

  /** A request has used up its attempts: later ones are likely to fail as well, and get fewer. */
  suspect(roomId: string): void {
    this.#suspects.add(roomId);
  }
}
