import { describe, expect, it } from '@jest/globals';
import { namesNewer, newestVersion, supersedes } from '../../../src/snapshot/versions/newest-version.ts';

const there = (run: number, text = '') => ({ run, isDeleted: false, text });
const gone = (run: number) => ({ run, isDeleted: true, text: '' });

describe('the newest version of a thing', () => {
  it('is that of the greatest run, in whatever order the rows come', () => {
    expect(newestVersion([there(2), there(3), there(1)])?.run).toBe(3);
    expect(newestVersion([there(2), gone(3)])).toEqual(gone(3));
    const none: ReturnType<typeof there>[] = [];
    expect(newestVersion(none)).toBeUndefined();
  });

  it('is of one run what is there, and the last of those', () => {
    expect(newestVersion([there(2, 'first'), there(2, 'last')])?.text).toBe('last');
    expect(newestVersion([gone(2), there(2)])?.isDeleted).toBe(false);
    expect(newestVersion([there(2), gone(2)])?.isDeleted).toBe(false);
    expect(supersedes(gone(2), undefined)).toBe(true);
  });

  it('names its room and its sender by the first row of that run: of those none is a version of the other', () => {
    expect(namesNewer(0, undefined)).toBe(true);
    expect(namesNewer(3, 2)).toBe(true);
    expect(namesNewer(2, 2)).toBe(false);
  });
});
