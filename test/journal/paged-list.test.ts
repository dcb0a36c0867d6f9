import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PagedList } from '../../src/journal/paged-list.ts';

/** Reads a list as the program does: `server` gives the page that is asked for. */
function read(
  list: PagedList,
  server: (offset: number, count: number) => readonly string[],
  total: () => number | null,
) {
  const asked: (readonly [number, number])[] = [];
  while (list.next !== null) {
    const { offset, count } = list.next;
    asked.push([offset, count]);
    if (asked.length > 200) throw new Error('It should come to an end');
    list.add({ offset, rows: server(offset, count).map((id) => ({ _id: id })), total: total() });
  }
  const ids = list.rows.map((row) => (row as { readonly _id: string })._id);
  return { asked, ids, isWhole: list.isWhole };
}

const people = (count: number): string[] => Array.from({ length: count }, (_, at) => `p${String(at).padStart(4, '0')}`);
const pageOf = (all: readonly string[], cap: number) => (offset: number, count: number) =>
  all.slice(offset, offset + Math.min(count === 0 ? cap : count, cap));

describe('a list that is read page by page', () => {
  it('takes one request where the server gives all at once', () => {
    const all = people(250);
    const { asked, ids, isWhole } = read(
      new PagedList(0),
      (offset) => all.slice(offset),
      () => 250,
    );
    expect({ asked, isWhole, ids }).toEqual({ asked: [[0, 0]], isWhole: true, ids: all });
  });

  it('has every row once, whatever the server caps pages at', () => {
    fc.assert(
      fc.property(fc.nat(250), fc.integer({ min: 4, max: 120 }), fc.constantFrom(0, 100), (length, cap, first) => {
        const all = people(length);
        const { ids, isWhole } = read(new PagedList(first), pageOf(all, cap), () => length);
        expect({ ids, isWhole }).toEqual({ ids: all, isWhole: true });
      }),
    );
  });

  it('begins each page with the last row of the one before, and again where that is not so', () => {
    const all = people(250);
    let pages = 0;
    const { asked, ids, isWhole } = read(
      new PagedList(),
      (offset, count) => {
        pages += 1;
        if (pages === 2) all.splice(3, 1);
        return all.slice(offset, offset + count);
      },
      () => all.length,
    );
    expect(asked.map(([offset]) => offset)).toEqual([0, 99, 0, 99, 198]);
    expect(isWhole).toBe(true);
    expect(ids).toEqual(expect.arrayContaining(all));
  });

  it('is not whole when it never stands still, and is given up after three attempts', () => {
    const all = people(250);
    const { asked, isWhole } = read(
      new PagedList(),
      (offset, count) => {
        if (offset > 0) all.splice(3, 1);
        return all.slice(offset, offset + count);
      },
      () => all.length,
    );
    expect(asked.map(([offset]) => offset)).toEqual([0, 99, 0, 99, 0, 99]);
    expect(isWhole).toBe(false);
  });

  it('notices who is gone and who came between two pages though the number is the same', () => {
    const all = people(250);
    let pages = 0;
    const { asked } = read(
      new PagedList(),
      (offset, count) => {
        pages += 1;
        if (pages === 2) all.splice(3, 1, 'p0003');
        if (pages === 2) all.splice(5, 1);
        if (pages === 2) all.push('p9999');
        return all.slice(offset, offset + count);
      },
      () => all.length,
    );
    expect(asked.map(([offset]) => offset).slice(0, 3)).toEqual([0, 99, 0]);
  });

  it('is whole when it twice shows the same, though the server counts more', () => {
    const all = people(3);
    const { isWhole, asked } = read(
      new PagedList(0),
      (offset) => all.slice(offset),
      () => 5,
    );
    expect({ isWhole, asked: asked.length }).toEqual({ isWhole: true, asked: 4 });
  });

  it('ends with a page without rows where the server does not count', () => {
    const all = people(120);
    const { ids, isWhole } = read(new PagedList(), pageOf(all, 100), () => null);
    expect({ ids, isWhole }).toEqual({ ids: all, isWhole: true });
  });

  it('counts rows without an id, and does not have them', () => {
    const list = new PagedList(0);
    list.add({ offset: 0, rows: [{ _id: 'a' }, { name: 'nobody' }, null], total: 3 });
    expect({ rows: list.rows, isWhole: list.isWhole, next: list.next }).toEqual({
      ...{ rows: [{ _id: 'a' }], isWhole: true, next: null },
    });
  });

  /** What comes of these pages, each a text of ids, all of one total. */
  const afterPages = (total: number | null, ...pages: readonly (readonly [offset: number, ids: string])[]) => {
    const list = new PagedList(0);
    for (const [offset, ids] of pages) list.add({ offset, rows: Array.from(ids, (id) => ({ _id: id })), total });
    return { isWhole: list.isWhole, next: list.next, rows: list.rows.length };
  };

  it('is begun again when it shows somebody twice', () => {
    expect(afterPages(4, [0, 'abca'])).toEqual({ isWhole: false, next: { offset: 0, count: 0 }, rows: 3 });
    expect(afterPages(null, [0, 'ab'], [1, 'ba'], [2, 'a'])).toMatchObject({ isWhole: false });
  });

  it('is not whole by the same rows of two attempts unless they are the same', () => {
    expect(afterPages(5, [0, 'abc'], [2, 'c'])).toMatchObject({ isWhole: false, next: { offset: 0 } });
    expect(afterPages(5, [0, 'abc'], [2, 'c'], [0, 'abd'], [2, 'd'])).toMatchObject({ isWhole: false, rows: 4 });
    expect(afterPages(5, [0, 'abc'], [2, 'c'], [0, 'abc'], [2, 'c'])).toMatchObject({ isWhole: true, next: null });
  });

  it('is begun again when its total changes between two pages, though they fit', () => {
    const list = new PagedList();
    list.add({ offset: 0, rows: [{ _id: 'a' }, { _id: 'b' }], total: 3 });
    expect(list.next).toEqual({ offset: 1, count: 100 });
    list.add({ offset: 1, rows: [{ _id: 'b' }, { _id: 'c' }], total: 4 });
    expect({ isWhole: list.isWhole, next: list.next }).toEqual({ isWhole: false, next: { offset: 0, count: 100 } });
  });
});
