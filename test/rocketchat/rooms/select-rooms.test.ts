import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileGlob, isGlob } from '../../../src/rocketchat/rooms/glob.ts';
import type { Room, RoomType } from '../../../src/model/room.ts';
import { selectRooms } from '../../../src/rocketchat/rooms/select-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

/** The glob's definition, word for word, without a thought for time. */
function naive(pattern: string[], text: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '*') return naive(rest, text) || (text.length > 0 && naive(pattern, text.slice(1)));
  const [character, ...others] = text;
  if (character === undefined) return false;
  if (first === '?') return naive(rest, others);
  if (first.startsWith('[')) {
    const negated = first.startsWith('[!');
    const set = first.slice(negated ? 2 : 1, -1);
    const inside = set === 'a-c' ? 'abc'.includes(character) : set.includes(character);
    return inside !== negated && naive(rest, others);
  }
  return first === character && naive(rest, others);
}

describe('compileGlob', () => {
  const token = fc.constantFrom(
    '*',
    '?',
    'a',
    'b',
    'c',
    '-',
    '😀',
    '.',
    '[ab]',
    '[!a]',
    '[a-c]',
    '[]b]',
    '[!]]',
    '[-]',
  );
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '-', '😀', '.', ']'), { maxLength: 9 });

  it('matches what its definition matches', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 7 }), text, (pattern, characters) => {
        expect(compileGlob(pattern.join(''))(characters.join(''))).toBe(naive(pattern, characters));
      }),
      { numRuns: quickOrLong(400, 4_000) },
    );
  });

  it.each([
    ['[', '[', true],
    ['[ab', '[ab', true],
    ['[]', '[]', true],
    ['a.c', 'abc', false],
    ['(a+)+$', '(a+)+$', true],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
  ])('reads %j against %j as %j', (pattern, name, expected) => expect(compileGlob(pattern)(name)).toBe(expected));

  it('of a word that is no glob matches that word alone', () => {
    const character = fc.constantFrom('*', '?', '[', ']', '!', 'a', 'b', '-', '😀');
    const word = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(word, word, (pattern, other) => {
        if (isGlob(pattern)) return;
        expect(compileGlob(pattern)(pattern)).toBe(true);
        if (other !== pattern) expect(compileGlob(pattern)(other)).toBe(false);
      }),
      { numRuns: quickOrLong(400, 4_000) },
    );
  });

  it('needs few steps for a pattern made to be slow', () => {
    // Exponential matchers never come back from this one.
    expect(compileGlob('*a'.repeat(60) + 'b')('a'.repeat(5_000))).toBe(false);
  });
});

function room(id: string, name: string, type: RoomType = 'private', displayName?: string): Room {
  return {
    id,
    name,
    ...(displayName === undefined ? {} : { displayName }),
    type,
    archived: false,
    parentId: null,
    messageCount: null,
    lastMessageAtMs: null,
    updatedAtMs: null,
    changeMark: null,
  };
}

const rooms = [
  room('i1', 'ops-berlin'),
  room('i2', 'ops-noise'),
  room('i3', 'ops-paris', 'private', 'Opérations Paris'),
  room('i4', 'secret[1]'),
  room('i5', 'secret1'),
  room('i6', 'general', 'channel'),
  room('i7', 'alice, bob', 'direct'),
  room('i8', 'i1'),
];

const pick = (...patterns: string[]) => {
  const { selected, wrongType, ...others } = selectRooms(rooms, patterns, ['private']);
  return { ids: selected.map(({ id }) => id), ...others, wrongType: wrongType.map(({ pattern }) => pattern) };
};

describe('selectRooms', () => {
  it.each([
    [
      ['ops-*', '!ops-noise'],
      ['i1', 'i3'],
    ],
    [
      ['!ops-noise', 'ops-*'],
      ['i1', 'i3'],
    ],
    [['!ops-*'], ['i4', 'i5', 'i8']],
    [['*'], ['i1', 'i2', 'i3', 'i4', 'i5', 'i8']],
    [
      ['i5', 'ops-paris'],
      ['i3', 'i5'],
    ],
    [['Opérations Paris'], ['i3']],
    [['Opérations*'], ['i3']],
    [['secret[1]'], ['i4', 'i5']],
    [['secret[12]'], ['i5']],
    [['i1'], ['i1']],
    [['ops-berlin', '!i1'], []],
    [[], []],
  ])('reads %j as %j', (patterns, ids) =>
    expect(pick(...patterns)).toEqual({ ids, unmatched: [], unmatchedExclusions: [], wrongType: [] }),
  );

  it.each([
    ['*', room('x', '*', 'private')],
    ['*', room('x', 'Xq3f', 'private', '*')],
    ['ops-*', room('x', 'Xq3f', 'private', 'ops-*')],
    ['ops-*', { ...room('x', 'other'), formerNames: ['ops-*'] }],
  ])('reads all that %j matches, however somebody names a room', (pattern, named) => {
    const without = selectRooms(rooms, [pattern], ['private']).selected;
    const { selected } = selectRooms([...rooms, named], [pattern], ['private']);
    expect(selected).toEqual([...without, named]);
  });

  it('reads a renamed room by its former name, too, when another one displays that name', () => {
    const renamed = { ...room('x', 'ops-madrid'), formerNames: ['Madrid'] };
    const posing = room('y', 'Xq3f', 'private', 'Madrid');
    expect(selectRooms([renamed, posing], ['Madrid'], ['private']).selected).toEqual([renamed, posing]);
  });

  it('tells entries that match nothing, and exclusions that do apart from them', () => {
    expect(pick('ops-*', 'opps', '!ops-nois', 'x*')).toEqual({
      ids: ['i1', 'i2', 'i3'],
      unmatched: ['opps', 'x*'],
      unmatchedExclusions: ['!ops-nois'],
      wrongType: [],
    });
  });

  it('tells entries whose rooms are all of a type that the endpoint does not read', () => {
    expect(pick('general', 'alice*', 'ops-noise')).toEqual({
      ids: ['i2'],
      unmatched: [],
      unmatchedExclusions: [],
      wrongType: ['general', 'alice*'],
    });
  });

  it('does not depend on the order of the entries', () => {
    const entries = fc.uniqueArray(
      fc.constantFrom('ops-*', '!ops-noise', 'i5', '!secret*', 'general', 'nobody', '!x', '*'),
    );
    const shuffled = entries.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const [a, b] = [pick(...one), pick(...other)];
        expect(a.ids).toEqual(b.ids);
        expect([...a.unmatched].sort()).toEqual([...b.unmatched].sort());
        expect([...a.unmatchedExclusions].sort()).toEqual([...b.unmatchedExclusions].sort());
        expect([...a.wrongType].sort()).toEqual([...b.wrongType].sort());
      }),
    );
  });
});
