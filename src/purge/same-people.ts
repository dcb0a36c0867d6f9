import { ownCopy } from '../model/text/own-copy.ts';
import { runsText } from '../archive/manifest/completed-rows.ts';
import type { Row } from '../model/column.ts';
import type { ArchiveHistory, ArchiveRun } from '../snapshot/archive-history.ts';

/** As pseudonymize writes the id of a user. */
const pseudonym = /^u_[0-9a-f]{12}$/;

const builtIn: ReadonlySet<string> = new Set(['pseudonymize', 'dropColumns', 'dropSystemMessages', 'period']);

type EveryRun = Pick<ArchiveHistory, 'everyRun'>;

/**
 * Finds the other ids by which people stand in the archive, in runs that were pseudonymized, by another key, or not: a message
 * that is there by both has one sender. Only where no step of one's own could have given the message to somebody else.
 *
 * @param rowsOf all rows of messages, of every run
 * @param people ids of users; theirs are added
 */
export async function addSamePeople(
  { everyRun }: EveryRun,
  rowsOf: () => AsyncIterable<Row>,
  people: readonly Set<string>[],
): Promise<void> {
  if (new Set(everyRun.map(namingOf)).size < 2) return;
  const told = new Map(everyRun.filter(isTold).map((run) => [run.run, namingOf(run)]));
  const sizes = (): number => people.reduce((sum, { size }) => sum + size, 0);
  // By one message more ids may come, and by those more messages: as often as there are keys.
  for (let known = 0; known !== sizes();) {
    known = sizes();
    const sent = people.map(() => new Set<string>());
    for await (const { message_id: id, user_id: userId } of rowsOf()) {
      if (typeof id !== 'string' || typeof userId !== 'string') continue;
      for (const [at, ids] of people.entries()) if (ids.has(userId)) sent[at]?.add(ownCopy(id));
    }
    for await (const { message_id: id, user_id: userId, run } of rowsOf()) {
      if (typeof id !== 'string' || typeof userId !== 'string' || typeof run !== 'number') continue;
      const naming = told.get(run);
      if (naming === undefined || (naming !== byName && !pseudonym.test(userId))) continue;
      for (const [at, ids] of people.entries()) if (sent[at]?.has(id) === true) ids.add(ownCopy(userId));
    }
  }
}

/** Of runs whose rows show people by name; no fingerprint is empty. */
const byName = '';

/** By which names rows of a run show people: the fingerprint of a key. */
function namingOf({ steps }: ArchiveRun): string {
  const fingerprint = steps.find(({ step }) => step === 'pseudonymize')?.settings['keyFingerprint'];
  return typeof fingerprint === 'string' ? fingerprint : byName;
}

/** Whether no step of one's own can have changed whose a message is, or where it stands. */
export function isTold({ steps }: Pick<ArchiveRun, 'steps'>): boolean {
  return steps.every(({ step }) => builtIn.has(step));
}

/** Notes in which runs a person was met, to say where nobody can tell whether there is more of the person. */
export class PersonNotes {
  readonly #namings: ReadonlyMap<number, string>;
  readonly #runs = new Map<string, Set<number>>();
  readonly #met = new Set<string>();

  constructor({ everyRun }: EveryRun) {
    this.#namings = new Map(everyRun.map((run) => [run.run, namingOf(run)]));
  }

  note({ run }: Row, isMet: boolean): void {
    const naming = typeof run === 'number' ? this.#namings.get(run) : undefined;
    if (naming === undefined || typeof run !== 'number') return;
    const runs = this.#runs.get(naming);
    if (runs === undefined) this.#runs.set(naming, new Set([run]));
    else runs.add(run);
    if (isMet) this.#met.add(naming);
  }

  /** Sentences about rows by names under which the person was not met, though under others. */
  get notes(): readonly string[] {
    if (this.#met.size === 0) return [];
    return [...this.#runs].flatMap(([naming, runs]) => {
      if (this.#met.has(naming)) return [];
      const how = naming === byName ? 'by name' : this.#met.has(byName) ? 'by pseudonyms' : 'by those of another key';
      return [
        `Rows of ${runsText([...runs].sort((a, b) => a - b))} show people ${how}, and no message that they share with others tells who of them this person is: what is the person's in them stays. Purge by the id that stands there, too; after a run with \`backfill: true\`, or after \`state forget\`, such messages tell`,
      ];
    });
  }
}
