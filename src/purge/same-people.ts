import { ownCopy } from '../model/text/own-copy.ts';
import type { Row } from '../model/column.ts';
import type { ArchiveHistory, ArchiveRun } from '../snapshot/archive-history.ts';

/** As pseudonymize writes the id of a user. */
const pseudonym = /^u_[0-9a-f]{12}$/;

const builtIn: ReadonlySet<string> = new Set(['pseudonymize', 'dropColumns', 'dropSystemMessages', 'period']);

/**
 * Finds the pseudonyms by which people stand in runs that were pseudonymized later, or by another key: a message that is
 * there by both has one sender. Only where no step of one's own could have given the message to somebody else.
 *
 * @param rowsOf all rows of a table, of every run
 * @param people ids of users; theirs are added
 */
export async function addPseudonyms(
  { everyRun }: Pick<ArchiveHistory, 'everyRun'>,
  rowsOf: () => AsyncIterable<Row>,
  people: readonly Set<string>[],
): Promise<void> {
  const runs = new Set(everyRun.filter(isPseudonymized).map(({ run }) => run));
  if (runs.size === 0 || people.every(({ size }) => size === 0)) return;
  const sent = people.map(() => new Set<string>());
  for await (const { message_id: id, user_id: userId } of rowsOf()) {
    if (typeof id !== 'string' || typeof userId !== 'string') continue;
    for (const [at, ids] of people.entries()) if (ids.has(userId)) sent[at]?.add(ownCopy(id));
  }
  for await (const { message_id: id, user_id: userId, run } of rowsOf()) {
    if (typeof id !== 'string' || typeof userId !== 'string' || typeof run !== 'number') continue;
    if (!runs.has(run) || !pseudonym.test(userId)) continue;
    for (const [at, ids] of people.entries()) if (sent[at]?.has(id) === true) ids.add(ownCopy(userId));
  }
}

function isPseudonymized({ steps }: ArchiveRun): boolean {
  return steps.some(({ step }) => step === 'pseudonymize') && steps.every(({ step }) => builtIn.has(step));
}
