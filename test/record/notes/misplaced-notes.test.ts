import { describe, expect, it } from '@jest/globals';
import { misplacedNotes } from '../../../src/record/notes/misplaced-notes.ts';

const missing = (...paths: readonly string[]) => paths.map((path) => ({ path, problem: 'missing' as const }));

describe('notes on files of earlier runs that are not in their place', () => {
  it('are none where all are', () => expect(misplacedNotes([])).toEqual([]));

  it('name some, and say what to do', () => {
    expect(misplacedNotes(missing('a', 'b', 'c', 'd', 'e'))).toEqual([
      '5 files of earlier runs are missing (a, b, c and 2 more): readers of the archive lack what is in them. Restore from a copy, `verify` names each; without one, `state forget` has the next run read every room again.',
    ]);
  });

  it('say each thing that is wrong by itself', () => {
    const notes = misplacedNotes([
      ...missing('a'),
      { path: 'b', problem: 'size' },
      { path: 'c', problem: 'unreadable' },
    ]);
    expect(notes.map((note) => note.split(':')[0])).toEqual([
      '1 file of earlier runs is missing (a)',
      '1 file of earlier runs is of another size than its manifest says (b)',
      '1 file of earlier runs is in a folder that cannot be listed (c)',
    ]);
  });
});
