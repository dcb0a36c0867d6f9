import type { Member } from '../../model/people/member.ts';
import type { Person } from '../../model/people/person.ts';
import type { Room } from '../../model/room.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

/**
 * What a job does to messages between reading them and writing rows. Pure: the same message gives the same answer,
 * whatever came before it, so that a run that is begun anew gives the same bytes.
 */
export interface Step {
  /** The job's word for it; of a plug-in, the path or package. */
  readonly name: string;
  /** For the manifest: no secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Returns the message for the next step, or null to drop it. */
  message?(message: FlatMessage): FlatMessage | null;
  /** Whether `message` is called for tombstones, too, which have no more than an id, a room and a time. */
  readonly alsoTombstones?: true;
  /** Whether it may give messages another room or date: then rows do not show where the server has them. */
  readonly mayMove?: true;
  /** For the table of rooms. */
  room?(room: Room): Room;
  /** For the table of users. */
  person?(person: Person): Person;
  /** For the table of members of rooms. */
  member?(member: Member): Member;
  /** Columns to leave out of every table that has them. */
  readonly dropsColumns?: readonly string[];
}
