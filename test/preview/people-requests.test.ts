import { expect, it } from '@jest/globals';
import type { UserState } from '../../src/model/people/people-state.ts';
import type { PlannedPeople } from '../../src/plan/people/plan-people.ts';
import { peopleRequests } from '../../src/preview/people-requests.ts';

const nothing: PlannedPeople = { listsUsers: false, listsMembers: false, memberLists: [], unlisted: [] };
const users = (count: number): Record<string, UserState> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`u${at}`, { source: 'list', digest: null }]));

it('counts one request per room, one per user that is looked up, and pages of users that share a row', () => {
  const room = (id: string, type: 'private' | 'direct') => ({ room: { id, name: id, type }, seen: null });
  const memberLists = [room('a', 'private'), room('b', 'private'), room('c', 'direct')];
  const planned = { ...nothing, listsUsers: true, listsMembers: true, memberLists };
  expect(Object.fromEntries(peopleRequests(planned, { users: users(101) }))).toEqual({
    'users.list': 2,
    'users.info': 50,
    'rooms.membersOrderedByRole': 2,
    'im.members': 1,
  });
  const all = Object.entries(users(100)).map(([id, user]) => [id, { ...user, lookedUp: true }] as const);
  expect(peopleRequests(planned, { users: Object.fromEntries(all) }).get('users.info')).toBe(0);
  expect(peopleRequests(planned, { users: users(100) }).get('users.list')).toBe(1);
});

it('reckons with what the server counts where no run has listed users yet', () => {
  const requests = (count: number): readonly unknown[] => [
    ...peopleRequests({ ...nothing, listsUsers: true }, {}, count).values(),
  ];
  expect([1, 101, 2014].map(requests)).toEqual([
    [1, 1],
    [2, 50],
    [21, 50],
  ]);
});

it('knows nothing of users before a run has listed them, and asks nothing that is not planned', () => {
  expect(peopleRequests({ ...nothing, listsUsers: true }, {}).get('users.list')).toBeNull();
  expect([...peopleRequests(nothing, { users: users(3) })]).toEqual([]);
});
