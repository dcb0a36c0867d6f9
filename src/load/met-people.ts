import type { FlatMessage } from '../model/flat-message.ts';
import { unknownPerson, type Person } from '../model/people/person.ts';

/** Who sent a message: as the server has it, and as the steps of the job show it. */
export interface MetPerson {
  readonly person: Person;
  readonly shown: Person;
  /** When the message was sent, in epoch milliseconds. */
  readonly metMs: number;
}

/** What of a message says who sent it and when. */
type Sent = Pick<FlatMessage, 'userId' | 'username' | 'userName' | 'ts'>;

/** Collects the senders of messages, each as the newest message shows it. */
export class MetPeople {
  readonly #people = new Map<string, MetPerson>();

  /** By id. */
  get people(): ReadonlyMap<string, MetPerson> {
    return this.#people;
  }

  /** @param shown the message behind the steps */
  note(message: Sent, shown: Sent): void {
    const person = senderOf(message);
    const shownPerson = senderOf(shown);
    if (person === undefined || shownPerson === undefined) return;
    const metMs = message.ts.getTime();
    const known = this.#people.get(person.id);
    if (known !== undefined && known.metMs > metMs) return;
    this.#people.set(person.id, { person, shown: shownPerson, metMs });
  }
}

function senderOf({ userId, username, userName }: Sent): Person | undefined {
  if (userId === null || userId === '') return undefined;
  return { ...unknownPerson(userId, 'message'), username, name: userName };
}
