import { RoomError } from '../errors.ts';

/** The server's word that it has no such endpoint: what it says for one room holds for all. See classifyResponse. */
const missing: ReadonlySet<string> = new Set(['not-found', 'http-405', 'http-410']);

/** The server's word that this login may not ask; another room may be open to it. */
const denied: ReadonlySet<string> = new Set(['not-allowed', 'action-not-allowed']);

/** The reason of a refusal for good; undefined: an error that asking in another way would not mend, or not honestly. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof RoomError)) return undefined;
  return missing.has(error.reason) || denied.has(error.reason) ? error.reason : undefined;
}

/** Whether a server that does not have the endpoint refuses so; one that has it may mean the room. */
export function mayBeMissing(reason: string): boolean {
  return missing.has(reason);
}

/** Remembers for the rooms of a run that the server does not have an endpoint, so that only the first ones ask. */
export class MissingEndpoint {
  #reason: string | undefined;

  /** undefined: as far as is known it is there. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** @param reason why a room was refused */
  note(reason: string): void {
    if (mayBeMissing(reason)) this.#reason ??= reason;
  }
}
