import { compareText } from '../../model/text/compare-text.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { UserState } from '../../model/people/people-state.ts';

/** How many users one run looks up: five minutes at the rate limit of a new installation. */
export const mostLookUps = 50;

/**
 * Whom a run looks up one by one, by id: each user once, for what users.list shows is read anew in every
 * run, and once more who has another name since, where it is refused.
 *
 * @param listed ids in users.list; null: it is refused, and the users that earlier runs have met are looked up
 * @param known by id, from earlier runs
 */
export function usersToLookUp(
  listed: readonly string[] | null,
  known: Readonly<Record<string, UserState>>,
): readonly string[] {
  const isKnown = (id: string): boolean => {
    const user = ownValue(known, id);
    if (listed === null && user?.outdated === true) return false;
    return user?.lookedUp === true || user?.utcOffsetMinutes !== undefined;
  };
  const met = Object.entries(known).flatMap(([id, { gone }]) => (gone === true ? [] : [id]));
  return (listed ?? met)
    .filter((id) => !isKnown(id))
    .sort(compareText)
    .slice(0, mostLookUps);
}
