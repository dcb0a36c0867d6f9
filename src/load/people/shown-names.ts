import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../archive/hash-file.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { UserState } from '../../model/people/people-state.ts';
import type { Person } from '../../model/people/person.ts';

/** What a run has seen of a user. */
interface Sighting {
  /** As a message and as a list of members show the user; undefined: none does. */
  readonly message: Person | undefined;
  readonly members: Person | undefined;
  readonly isListed: boolean;
  readonly isLookedUp: boolean;
}

/**
 * Notes by what name messages and lists of members show a user whom users.list does not: a name that is another than before
 * says that what users.info had is out of date. Each source is compared with itself, for they may spell a name differently
 * for good.
 *
 * @returns the same object where there is nothing to note
 */
export function noteShownNames(user: UserState, { message, members, isListed, isLookedUp }: Sighting): UserState {
  const { shown: before, outdated, ...rest } = user;
  if (isListed || user.gone === true) return before === undefined && outdated === undefined ? user : rest;
  const shown: NonNullable<UserState['shown']> = {
    ...before,
    ...omitUndefined({ message: nameDigest(message), members: nameDigest(members) }),
  };
  const isRenamed = user.source === 'list' && !isDeepStrictEqual(shown, before ?? {});
  return {
    ...rest,
    ...(Object.keys(shown).length > 0 && { shown }),
    ...(!isLookedUp && (isRenamed || outdated === true) && { outdated: true }),
  };
}

function nameDigest(person: Person | undefined): string | undefined {
  return person === undefined ? undefined : sha256(JSON.stringify([person.username, person.name])).slice(0, 16);
}
