import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAttachmentPath } from '../../src/archive/paths/attachment-path.ts';
import { FileFolders } from '../../src/files/file-folders.ts';
import { unicodeText } from '../support/data/unicode-text.ts';

const id = fc.oneof(
  unicodeText({ minLength: 1, maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '.', '/', 'ä'), minLength: 1, maxLength: 4 }),
);

describe('folders of files', () => {
  it('are apart for different ids, also where case does not count', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          id.filter((text) => !/\p{Cs}/u.test(text)),
          { maxLength: 12 },
        ),
        (ids) => {
          const folders = new FileFolders([]);
          const names = ids.map((one) => folders.nameFor(one).toLowerCase());
          expect(new Set(names).size).toBe(ids.length);
          for (const folder of names) expect(isAttachmentPath(`_files/${folder}/file`)).toBe(true);
          for (const folder of names) expect(folder.length).toBeLessThanOrEqual(220);
        },
      ),
    );
  });

  it('are the same in the next run', () => {
    const first = new FileFolders([]);
    const names = ['abc', 'ABC', 'aBc', 'a.b'].map((one) => first.nameFor(one));
    const next = new FileFolders(names.toReversed());
    expect(['abc', 'ABC', 'aBc', 'a.b'].map((one) => next.nameFor(one))).toEqual(names);
  });

  it.each([
    ['rbAXPnMktTFbNpwtJ', 'rbAXPnMktTFbNpwtJ'],
    ['..', '%2E%2E'],
    ['../x', '%2E%2E%2Fx'],
    ['nul', '%6Eul'],
  ])('of %j is %j', (given, expected) => {
    expect(new FileFolders([]).nameFor(given)).toBe(expected);
  });
});
