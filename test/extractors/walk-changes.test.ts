import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoomError } from '../../src/errors.ts';
import { changePageSize, walkChanges, type ChangeRequest } from '../../src/extractors/walk-changes.ts';
import { changeKey, type Change, type ChangePage } from '../../src/rocketchat/changes.ts';

const deletion = (id: string, atMs: number): Change => ({ kind: 'deleted', id, atMs });
const update = (id: string, atMs: number): Change => {
  const raw = { _id: id, ts: '2024-01-01T00:00:00.000Z', _updatedAt: new Date(atMs).toISOString() };
  return { kind: 'updated', id, atMs, message: { id, tsMs: 0, hidden: false, raw } };
};

/** chat.syncMessages: the border is exclusive, and a page may end between changes of one millisecond. */
function serverWith(changes: readonly Change[], onRequest: (request: ChangeRequest) => void = () => undefined) {
  const asked: ChangeRequest[] = [];
  return {
    asked,
    fetch: (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      onRequest(request);
      const { list, afterMs, count } = request;
      const later = changes
        .filter(({ kind, atMs }) => atMs > afterMs && (list === 'both' || kind === list))
        .toSorted((a, b) => a.atMs - b.atMs);
      const page = list === 'both' ? later : later.slice(0, count);
      return Promise.resolve({ changes: page, hasMore: later.length > page.length });
    },
  };
}

async function taken(
  fetch: (request: ChangeRequest) => Promise<ChangePage>,
  options: Omit<Parameters<typeof walkChanges>[1], 'isPaged'> & { readonly isPaged?: boolean },
) {
  const keys: string[] = [];
  const steps = [];
  for await (const step of walkChanges(fetch, { isPaged: true, ...options })) {
    steps.push(step);
    step.page.changes.forEach((change, index) => {
      if (!step.skip.includes(index)) keys.push(changeKey(change));
    });
  }
  return { keys, steps };
}

describe('walkChanges', () => {
  it('takes every change after its beginning exactly once, whatever shares a millisecond, and knows what was taken', async () => {
    const change = fc.record({ at: fc.integer({ min: 1, max: 12 }), deleted: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat({ max: 59 })),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (drawn, sinceMs, takenAt, isPaged, cap) => {
          const all = drawn.map(({ at, deleted }, index) => (deleted ? deletion : update)(`m${index}`, at));
          const before = takenAt.flatMap((index) => all[index] ?? []).map(changeKey);
          // A small page makes the borders fall everywhere.
          const server = serverWith(all);
          const fetch = (request: ChangeRequest): Promise<ChangePage> =>
            server.fetch({
              ...request,
              count: Math.min(request.count, cap * Math.ceil(request.count / changePageSize)),
            });
          const { keys } = await taken(fetch, { sinceMs, taken: before, isPaged });
          const wanted = all.filter(({ atMs }) => atMs > sinceMs).map(changeKey);
          expect(keys.toSorted()).toEqual(wanted.filter((key) => !before.includes(key)).sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes on behind the pages that a cut walk took, and asks for none of them again', async () => {
    const all = [
      ...Array.from({ length: 2_500 }, (_, at) => deletion(`d${at}`, 10 + Math.floor(at / 3))),
      ...Array.from({ length: 2_500 }, (_, at) => update(`u${at}`, 10 + Math.floor(at / 3))),
    ];
    const whole = await taken(serverWith(all).fetch, { sinceMs: 1, taken: [] });
    for (let cut = 0; cut <= whole.steps.length; cut += 1) {
      const server = serverWith(all);
      const journaled = whole.steps.slice(0, cut);
      const rest = await taken(server.fetch, { sinceMs: 1, taken: [], journaled });
      const first = journaled.flatMap(({ page, skip }) =>
        page.changes.filter((_, index) => !skip.includes(index)).map(changeKey),
      );
      expect([...first, ...rest.keys]).toEqual(whole.keys);
      expect(server.asked.filter((request) => journaled.some((step) => isSame(step.request, request)))).toEqual([]);
    }
  });

  it('sees a message that changes while it is read in its last version, at the end of the list', async () => {
    const all = Array.from({ length: 1_500 }, (_, at) => update(`m${at}`, 10 + at));
    let requests = 0;
    const { fetch } = serverWith(all, ({ list }) => {
      if (list === 'updated' && (requests += 1) === 2) all.splice(1_200, 1, update('m1200', 5_000));
    });
    const { keys } = await taken(fetch, { sinceMs: 1, taken: [] });
    expect(keys).toHaveLength(1_500);
    expect(keys.at(-1)).toBe('m1200@5000');
  });

  it('asks for a larger page when all of one share a millisecond', async () => {
    const all = Array.from({ length: 2_600 }, (_, at) => update(`m${at}`, 42));
    const { fetch, asked } = serverWith(all);
    expect((await taken(fetch, { sinceMs: 41, taken: [] })).keys).toHaveLength(2_600);
    expect(asked.filter(({ list }) => list === 'updated').map(({ count }) => count)).toEqual([1_000, 2_000, 4_000]);
  });

  it.each([
    ['of before what was asked for', [update('a', 5)]],
    ['in another order', [update('a', 30), update('b', 20)]],
  ])('takes no change %s', async (_, changes) => {
    const fetch = ({ list }: ChangeRequest): Promise<ChangePage> =>
      Promise.resolve({ changes: list === 'updated' ? changes : [], hasMore: false });
    await expect(taken(fetch, { sinceMs: 10, taken: [] })).rejects.toThrow(RoomError);
  });
});

function isSame(a: ChangeRequest, b: ChangeRequest): boolean {
  return a.list === b.list && a.afterMs === b.afterMs && a.count === b.count;
}
