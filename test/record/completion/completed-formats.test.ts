import { describe, expect, it } from '@jest/globals';
import type { Completion } from '../../../src/model/run/load-result.ts';
import {
  completedRows,
  completionNotes,
  damagedNotes,
  incompleteParts,
  unreadNotes,
} from '../../../src/record/completion/completed-formats.ts';

const nothing: Completion = { completed: [], incomplete: [], columns: [], outdated: [], unlooked: null };
const lacking = (fields: Partial<Completion>) => ({ completion: { ...nothing, ...fields } });
const csv = { table: 'messages', format: 'csv', extension: 'csv.gz', runs: [1, 2, 3, 7] };
const because = 'no file of another format has them';

describe('rows of earlier runs in a format that those did not make', () => {
  it('are named with their runs where they were written', () => {
    const done = lacking({ completed: [{ ...csv, rows: 9 }] });
    expect(completedRows(done)).toEqual({
      completed: [
        {
          table: 'messages',
          format: 'csv',
          extension: 'csv.gz',
          rows: 9,
          runs: [
            { from: 1, to: 3 },
            { from: 7, to: 7 },
          ],
        },
      ],
    });
    expect(completionNotes(done)).toEqual([
      'Completed "messages" as csv.gz: 9 rows of runs 1 to 3, 7, from the other formats of the archive.',
    ]);
    expect(completionNotes(lacking({ completed: [{ ...csv, rows: 1 }] }))[0]).toContain(': 1 row of runs');
    expect(completedRows(lacking({}))).toEqual({});
    expect(completionNotes(lacking({ completed: [{ ...csv, rows: 2, source: 'raw' }] }))).toEqual([
      'Completed "messages" as csv.gz: 2 rows of runs 1 to 3, 7, from the responses of the server that the archive keeps in `_raw`.',
    ]);
  });

  it('are written anew where they were wrong, and counted', () => {
    const refilled = { rows: 3, because: 'they lacked a column' };
    expect(completedRows(lacking({ refilled }))).toEqual({ refilled });
    expect(completedRows(lacking({ refilled, completed: [{ ...csv, rows: 9 }] }))).toMatchObject({
      ...{ refilled, completed: [{ rows: 9 }] },
    });
    expect(completedRows(lacking({ completed: [{ ...csv, rows: 9 }] }))).not.toHaveProperty('refilled');
    expect(completionNotes(lacking({ refilled }))).toEqual([
      'Wrote 3 current rows of earlier runs anew, from the responses of the server that the archive keeps in `_raw`: they lacked a column.',
    ]);
    const one = { ...refilled, rows: 1 };
    expect(completionNotes(lacking({ refilled: one }))[0]).toMatch(/^Wrote 1 current row of/);
  });

  it('are read from another format where a file is damaged, which is said', () => {
    expect(damagedNotes({ damaged: ['messages/a.csv'] })).toEqual([
      '"messages/a.csv" is not what its manifest says: its rows were read from another format of the archive. Restore it, `verify` names all that differ.',
    ]);
    expect(damagedNotes({ damaged: [] })).toEqual([]);
  });

  it('are named with the reason where they stay away', () => {
    const left = lacking({ incomplete: [{ ...csv, because }] });
    expect(incompleteParts(left, [], [])).toMatchObject({
      incomplete: [
        {
          table: 'messages',
          format: 'csv.gz',
          columns: null,
          runs: [
            { from: 1, to: 3 },
            { from: 7, to: 7 },
          ],
          because,
        },
      ],
    });
    expect(completionNotes(left)).toEqual([`"messages" as csv.gz lacks the rows of runs 1 to 3, 7: ${because}.`]);
  });

  it('are not known to be lacking where nobody could look', () => {
    const unlooked = lacking({ incomplete: [{ ...csv, because }], unlooked: 'run 2 is damaged' });
    expect(incompleteParts(unlooked, [], [])).toEqual({});
    expect(completionNotes(unlooked).at(-1)).toBe(
      'Whether every format of the job has the rows of earlier runs could not be looked up: run 2 is damaged.',
    );
    expect(completionNotes(lacking({}))).toEqual([]);
    expect(incompleteParts(lacking({}), [], [])).toEqual({ incomplete: [], outdated: [] });
  });
});

describe('columns and messages that tables lack of earlier runs', () => {
  it('are named beside what formats lack, and messages in a sentence of their own', () => {
    const columns = [
      { table: 'messages', columns: ['bot'], runs: [1], because: 'they had no such column' },
      { table: 'messages', columns: null, runs: [1, 2], because: 'steps dropped them' },
    ];
    const table = { table: 'reactions', format: null, columns: null, runs: [], because: 'a gap' };
    expect(incompleteParts(lacking({ columns }), [table], [])).toMatchObject({
      incomplete: [
        {
          table: 'messages',
          format: null,
          columns: ['bot'],
          runs: [{ from: 1, to: 1 }],
          because: 'they had no such column',
        },
        {
          table: 'messages',
          format: null,
          columns: null,
          runs: [{ from: 1, to: 2 }],
          because: 'steps dropped them',
        },
        table,
      ],
    });
    expect(completionNotes(lacking({ columns }))).toEqual([
      '"messages" lacks some rows of runs 1 to 2: steps dropped them.',
    ]);
    const outdated = [{ table: 'links', runs: [1], because: 'names stand in them' }];
    expect(completionNotes(lacking({ outdated }))).toEqual([
      'Rows of "links" of run 1 stay as they are: names stand in them.',
    ]);
    // These are of all rooms, whichever could not be read again.
    const unread = [{ id: 'r1', name: 'ops', type: 'private', reason: 'gone' } as const];
    for (const part of incompleteParts(lacking({ columns, outdated }), [], unread).incomplete ?? [])
      expect(part).not.toHaveProperty('rooms');
    expect(unreadNotes(lacking({ columns, outdated }), unread)).toEqual([]);
  });
});

describe('what runs lack before every room was read again', () => {
  const isReadAgain = true as const;
  const early = lacking({
    columns: [{ table: 'messages', columns: ['md'], runs: [1], because: 'it was not kept', isReadAgain }],
    outdated: [{ table: 'links', runs: [1, 2], because: 'names stand in them', isReadAgain }],
  });
  const room = { id: 'r1', name: 'ops', type: 'private', reason: 'gone' } as const;

  it('is nothing where each of them could be', () => {
    expect(incompleteParts(early, [], [])).toEqual({ incomplete: [], outdated: [] });
    expect(unreadNotes(early, [])).toEqual([]);
  });

  it('is named with the rooms that could not, and said in one sentence', () => {
    const named = { rooms: [room], roomCount: 1 };
    expect(incompleteParts(early, [], [room, room])).toMatchObject({
      incomplete: [{ columns: ['md'], because: 'it was not kept', ...named }],
      outdated: [{ table: 'links', ...named }],
    });
    expect(completionNotes(early)).toEqual([]);
    const some = lacking({
      columns: [
        { table: 'messages', columns: null, runs: [1], because: 'steps dropped them', isReadAgain },
        { table: 'links', columns: ['a', 'b'], runs: [1], because: 'they are new', isReadAgain },
      ],
    });
    expect(completionNotes(some)).toEqual([]);
    expect(unreadNotes(some, [room])[0]).toMatch(
      /Of these, "messages" lacks some rows of run 1, because steps dropped them; "links" lacks a, b of run 1, because/,
    );
    expect(unreadNotes(early, [room])).toEqual([
      'Not every room could be read again: "ops" is gone from the server. Of these, "messages" lacks md of run 1, because it was not kept; rows of "links" of runs 1 to 2 stay as they are, because names stand in them.',
    ]);
    expect(unreadNotes(lacking({}), [room])).toEqual([]);
  });
});
