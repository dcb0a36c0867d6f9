import { describe, expect, it } from '@jest/globals';
import { count, counted, duration, size } from '../../src/cli/amounts.ts';
import { cutToWidth, displayWidth } from '../../src/cli/display-width.ts';
import { textTable } from '../../src/cli/text-table.ts';

describe('a table of text', () => {
  it('aligns names of every script and numbers at the right', () => {
    const columns = [{ title: 'room' }, { title: 'rows', align: 'right' as const }];
    const table = textTable(columns, [
      ['食べる', '1'],
      ['🎉 party', '1,234'],
    ]);
    expect(table).toBe('room       rows\n食べる        1\n🎉 party  1,234\n');
  });

  it('lets no name of a room move the cursor or break the line', () => {
    const table = textTable([{ title: 'room' }], [['a\u001b[2Jb\nc\u202ed']]);
    expect(table).toBe('room\na\ufffd[2Jb\ufffdc\ufffdd\n');
  });
});

describe('the width of a text', () => {
  it.each([
    ['plain', 5],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['👩‍👩‍👧', 2],
  ])('of %j is %i', (text, width) => expect(displayWidth(text)).toBe(width));

  it('is never passed by a cut', () => {
    expect(cutToWidth('漢字漢字', 4)).toBe('漢…');
    expect(cutToWidth('short', 5)).toBe('short');
  });
});

describe('amounts', () => {
  it('are written for people', () => {
    expect([count(1234567), counted(1, 'message'), counted(2, 'retry', 'retries')]).toEqual([
      '1,234,567',
      '1 message',
      '2 retries',
    ]);
    expect([0, 999, 1000, 999_949, 999_950, 3_400_000_000].map(size)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '999.9 kB',
      '1.0 MB',
      '3.4 GB',
    ]);
    expect([0, 9_949, 9_950, 59_499, 59_500, 3_599_499, 3_599_500, 7_500_000].map(duration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min 0 s',
      '59 min 59 s',
      '1 h 0 min',
      '2 h 5 min',
    ]);
  });
});
