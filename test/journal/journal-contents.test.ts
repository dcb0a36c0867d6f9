import { expect, it } from '@jest/globals';
import { savedPages, type KeptRecord } from '../../src/journal/journal-contents.ts';
import { readTo } from '../support/plans/sample-stream.ts';

const page = (fields: Partial<KeptRecord>): KeptRecord => ({
  ...{ asked: { kind: 'offset', offset: 0, count: 20, order: 'ts' }, rows: 20, total: null, from: 0, to: 20 },
  ...{ skip: [], versions: 0, repaired: 0, first: null, last: null, cursor: readTo(1), startByte: 0, ...fields },
});

it('counts of a journal the messages that its pages were taken for, without those that fill holes of earlier runs', () => {
  expect(savedPages({ pages: [] })).toEqual({ messages: 0, pages: 0 });
  expect(
    savedPages({
      pages: [page({}), page({ from: 1, to: 15, skip: [2, 3] }), page({ fills: { after: null, before: null } })],
    }),
  ).toEqual({ messages: 32, pages: 2 });
});
