import type { State } from '../archive/state/state.ts';
import { userInfoEndpoint, usersEndpoint } from '../journal/people-journal.ts';
import { memberEndpoints } from '../plan/people/member-endpoints.ts';
import { usersToLookUp } from '../plan/people/look-ups.ts';
import type { PlannedPeople } from '../plan/people/plan-people.ts';

/** Rows of users.list that a request brings: each page begins with the last row of the one before. */
const newUsersOfAPage = 99;

/**
 * Requests for lists of users and members, by endpoint, where no list moves and the server gives all members of a room at
 * once. null: nobody knows, for no run has listed users yet.
 */
export function peopleRequests(
  { listsUsers, memberLists }: PlannedPeople,
  { users = {} }: Pick<State, 'users'>,
): ReadonlyMap<string, number | null> {
  const requests = new Map<string, number | null>();
  const listed = Object.entries(users).flatMap(([id, { source, gone }]) =>
    source === 'list' && gone !== true ? [id] : [],
  );
  if (listsUsers)
    requests.set(
      usersEndpoint,
      listed.length === 0 ? null : Math.max(1, Math.ceil((listed.length - 1) / newUsersOfAPage)),
    );
  if (listsUsers) requests.set(userInfoEndpoint, listed.length === 0 ? null : usersToLookUp(listed, users).length);
  for (const { room } of memberLists) {
    const [endpoint] = memberEndpoints(room.type);
    if (endpoint !== undefined) requests.set(endpoint, (requests.get(endpoint) ?? 0) + 1);
  }
  return requests;
}
