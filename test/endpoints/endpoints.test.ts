import { describe, expect, it } from '@jest/globals';
import {
  endpointNamed,
  endpoints,
  endpointsFilling,
  roomEndpointFor,
  tablesListing,
} from '../../src/endpoints/endpoints.ts';
import { roomEndpointNames } from '../../src/endpoints/endpoint-name.ts';
import type { RoomType } from '../../src/model/room.ts';

const mentions = endpoints['chat.getMentionedMessages'];
const groups = endpoints['groups.messages'];

describe('endpoints', () => {
  it('go by their own names', () => {
    for (const [name, endpoint] of Object.entries(endpoints)) expect(endpoint.name).toBe(name);
    expect(endpointNamed('im.messages')).toBe(endpoints['im.messages']);
    expect(endpointNamed('im.messages.others')).toBeUndefined();
  });

  it('share out the kinds of rooms among those that read every message, so that none is read twice', () => {
    const kinds = endpointsFilling('messages').flatMap(({ roomTypes }) => roomTypes);
    expect(kinds.toSorted()).toEqual(['channel', 'direct', 'livechat', 'private'] satisfies RoomType[]);
    expect(endpointsFilling('messages').map(({ name }) => name)).toEqual(roomEndpointNames);
    expect(endpointsFilling('mentioned_messages')).toEqual([mentions]);
  });

  it('find the list of a room by its kind, and none for a kind that no endpoint reads', () => {
    expect(roomEndpointFor({ type: 'livechat' })?.name).toBe('channels.messages');
    expect(roomEndpointFor({ type: 'private' })?.name).toBe('groups.messages');
    expect(roomEndpointFor({ type: 'voip' })).toBeUndefined();
  });

  it('say in which tables a message stands, whichever returned it', () => {
    expect(tablesListing({ mentions: [{ username: 'ana' }] }, 'ana')).toEqual(['messages', 'mentioned_messages']);
    expect(tablesListing({ mentions: [{ username: 'ana' }] }, 'bob')).toEqual(['messages']);
  });

  it('check filters on whatever they returned', () => {
    const message = { mentions: [{ _id: 'u1', username: 'ana' }], starred: [{ _id: 'u2' }], pinned: true };
    for (const endpoint of endpointsFilling('messages')) {
      expect(endpoint.accepts(message, {})).toBe(true);
      expect(endpoint.accepts(message, { mentionIds: ['u1', 'u9'], starredIds: ['u2'], pinned: true })).toBe(true);
      expect(endpoint.accepts(message, { mentionIds: ['u2'] })).toBe(false);
      expect(endpoint.accepts(message, { starredIds: ['u1'] })).toBe(false);
      expect(endpoint.accepts(message, { pinned: false })).toBe(false);
      expect(endpoint.lists(message, { pinned: false }, 'ana')).toBe(false);
      expect(endpoint.lists(message, { mentionIds: ['u1'] }, 'nobody')).toBe(true);
    }
    expect(groups.accepts({ starred: { _id: 'u2' } }, { starredIds: ['u2'] })).toBe(true);
  });

  it('take what lists mentions at its word, and tell by the name whether it lists what others returned', () => {
    const message = { mentions: [{ username: 'ana' }, null] };
    expect(mentions.accepts({}, {})).toBe(true);
    expect(mentions.lists(message, {}, 'ana')).toBe(true);
    expect(mentions.lists(message, {}, 'bob')).toBe(false);
    expect(mentions.lists({ mentions: 'ana' }, {}, 'ana')).toBe(false);
  });

  it('are whole without filters, and then as long as the room list counts', () => {
    const room = { messageCount: 7 };
    expect(groups.isWhole({})).toBe(true);
    expect(groups.isWhole({ pinned: false })).toBe(false);
    expect(groups.countedRows({ room, filters: {}, via: 'messages' })).toBe(7);
    expect(groups.countedRows({ room, filters: { pinned: true }, via: 'messages' })).toBeNull();
    expect(groups.countedRows({ room, filters: { pinned: true }, via: 'history' })).toBe(7);
    expect(mentions.isWhole({})).toBe(false);
    expect(mentions.countedRows({ room, filters: {}, via: 'messages' })).toBeNull();
  });

  it('are asked under their own names, or those of their histories', () => {
    expect(groups.requested('messages')).toBe('groups.messages');
    expect(groups.requested('history')).toBe('groups.history');
    expect(endpoints['im.messages'].requested('history')).toBe('im.messages');
    expect(mentions.requested('messages')).toBe('chat.getMentionedMessages');
  });
});
