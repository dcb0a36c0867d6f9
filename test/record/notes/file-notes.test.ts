import { describe, expect, it } from '@jest/globals';
import { fileNotes } from '../../../src/record/notes/file-notes.ts';

const saved = (notSaved: Readonly<Record<string, number>>) => fileNotes({ kind: 'saved', coverage: { notSaved } });

describe('notes on the files of messages', () => {
  it('are none where the job saves none, and where all were saved', () => {
    expect(fileNotes(undefined)).toEqual([]);
    expect(saved({})).toEqual([]);
  });

  it('say why the archive could not be looked up', () =>
    expect(fileNotes({ kind: 'unlooked', because: 'it is damaged' })).toEqual([
      'No file of a message was saved: which ones the archive has could not be looked up: it is damaged.',
    ]));

  it('count what was not saved, by reason', () => {
    expect(saved({ missing: 1 })).toEqual([
      'One file of messages is not in the archive (1 missing): the table "files" says why, and the next run tries again.',
    ]);
    expect(saved({ missing: 1, forbidden: 2 })).toEqual([
      '3 files of messages are not in the archive (1 missing, 2 forbidden): the table "files" says why, and the next run tries again.',
    ]);
  });
});
