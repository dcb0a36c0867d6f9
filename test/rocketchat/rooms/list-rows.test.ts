import { describe, expect, it } from '@jest/globals';
import { roomRows, subscriptionRows } from '../../../src/rocketchat/rooms/list-rows.ts';

describe('rows of lists of rooms', () => {
  it('keep of the last message and of the owner what tells them from others, and nothing that a run does not need', () => {
    const lastMessage = { _id: 'm', _updatedAt: '2026-01-02T00:00:00.000Z', msg: 'a long text' };
    const u = { _id: 'u', username: 'ines', name: 'Ines' };
    expect(roomRows([{ _id: 'r', t: 'p', msgs: 3, lastMessage, u, announcement: 'words', customFields: {} }])).toEqual([
      { _id: 'r', t: 'p', msgs: 3, lastMessage: { _id: 'm', _updatedAt: lastMessage._updatedAt }, u: { _id: 'u' } },
    ]);
    expect(subscriptionRows([{ _id: 's', rid: 'r', t: 'p', u, unread: 4, status: 'BANNED' }])).toEqual([
      { rid: 'r', t: 'p', status: 'BANNED' },
    ]);
  });

  it('are those that are objects, with whatever their values are', () => {
    expect(roomRows([null, 'r', ['r'], { _id: 1, lastMessage: 'm', u: null }])).toEqual([
      { _id: 1, lastMessage: 'm', u: null },
    ]);
    expect(subscriptionRows([7, {}])).toEqual([{}]);
  });
});
