import { describe, expect, it } from '@jest/globals';
import { count, counted } from '../../../../src/model/text/counted.ts';
import { duration, size } from '../../../../src/cli/report/amounts.ts';
import stringWidth from 'string-width';
import { cutToWidth } from '../../../../src/cli/report/text/cut-to-width.ts';
import { textTable } from '../../../../src/cli/report/text/text-table.ts';
import { wrappedLines } from '../../../../src/cli/report/text/wrapped-lines.ts';

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

describe('a table on a terminal', () => {
  const columns = [
    { title: 'room' },
    { title: 'id', aside: 'labelled' as const },
    { title: 'rows', align: 'right' as const },
    { title: '', aside: 'plain' as const },
  ];
  const rows = [
    ['ops-oncall', 'pR4kTn8ZwQd2HsLcV', '900', ''],
    ['Which blue is "our" blue?', 'bT6yMz1RhWe9UpFkN', '34', 'a discussion'],
  ];

  it('is the same as without one where it fits', () => {
    expect(textTable(columns, rows, 80)).toBe(textTable(columns, rows));
    expect(textTable(columns, rows)).toContain('room                       id                 rows\n');
  });

  it('has what is too wide below its row, from the right, and wraps names', () => {
    expect(textTable(columns, rows, 60)).toBe(`room                   id                 rows
ops-oncall             pR4kTn8ZwQd2HsLcV   900
Which blue is "our"    bT6yMz1RhWe9UpFkN    34  a discussion
blue?
`);
    expect(textTable(columns, rows, 32)).toBe(`room                       rows
ops-oncall                  900
    id: pR4kTn8ZwQd2HsLcV
Which blue is "our" blue?    34
    id: bT6yMz1RhWe9UpFkN
    a discussion
`);
  });

  it('never makes a line that is longer, whatever it is to fit', () => {
    for (let width = 24; width < 100; width += 1) {
      const lines = textTable(columns, rows, width).split('\n');
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
      const words = (text: string): string =>
        text
          .replaceAll(/\s|id:/g, '')
          .split('')
          .sort()
          .join('');
      expect(words(lines.join(''))).toBe(
        words(textTable(columns, rows).replaceAll(/\bid\b/g, (id) => (lines[0]?.includes(' id') ? id : ''))),
      );
    }
  });

  it('cuts a long name rather than have the terminal break every line of numbers', () => {
    const numbers = ['rooms', 'new', 'messages', 'minutes'].map((title) => ({ title, align: 'right' as const }));
    const cells = ['chat.getMentionedMessages', '13', '13', '~162', '?'];
    for (const width of [46, 60]) {
      const lines = textTable([{ title: 'endpoint' }, ...numbers], [cells], width)
        .trimEnd()
        .split('\n');
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
      expect(lines.map((line) => /^\S*/.exec(line)?.[0]).join('')).toBe('endpointchat.getMentionedMessages');
    }
  });

  it('leaves out an untitled column without a cell', () => {
    expect(textTable([{ title: 'a' }, { title: '' }], [['1', '']], 80)).toBe('a\n1\n');
  });
});

describe('lines of a text', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['chat.getMentionedMessages', 20, ['chat.', 'getMentionedMessages']],
    ['at 2026-11-26 it was', 12, ['at', '2026-11-26', 'it was']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['漢字漢字', 5, ['漢字', '漢字']],
    ['', 5, ['']],
  ])('%j in %i columns', (text, columns, lines) => expect(wrappedLines(text, columns)).toEqual(lines));
});

describe('a cut text', () => {
  it.each([
    ['short', 5, 'short'],
    ['shorter', 5, 'shor…'],
    ['漢字漢字', 4, '漢…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    // A space of no width is no column.
    ['a\u200bb\u200bc', 3, 'a\u200bb\u200bc'],
  ])('of %j fits %i columns', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
    expect(stringWidth(cut)).toBeLessThanOrEqual(columns);
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
