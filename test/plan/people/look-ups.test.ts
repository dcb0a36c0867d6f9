import { describe, expect, it } from '@jest/globals';
import { usersToLookUp } from '../../../src/plan/people/look-ups.ts';
import type { UserState } from '../../../src/model/people/people-state.ts';

const user: UserState = { source: 'message', digest: 'd' };

describe('users that a run looks up one by one', () => {
  it('are those in the list of whom no run knows the zone, in order of their ids', () => {
    const known = { known: { ...user, utcOffsetMinutes: 60 }, vain: { ...user, lookedUp: true as const }, met: user };
    expect(usersToLookUp(['z', 'known', 'vain', 'met', 'a'], known)).toEqual(['a', 'met', 'z']);
  });

  it('are of a zone that is known though it is no hours from Greenwich', () =>
    expect(usersToLookUp(['greenwich'], { greenwich: { ...user, utcOffsetMinutes: 0 } })).toEqual([]));

  it('are those that earlier runs met where the list is refused, but for those that are gone', () =>
    expect(usersToLookUp(null, { b: user, a: user, gone: { ...user, gone: true } })).toEqual(['a', 'b']));

  it('are those with another name since, where the list is refused', () => {
    const renamed: UserState = { ...user, lookedUp: true, utcOffsetMinutes: 0, outdated: true };
    expect([usersToLookUp(null, { renamed }), usersToLookUp(['renamed'], { renamed })]).toEqual([['renamed'], []]);
  });

  it('are no more than the rate limit lets through in five minutes: the rest follow in the next runs', () => {
    const ids = Array.from({ length: 60 }, (_, at) => `u${at + 10}`);
    expect(usersToLookUp(ids.toReversed(), {})).toEqual(ids.slice(0, 50));
  });

  it('may have the names of what every object has', () =>
    expect(usersToLookUp(['constructor', '__proto__'], {})).toEqual(['__proto__', 'constructor']));
});
