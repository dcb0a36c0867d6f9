import { describe, expect, it } from '@jest/globals';
import { unreadReasons, type UnreadRoom } from '../../../src/archive/manifest/coverage.ts';
import { leftOutReasons } from '../../../src/archive/state/left-out.ts';
import { namedRooms, roomsNotReadAgain, unreadRoom, whyUnread } from '../../../src/record/completion/unread-rooms.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { listState } from '../../support/plans/sample-state.ts';

const room = (name: string, reason: UnreadRoom['reason'] = 'gone'): UnreadRoom => ({
  ...{ id: `${name}-id`, name, type: 'private', reason },
});

describe('why nothing more can be read of a list', () => {
  it.each([
    ['no-entry', 'not-asked'],
    ['kind-not-asked', 'not-asked'],
    ['not-joined', 'not-asked'],
    ['invited', 'invited'],
    ['banned', 'banned'],
    ['refused', 'refused'],
    ['gone', 'gone'],
  ] as const)('is, where the room was left out as %s: %s', (reason, expected) => {
    const leftOut = { r1: { roomName: 'ops', roomType: 'private', reason } };
    expect(unreadRoom({ leftOut }, listState(), true)).toEqual({
      ...{ id: 'r1', name: 'ops', type: 'private', reason: expected },
    });
    expect(leftOutReasons).toContain(reason);
  });

  it('is a gap where the job asks for the room, and else that it does not', () => {
    expect(unreadRoom({}, listState(), true).reason).toBe('gap');
    expect(unreadRoom({}, listState(), false).reason).toBe('not-asked');
  });
});

describe('rooms that were to be read again', () => {
  const reset = listState({ cursor: fromTheBeginning, messages: 10, complete: false });
  const rooms = (before: typeof reset | null, after: typeof reset) =>
    roomsNotReadAgain({ lists: before === null ? {} : { key: before } }, { lists: { key: after } }, new Set(['key']));

  it('are those that still stand at their beginning, or that were not read to their end from there', () => {
    expect(rooms(reset, reset)).toEqual([{ id: 'r1', name: 'ops', type: 'private', reason: 'gap' }]);
    expect(rooms(null, reset)).toHaveLength(1);
    expect(rooms(reset, listState({ complete: false }))).toHaveLength(1);
  });

  it('are none that were, that were not to be, or that are new', () => {
    expect(rooms(reset, listState())).toEqual([]);
    expect(rooms(listState(), listState({ complete: false }))).toEqual([]);
    expect(rooms(null, listState({ complete: false }))).toEqual([]);
  });
});

describe('a list by filters that was to be read again', () => {
  const reset = listState({ cursor: fromTheBeginning, messages: 10, complete: false });
  const [whole, pinned] = ['groups.messages r1', 'groups.messages r1 pinned=true'] as const;
  const rooms = (after: typeof reset) =>
    roomsNotReadAgain(
      { lists: { [whole]: reset, [pinned]: reset } },
      { lists: { [whole]: after, [pinned]: reset } },
      new Set(),
    );

  it('is none where the list without filters was', () => {
    expect(rooms(listState())).toEqual([]);
    expect(rooms(listState({ complete: false }))).toHaveLength(2);
    expect(rooms(reset)).toHaveLength(2);
  });
});

describe('rooms in a manifest', () => {
  it('stand once each, by reason and name', () => {
    const rooms = [room('c'), room('a'), room('b', 'refused'), room('a'), room('b')];
    const { rooms: named, roomCount } = namedRooms([...rooms, room('d', 'refused')]);
    const order = (reason: UnreadRoom['reason']) => unreadReasons.indexOf(reason);
    // Of a room with two reasons the last counts.
    expect(named.map(({ name, reason }) => `${reason} ${name}`)).toEqual(
      order('gone') < order('refused')
        ? ['gone a', 'gone b', 'gone c', 'refused d']
        : ['refused d', 'gone a', 'gone b', 'gone c'],
    );
    expect(roomCount).toBe(4);
  });

  it('are 20 of each reason at most, and all are counted', () => {
    const many = Array.from({ length: 25 }, (_, at) => room(String(at + 10)));
    const { rooms, roomCount } = namedRooms(many);
    expect([rooms.length, rooms[0]?.name, rooms.at(-1)?.name, roomCount]).toEqual([20, '10', '29', 25]);
  });
});

describe('the clause that says why', () => {
  it.each([
    ['gone', '"b" is gone from the server'],
    ['refused', 'the server refuses "b"'],
    ['invited', 'the login is only invited to "b"'],
    ['banned', 'the login is banned from "b"'],
    ['gap', 'reading "b" again ended in a gap, and the next run tries once more'],
    ['not-asked', 'the job does not ask for all that was read of "b"'],
  ] as const)('has its own words for %s', (reason, clause) => expect(whyUnread([room('b', reason)])).toBe(clause));

  it('names three at most, in the order of their names, each once', () => {
    expect(whyUnread([room('b'), room('a'), room('a')])).toBe('"a" and "b" are gone from the server');
    expect(whyUnread(['c', 'b', 'a'].map((name) => room(name)))).toBe('"a", "b", and "c" are gone from the server');
    expect(whyUnread(['d', 'c', 'b', 'a'].map((name) => room(name)))).toBe(
      '"a", "b", "c", and 1 more are gone from the server',
    );
  });
});
