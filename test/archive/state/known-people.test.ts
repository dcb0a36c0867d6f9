import { describe, expect, it } from '@jest/globals';
import { membershipIds, membershipKey, peopleAfter } from '../../../src/archive/state/known-people.ts';
import type { PeopleState } from '../../../src/model/people/people-state.ts';

const users = { ana: { source: 'list', digest: 'd1' } } as const;
const memberLists = { r1: { run: 1, seen: 's1' } };
const memberships = { 'r1 ana': { firstRun: 1, digest: 'd2' } };
const before = { users, memberLists, memberships };

describe('what is known of people after a run', () => {
  it('stays where the run did not make their table: a later one must not write all of them again', () =>
    expect(peopleAfter(before, {})).toEqual(before));

  it('is what the run found, and nothing of what it no longer did', () => {
    const made: PeopleState = {
      users: { bob: { source: 'members', digest: 'd3' } },
      memberLists: { r1: { run: 2, seen: null } },
      memberships: { 'r1 bob': { firstRun: 2, digest: 'd4' } },
    };
    expect(peopleAfter(before, made)).toEqual(made);
  });

  it('is no part of the state where it is of nobody', () =>
    expect(peopleAfter(before, { users: {}, memberLists: {}, memberships: {} })).toEqual({}));
});

it('a membership is named by room and user, in this order', () =>
  expect(membershipIds(membershipKey('r1', 'ana'))).toEqual(['r1', 'ana']));
