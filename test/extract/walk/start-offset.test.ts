import { describe, expect, it } from '@jest/globals';
import { startOffset } from '../../../src/extract/walk/start-offset.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';

const at = (offset: number) => ({ watermark: { tsMs: 1, id: null }, offset, deliveredIds: [] });

describe('startOffset', () => {
  it('begins a list that was never read at its beginning', () => {
    expect(startOffset(fromTheBeginning, 100, 5_000)).toBe(0);
  });

  it('goes by no offset where no message has been taken', () => {
    expect(startOffset({ ...fromTheBeginning, offset: 700 }, 100, 5_000)).toBe(0);
  });

  it('lays the page to the end of the list, so that deletions since cost no request', () => {
    // 500 rows then, 503 now: the page reaches from row 413 to ten rows beyond the end.
    expect(startOffset(at(499), 100, 503)).toBe(413);
  });

  it('begins at the place itself, or a little before, when a page does not reach the end', () => {
    expect(startOffset(at(499), 100, 900)).toBe(489);
  });

  it('goes half a page back where nobody counts the list', () => {
    expect(startOffset(at(499), 100, null)).toBe(449);
  });

  it.each([
    [3, 100, 4],
    [3, 100, null],
    [0, 0, 0],
  ])('never begins before the list (%i, %i, %p)', (offset, pageRows, listRows) => {
    expect(startOffset(at(offset), pageRows, listRows)).toBe(0);
  });
});
