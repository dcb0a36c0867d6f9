import { describe, expect, it } from '@jest/globals';
import { flattenRaw } from '../support/messages/raw-message.ts';

describe('reactions', () => {
  it("keeps the server's order, and names only where they run parallel", () => {
    const { reactions, badFields } = flattenRaw({
      reactions: {
        ':tada:': { usernames: ['b', 'a'], names: ['Bea', null] },
        ':+1:': { usernames: ['c'], federationReactionEventIds: { $1: 'c' } },
      },
    });
    expect(reactions).toEqual([
      { emoji: ':tada:', count: 2, usernames: ['b', 'a'], names: ['Bea', null] },
      { emoji: ':+1:', count: 1, usernames: ['c'], names: [] },
    ]);
    expect(badFields).toEqual([]);
  });

  it.each([
    [{ ':a:': { usernames: ['x'], names: ['X', 'Y'] } }, [{ emoji: ':a:', count: 1, usernames: ['x'], names: [] }]],
    [{ ':a:': { usernames: ['x', 4] } }, [{ emoji: ':a:', count: 1, usernames: ['x'], names: [] }]],
    [
      { ':a:': { usernames: ['x', 4], names: ['X', 'Y'] } },
      [{ emoji: ':a:', count: 1, usernames: ['x'], names: ['X'] }],
    ],
    [{ ':a:': { usernames: 'x' } }, [{ emoji: ':a:', count: 0, usernames: [], names: [] }]],
    [{ ':a:': null, ':b:': { usernames: ['x'] } }, [{ emoji: ':b:', count: 1, usernames: ['x'], names: [] }]],
  ])('keeps what is good of %j, and all of it in extra', (reactions, expected) => {
    expect(flattenRaw({ reactions })).toMatchObject({
      reactions: expected,
      badFields: ['reactions'],
      extra: { reactions },
    });
  });

  it('reads ten thousand emoji of ten thousand people', () => {
    const usernames = Array.from({ length: 10_000 }, (_, i) => `user${i}`);
    const reactions = Object.fromEntries(usernames.map((name) => [`:${name}:`, { usernames: [name] }]));
    const flat = flattenRaw({ reactions: { ...reactions, ':tada:': { usernames } } });
    expect(flat.reactions.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
  });
});
