import type { State } from '../archive/state/state.ts';
import { RoomError } from '../errors.ts';
import { isRowCount } from '../extract/message-page.ts';
import { userInfoEndpoint, usersEndpoint } from '../journal/people-journal.ts';
import { memberEndpoints } from '../plan/people/member-endpoints.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { mostLookUps, usersToLookUp } from '../plan/people/look-ups.ts';
import type { PlannedPeople } from '../plan/people/plan-people.ts';

/** Rows of users.list that a request brings: each page begins with the last row of the one before. */
const newUsersOfAPage = 99;

/**
 * Requests for lists of users and members, by endpoint, where no list moves and the server gives all members of a room at
 * once. null: nobody knows.
 *
 * @param unlisted see countUnlisted
 */
export function peopleRequests(
  { listsUsers, memberLists }: PlannedPeople,
  { users = {} }: Pick<State, 'users'>,
  unlisted: number | null = null,
): ReadonlyMap<string, number | null> {
  const requests = new Map<string, number | null>();
  if (listsUsers) {
    const listed = listedUsers(users);
    const count = listed.length > 0 ? listed.length : unlisted;
    const lookUps = listed.length > 0 ? usersToLookUp(listed, users).length : Math.min(mostLookUps, count ?? 0);
    requests.set(usersEndpoint, count === null ? null : Math.max(1, Math.ceil((count - 1) / newUsersOfAPage)));
    requests.set(userInfoEndpoint, count === null ? null : lookUps);
  }
  for (const { room } of memberLists) {
    const [endpoint] = memberEndpoints(room.type);
    if (endpoint !== undefined) requests.set(endpoint, (requests.get(endpoint) ?? 0) + 1);
  }
  return requests;
}

/**
 * How many users the server lists, by a page of one, for a run that lists them when none has before. null: one has, or the
 * server does not say.
 *
 * @throws what ends a run: AccessError, UnreachableError, StoppedError, InterruptedError
 */
export async function countUnlisted(
  chat: Pick<RocketChat, 'get'>,
  { listsUsers }: Pick<PlannedPeople, 'listsUsers'>,
  { users = {} }: Pick<State, 'users'>,
): Promise<number | null> {
  if (!listsUsers || listedUsers(users).length > 0) return null;
  try {
    const { total } = (await chat.get(usersEndpoint, { count: 1 })).value;
    return isRowCount(total) ? total : null;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return null;
  }
}

/** Ids of those who were in users.list when it was read last. */
function listedUsers(users: NonNullable<State['users']>): readonly string[] {
  return Object.entries(users).flatMap(([id, { source, gone }]) => (source === 'list' && gone !== true ? [id] : []));
}
