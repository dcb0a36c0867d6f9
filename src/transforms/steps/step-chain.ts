import type { Member } from '../../model/people/member.ts';
import type { Person } from '../../model/people/person.ts';
import type { Room } from '../../model/room.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import { isPurged, purgedStepName, type PurgeCheck } from '../../model/run/purge-rule.ts';
import type { Step } from './step.ts';

/** The steps of a job in their order, and how many messages each has dropped. */
export class StepChain {
  /** Columns that no table has any more. */
  readonly droppedColumns: ReadonlySet<string>;
  readonly #steps: readonly { readonly step: Step; dropped: number }[];
  readonly #purge: PurgeCheck | undefined;
  #purged = 0;

  /** @param purge what was purged from the archive, so that nothing brings it back; absent: nothing was */
  constructor(steps: readonly Step[], purge?: PurgeCheck) {
    this.#purge = purge;
    this.droppedColumns = new Set(steps.flatMap(({ dropsColumns = [] }) => dropsColumns));
    this.#steps = steps.map((step) => ({ step, dropped: 0 }));
  }

  /** Whether a message may stand in another room, or at another date, than the server has it. */
  get mayMoveMessages(): boolean {
    return this.#steps.some(({ step }) => step.mayMove === true);
  }

  /** Whether a message may have no row though it was read. */
  get mayDropMessages(): boolean {
    const mayDrop = this.#steps.some(({ step }) => step.message !== undefined && step.alsoTombstones !== true);
    return mayDrop || this.#purge !== undefined;
  }

  /** null: dropped. */
  message(message: FlatMessage): FlatMessage | null {
    let current = message;
    for (const counted of this.#steps) {
      if (counted.step.message === undefined) continue;
      const next = counted.step.message(current);
      if (next === null) {
        counted.dropped += 1;
        return null;
      }
      current = next;
    }
    if (this.#purge !== undefined && isPurged(this.#purge, message, current)) {
      this.#purged += 1;
      return null;
    }
    return current;
  }

  /** Only what keeps identities secret: nothing else can tell whether the message itself was dropped. */
  tombstone(message: FlatMessage): FlatMessage {
    return this.#steps.reduce(
      (current, { step }) => (step.alsoTombstones === true ? (step.message?.(current) ?? current) : current),
      message,
    );
  }

  room(room: Room): Room {
    return this.#steps.reduce((current, { step }) => step.room?.(current) ?? current, room);
  }

  person(person: Person): Person {
    return this.#steps.reduce((current, { step }) => step.person?.(current) ?? current, person);
  }

  member(member: Member): Member {
    return this.#steps.reduce((current, { step }) => step.member?.(current) ?? current, member);
  }

  /** For the manifest. */
  counts(): readonly { readonly step: string; readonly settings: Step['settings']; readonly dropped: number }[] {
    return [
      ...this.#steps.map(({ step: { name, settings }, dropped }) => ({ step: name, settings, dropped })),
      ...(this.#purge === undefined ? [] : [{ step: purgedStepName, settings: {}, dropped: this.#purged }]),
    ];
  }
}
