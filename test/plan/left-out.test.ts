import { describe, expect, it } from '@jest/globals';
import { leftOut } from '../../src/plan/left-out.ts';

const memes = { id: 'm1', name: 'memes', displayName: 'Memes!', withheld: 'banned' } as const;

/** Whether somebody expects the messages of `memes`, of which none can be read. */
function isExpected(rooms: readonly string[], unchanged: readonly string[] = ['a list that is read']): boolean {
  const [told] = leftOut([{ rooms }], { withheld: [memes], streams: [], unchanged });
  expect(told).toMatchObject({ room: 'memes', note: 'Room "memes" was left out: this login has been banned from it.' });
  return told?.isExpected ?? false;
}

describe('a room that is left out', () => {
  it.each(['m1', 'memes', 'Memes!'])('is expected by a job that names it as %s', (word) =>
    expect(isExpected(['ops', word])).toBe(true),
  );

  it.each([[['*']], [['me*', 'ops']], [['!ops']]])('is not expected by %j', (rooms) =>
    expect(isExpected(rooms)).toBe(false),
  );

  it('is expected by a job that finds nothing else', () => expect(isExpected(['me*'], [])).toBe(true));
});
