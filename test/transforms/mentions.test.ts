import { describe, expect, it } from '@jest/globals';
import { flattenRaw } from '../support/messages/raw-message.ts';

describe('mentions', () => {
  it('tells users, teams, all and here apart, with and without a type', () => {
    const { mentions, badFields } = flattenRaw({
      mentions: [
        { _id: 'u1', username: 'jane', name: 'Jane', type: 'user' },
        { _id: 'u2', username: 'joe' },
        { _id: 't1', name: 'Ops', type: 'team' },
        { _id: 'all', username: 'all' },
        { _id: 'here', username: 'here' },
        { _id: 'u3', username: 'x', fname: 'Xavier' },
      ],
    });
    expect(mentions).toEqual([
      { id: 'u1', username: 'jane', name: 'Jane', type: 'user' },
      { id: 'u2', username: 'joe', name: null, type: 'user' },
      { id: 't1', username: null, name: 'Ops', type: 'team' },
      { id: 'all', username: 'all', name: null, type: 'all' },
      { id: 'here', username: 'here', name: null, type: 'here' },
      { id: 'u3', username: 'x', name: 'Xavier', type: 'user' },
    ]);
    expect(badFields).toEqual([]);
  });

  it('keeps the good ones of a list with bad ones, and the whole list in extra', () => {
    const mentions = [5, { _id: 'u1', username: 'jane' }, { _id: 'u2', username: 'joe', type: 'robot' }];
    const flat = flattenRaw({ mentions });
    expect(flat.mentions.map(({ id }) => id)).toEqual(['u1', 'u2']);
    expect(flat).toMatchObject({ badFields: ['mentions'], extra: { mentions } });
  });
});
