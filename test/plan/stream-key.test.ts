import { describe, expect, it } from '@jest/globals';
import { filtersInKey, sameListKeys, streamKey } from '../../src/plan/stream-key.ts';

describe('the key of a list', () => {
  it('is the endpoint, the room and the filters: a cursor made under one set says nothing under another', () => {
    expect(streamKey('groups.messages', 'r1', {})).toBe('groups.messages r1');
    expect(streamKey('groups.messages', 'r1', { mentionIds: ['a', 'b'], pinned: false })).toBe(
      'groups.messages r1 mentionIds=a,b pinned=false',
    );
  });

  it('says the filters again', () => {
    const filters = [
      {},
      { mentionIds: [] },
      { mentionIds: ['a', 'b'], starredIds: ['y'], pinned: false },
      { pinned: true },
    ];
    for (const one of filters) expect(filtersInKey(streamKey('im.messages', 'r1', one))).toEqual(one);
  });

  it('is known under the other endpoints of the table, too, its own first: a room may change its kind', () => {
    expect(sameListKeys('im.messages', 'r1', { pinned: true })).toEqual([
      'im.messages r1 pinned=true',
      'groups.messages r1 pinned=true',
      'channels.messages r1 pinned=true',
    ]);
    expect(sameListKeys('chat.getMentionedMessages', 'r1', {})).toEqual(['chat.getMentionedMessages r1']);
  });
});
