import { describe, expect, it } from '@jest/globals';
import { RoomError, StoppedError } from '../../../src/errors.ts';
import type { JsonObject } from '../../../src/model/json/json-value.ts';
import { listRooms } from '../../../src/rocketchat/rooms/list-rooms.ts';
import type { Query } from '../../../src/model/rocketchat.ts';

const user = { id: 'u1', username: 'archivist' };

const subscriptions = [
  { rid: 'g2', t: 'p', name: 'zeta', fname: 'Zeta Room', open: false },
  { rid: 'g1', t: 'p', name: 'alpha', archived: true },
  { rid: 'disc', t: 'p', name: 'x8Kd92', fname: 'Budget 2026', prid: 'g1' },
  { rid: 'dm', t: 'd', name: 'bob', fname: 'Bob Smith' },
  { rid: 'solo', t: 'd', name: 'archivist' },
  { rid: 'future', t: 'z', name: 'future' },
  { t: 'p', name: 'without an id' },
  null,
];
const rooms = [
  {
    ...{ _id: 'g2', t: 'p', name: 'zeta', fname: 'Zeta Room', msgs: 12, lm: '2026-01-01T00:00:00.000Z' },
    ...{ _updatedAt: '2026-01-01T00:00:01.000Z', lastMessage: { _id: 'm12', _updatedAt: '2026-01-01T00:00:00.500Z' } },
  },
  { _id: 'dm', t: 'd', usernames: ['bob', 'archivist', 'alice'], msgs: 3 },
  { _id: 'solo', t: 'd', usernames: ['archivist', 'archivist'] },
  { _id: 'only-here', t: 'c', name: 'general' },
];

function server(answers: Record<string, (query: Query) => JsonObject>) {
  const asked: string[] = [];
  return {
    asked,
    get: (endpoint: string, query: Query) => {
      asked.push(endpoint);
      const answer = answers[endpoint];
      if (answer === undefined) return Promise.reject(new RoomError('not-allowed', `No ${endpoint}`));
      return Promise.resolve({ body: Buffer.alloc(0), value: answer(query) });
    },
  };
}

const none = {
  ...{ archived: false, parentId: null, messageCount: null, lastMessageAtMs: null },
  ...{ updatedAtMs: null, changeMark: null },
};

describe('listRooms', () => {
  it('joins both lists with one request each, and names rooms as people do', async () => {
    const { get, asked } = server({
      'subscriptions.get': () => ({ update: subscriptions, remove: [] }),
      'rooms.get': () => ({ update: rooms, remove: [] }),
    });
    expect(await listRooms(get, user)).toEqual(
      [
        { ...none, id: 'disc', name: 'Budget 2026', type: 'private', parentId: 'g1' },
        { ...none, id: 'dm', name: 'alice, bob', displayName: 'Bob Smith', type: 'direct', messageCount: 3 },
        { ...none, id: 'g1', name: 'alpha', type: 'private', archived: true },
        { ...none, id: 'solo', name: 'archivist', type: 'direct' },
        { ...none, id: 'only-here', name: 'general', type: 'channel' },
        {
          ...none,
          id: 'g2',
          name: 'zeta',
          displayName: 'Zeta Room',
          type: 'private',
          messageCount: 12,
          lastMessageAtMs: Date.UTC(2026, 0, 1),
          updatedAtMs: Date.UTC(2026, 0, 1) + 1_000,
          changeMark:
            '["2026-01-01T00:00:01.000Z","2026-01-01T00:00:00.000Z",12,false,"m12","2026-01-01T00:00:00.500Z"]',
        },
      ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    expect(asked).toEqual(['subscriptions.get', 'rooms.get']);
  });

  it('reads what the table of rooms shows, and takes nothing of a wrong type', async () => {
    const listed = {
      ...{ _id: 'g1', t: 'p', name: 'ops', topic: 'on call', description: 'all of it', teamId: 't1', ro: true },
      ...{ u: { _id: 'u1', username: 'jane' }, ts: '2026-01-01T00:00:00.000Z', usersCount: 4 },
    };
    const wrong = { _id: 'g2', t: 'p', name: 'two', topic: 5, u: 'jane', ts: 'then', usersCount: 1.5, ro: 'yes' };
    const { get } = server({ 'rooms.get': () => ({ update: [listed, wrong] }) });
    expect((await listRooms(get, user)).map(({ details }) => details)).toEqual([
      {
        ...{ topic: 'on call', description: 'all of it', ownerId: 'u1', createdAtMs: Date.UTC(2026, 0, 1) },
        ...{ membersCount: 4, readOnly: true, teamId: 't1' },
      },
      undefined,
    ]);
  });

  it.each([
    ['subscriptions.get', { 'subscriptions.get': () => ({ update: subscriptions }) }, 'bob'],
    ['rooms.get', { 'rooms.get': () => ({ update: rooms }) }, 'alice, bob'],
  ])('makes do with %s alone', async (_, answers, directName) => {
    const list = await listRooms(server(answers).get, user);
    expect(list.find(({ id }) => id === 'dm')?.name).toBe(directName);
  });

  it('walks groups.list by the rows that come when both are refused', async () => {
    const all = Array.from({ length: 95 }, (_, index) => ({
      _id: `g${String(index)}`,
      t: 'p',
      name: `n${String(index)}`,
    }));
    const { get, asked } = server({
      'groups.list': ({ offset, count }) => {
        // A server that allows 40 a page.
        const from = Number(offset);
        return { groups: all.slice(from, from + Math.min(40, Number(count))), total: all.length };
      },
    });
    expect(await listRooms(get, user)).toHaveLength(95);
    expect(asked.filter((endpoint) => endpoint === 'groups.list')).toHaveLength(3);
  });

  it.each([40, 1, -7])(
    'takes no "total" of %i for the end of groups.list (regression: 55 of 95 rooms missing)',
    async (total) => {
      const all = Array.from({ length: 95 }, (_, at) => ({ _id: `g${at}`, t: 'p', name: `n${at}` }));
      const { get } = server({
        'groups.list': ({ offset }) => ({ groups: all.slice(Number(offset), Number(offset) + 50), total }),
      });
      expect(await listRooms(get, user)).toHaveLength(95);
    },
  );

  it('throws the refusal when there is no list at all', async () => {
    await expect(listRooms(server({}).get, user)).rejects.toThrow('No groups.list');
  });

  it('does not take a server that fails for one that refuses', async () => {
    const stopped = new StoppedError('down');
    const get = (endpoint: string) =>
      endpoint === 'rooms.get'
        ? Promise.reject(stopped)
        : Promise.resolve({ body: Buffer.alloc(0), value: { update: subscriptions } });
    await expect(listRooms(get, user)).rejects.toBe(stopped);
  });
});
