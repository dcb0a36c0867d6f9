import { changeKey, type ChangePage } from '../../model/changes.ts';

/** Indices of the changes that are known already; the others are known from now on. */
export function takeNew({ changes }: Pick<ChangePage, 'changes'>, known: Set<string>): readonly number[] {
  return changes.flatMap((change, index) => (isNew(changeKey(change), known) ? [] : [index]));
}

/** Whether a key is not known yet; it is from now on. */
export function isNew(key: string, known: Set<string>): boolean {
  const sizeBefore = known.size;
  return known.add(key).size > sizeBefore;
}
