import type { JobServer } from '../preview/look.ts';

/** A message that was compared, and where it stands. */
export interface ComparedMessage {
  readonly messageId: string;
  readonly room: { readonly id: string; readonly name: string };
}

/** The server has a version that is newer than the archive's newest: both times as ISO 8601, UTC. */
export interface EditedSince extends ComparedMessage {
  readonly archived: string;
  readonly now: string;
}

/** A message of which the server and the archive say different things about the same version. */
export interface DifferentMessage extends ComparedMessage {
  /** `row`: the archive does not have the message at all, though runs have read past it. */
  readonly column: string;
  /** JSON, cut to 200 characters. */
  readonly archived: string;
  readonly server: string;
}

/** A room of the archive none of whose messages could be compared. */
export interface UncomparedRoom {
  readonly room: { readonly id: string; readonly name: string };
  /** Stable word, as in a gap of a manifest. */
  readonly reason: string;
  readonly message: string;
}

/** What the messages of an archive are on the server now. The archive holds true when `differs` is empty. */
export interface ServerComparison {
  readonly server: JobServer;
  /** Gives the same sample of the same archive again. */
  readonly seed: number;
  /** Messages that are current in the archive. */
  readonly messages: number;
  /** Drawn at random from those. */
  readonly sampled: number;
  /** Sampled or among the newest of their room, and found on the server or known to be gone from it. */
  readonly compared: number;
  readonly equal: number;
  readonly editedSince: readonly EditedSince[];
  readonly deletedSince: readonly ComparedMessage[];
  readonly differs: readonly DifferentMessage[];
  /** Messages met on the server that no run can have read yet. */
  readonly newSince: number;
  /** Messages met on the server that a purge has removed from the archive, or that came since and its rule keeps out. */
  readonly purged: number;
  readonly uncomparedRooms: readonly UncomparedRoom[];
  /** What could not be compared of messages that were, in sentences. */
  readonly notes: readonly string[];
}
