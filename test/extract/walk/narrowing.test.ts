import { describe, expect, it } from '@jest/globals';
import { Narrowing, type Narrowed } from '../../../src/extract/walk/narrowing.ts';
import type { PageRequest } from '../../../src/extract/walk/page.ts';

/** A list of `total` rows of which one cannot be read: what is asked for until that is known. */
function narrow(bad: number, { from = 0, count = 100, total = 1_000, pageRows = 100 } = {}) {
  const narrowing = new Narrowing();
  const asked: string[] = [];
  let next: Narrowed = { kind: 'ask', request: { offset: from, count, order: 'ts' } };
  while (next.kind === 'ask' && asked.length < 40) {
    const request: PageRequest = next.request;
    const rows = request.count === 0 ? pageRows : request.count;
    asked.push(`${request.offset}+${request.count}`);
    const isBad = request.offset <= bad && bad < request.offset + rows;
    const readable = Math.max(0, Math.min(rows, total - request.offset));
    next = isBad ? narrowing.afterUnreadable(request, pageRows) : narrowing.afterReadable(request, readable);
  }
  return { next, asked, narrowing };
}

describe('the search for the row that breaks its page', () => {
  it('finds it by halving, each page beginning with the last row that could be read', () =>
    expect(narrow(40)).toMatchObject({
      next: { kind: 'hole', at: 40 },
      asked: ['0+100', '0+50', '0+25', '24+13', '36+7', '36+3', '38+3', '38+1', '38+2'],
    }));

  it('finds it wherever it stands on the page', () => {
    for (let bad = 0; bad < 100; bad += 1) {
      const { next, asked } = narrow(bad);
      expect({ bad, next }).toEqual({ bad, next: { kind: 'hole', at: bad } });
      expect(asked.length).toBeLessThan(16);
    }
  });

  it('looks at what stands before a row that is the first of its page', () => {
    const { next, asked } = narrow(70, { from: 70, count: 1 });
    expect([next, asked]).toEqual([{ kind: 'hole', at: 70 }, ['70+1', '69+1']]);
  });

  it('has found it where it is the first of the list', () =>
    expect(narrow(0, { count: 1 })).toMatchObject({ next: { kind: 'hole', at: 0 }, asked: ['0+1'] }));

  it('asks in the order of which the neighbours are always the same', () => {
    const narrowed = new Narrowing().afterUnreadable({ offset: 7, count: 100, order: 'ts' }, 100);
    expect(narrowed).toEqual({ kind: 'ask', request: { offset: 7, count: 50, order: 'ts-id' } });
  });

  it('takes a page for as long as any that was seen, where more was asked for or all', () => {
    const first = (count: number, pageRows: number) =>
      new Narrowing().afterUnreadable({ offset: 0, count, order: 'ts' }, pageRows);
    expect(first(5_000, 300)).toMatchObject({ request: { count: 150 } });
    expect(first(0, 300)).toMatchObject({ request: { count: 150 } });
    // Too short a guess would take a row for the hole that is none.
    expect(first(5_000, 3)).toMatchObject({ request: { count: 50 } });
    expect(first(20, 300)).toMatchObject({ request: { count: 10 } });
  });

  it('has passed the place when all up to the broken end can be read, or nothing follows', () => {
    const after = (count: number, rows: number) => {
      const narrowing = new Narrowing();
      narrowing.afterUnreadable({ offset: 0, count: 10, order: 'ts' }, 100);
      return narrowing.afterReadable({ offset: 4, count, order: 'ts-id' }, rows).kind;
    };
    expect([after(6, 6), after(6, 0), after(6, 1), after(1, 1), after(5, 5), after(4, 4)]).toEqual([
      'passed',
      'passed',
      'passed',
      'ask',
      'hole',
      'ask',
    ]);
  });

  it('is over when it is stopped', () => {
    const { narrowing } = narrow(40);
    expect(narrowing.isActive).toBe(true);
    narrowing.stop();
    expect(narrowing.isActive).toBe(false);
  });
});
