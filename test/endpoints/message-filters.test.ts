import { describe, expect, it } from '@jest/globals';
import { filtersOf } from '../../src/endpoints/message-filters.ts';

describe('the filters of an entry', () => {
  it('are the same whichever way they are written', () => {
    expect(filtersOf({ mentionIds: ['b', 'a', 'b'], starredIds: ['z', 'y'], pinned: true })).toEqual({
      ...{ mentionIds: ['a', 'b'], starredIds: ['y', 'z'], pinned: true },
    });
    expect(Object.keys(filtersOf({ pinned: false, mentionIds: [] }))).toEqual(['mentionIds', 'pinned']);
    expect(filtersOf({})).toEqual({});
  });
});
