import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPrng } from '../../../src/demo/sample/prng.ts';
import { RoomError, UnreachableError } from '../../../src/errors.ts';
import { changePageSize, walkChanges } from '../../../src/extract/changes/walk-changes.ts';
import { type ChangeRequest } from '../../../src/extract/changes/change-request.ts';
import { changeKey, type Change, type ChangePage } from '../../../src/model/changes.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const deletion = (id: string, atMs: number): Change => ({ kind: 'deleted', id, atMs });
const update = (id: string, atMs: number): Change => {
  const raw = { _id: id, ts: '2024-01-01T00:00:00.000Z', _updatedAt: new Date(atMs).toISOString() };
  return { kind: 'updated', id, atMs, message: { id, tsMs: 0, hidden: false, raw } };
};

/** Where the trash has a deleted message: by its last edit, which has nothing to do with when it was deleted. */
function editedMs({ id }: Change): number {
  return createPrng(Number(/\d+$/.exec(id)?.[0] ?? 0)).next();
}

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
        .toSorted(list === 'deleted' ? (a, b) => editedMs(a) - editedMs(b) : (a, b) => a.atMs - b.atMs);
      const page = list === 'both' ? later : later.slice(0, count);
      return Promise.resolve({ changes: page, unreadable: [], hasMore: later.length > page.length });
    },
  };
}

/** Pages of as many times fewer changes than are asked for: a room of dozens shows what one of thousands does. */
function shortened({ fetch }: ReturnType<typeof serverWith>, times: number) {
  const asked: ChangeRequest[] = [];
  return {
    asked,
    fetch: (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      return fetch({ ...request, count: Math.ceil(request.count / times) });
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
    const skip = new Set(step.skip);
    step.page.changes.forEach((change, index) => {
      if (!skip.has(index)) keys.push(changeKey(change));
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
      { numRuns: quickOrLong(40, 800) },
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

  it('takes all deletions, though the server lists them by the last edits of what was deleted', async () => {
    const all = Array.from({ length: 250 }, (_, at) => deletion(`d${at}`, 10 + Math.floor(at / 7)));
    const { fetch, asked } = shortened(serverWith(all), 100);
    const { keys, steps } = await taken(fetch, { sinceMs: 9, taken: [] });
    // The last page holds those before it.
    expect(steps).toHaveLength(1);
    expect(keys.toSorted()).toEqual(all.map(changeKey).toSorted());
    // In one page from the same cursor: the server's own `next` would skip some.
    expect(asked.filter(({ list }) => list === 'deleted')).toEqual(
      [10_000, 20_000, 40_000].map((count) => ({ list: 'deleted', afterMs: 9, count })),
    );
  });

  it('takes a deletion once that is told twice', async () => {
    const fetch = ({ list }: ChangeRequest): Promise<ChangePage> =>
      Promise.resolve({
        changes: list === 'deleted' ? [deletion('a', 30), deletion('b', 20), deletion('a', 30)] : [],
        unreadable: [],
        hasMore: false,
      });
    expect((await taken(fetch, { sinceMs: 10, taken: [] })).keys).toEqual(
      [deletion('a', 30), deletion('b', 20)].map(changeKey),
    );
  });

  it('asks for all at once when a bulk update has stamped more rows with one millisecond than any page holds', async () => {
    const bulk = Array.from({ length: 28 }, (_, at) => update(`m${at}`, 42));
    const all = [update('before', 20), ...bulk, update('after', 60)];
    const { fetch, asked } = shortened(serverWith(all), 10_000);
    const { keys } = await taken(fetch, { sinceMs: 10, taken: [] });
    expect(keys).toEqual(all.map(changeKey));
    expect(asked.at(-1)).toMatchObject({ list: 'both', afterMs: 41 });
  });

  it('asks for all at once when a server tells more deletions than any page, and for no updates again', async () => {
    const all = [update('u1', 20), deletion('d1', 30)];
    const { fetch, asked } = serverWith(all);
    const endless = async (request: ChangeRequest): Promise<ChangePage> =>
      request.list === 'deleted' ? { changes: [deletion('d1', 30)], unreadable: [], hasMore: true } : fetch(request);
    expect((await taken(endless, { sinceMs: 10, taken: [] })).keys.toSorted()).toEqual(all.map(changeKey).toSorted());
    expect(asked.map(({ list }) => list)).toEqual(['both']);
  });

  it.each([
    ['deleted', ['u1@20']],
    ['updated', ['d1@deleted:30']],
  ])(
    'takes the other list when that of what was %s cannot be read, and says so at the end',
    async (broken, readable) => {
      const { fetch } = serverWith([update('u1', 20), deletion('d1', 30)]);
      const keys: string[] = [];
      const walk = walkChanges(
        (request) => (request.list === broken ? Promise.reject(new RoomError('http-504', 'Too slow')) : fetch(request)),
        { sinceMs: 10, taken: [], isPaged: true },
      );
      const whole = (async () => {
        for await (const { page } of walk) keys.push(...page.changes.map(changeKey));
      })();
      await expect(whole).rejects.toThrow('Too slow');
      expect(keys).toEqual(readable);
    },
  );

  it('goes on behind a page of which nothing can be read, and reports each message once', async () => {
    const bad = (id: string, atMs: number) => ({ reason: 'bad-message', id, atMs, untilMs: atMs, problem: 'No date' });
    const pages: ChangePage[] = [
      { changes: [], unreadable: [bad('x', 20), bad('z', 25), bad('y', 30)], hasMore: true },
      { changes: [update('u1', 40)], unreadable: [bad('y', 30)], hasMore: false },
    ];
    const asked: ChangeRequest[] = [];
    const fetch = (request: ChangeRequest): Promise<ChangePage> => {
      if (request.list === 'deleted') return Promise.resolve({ changes: [], unreadable: [], hasMore: false });
      asked.push(request);
      return Promise.resolve(pages[asked.length - 1] ?? { changes: [], unreadable: [], hasMore: false });
    };
    const { keys, steps } = await taken(fetch, { sinceMs: 10, taken: [] });
    expect(keys).toEqual(['u1@40']);
    expect(steps.flatMap(({ unreadable }) => unreadable.map(({ id }) => id))).toEqual(['x', 'z', 'y']);
    expect(asked.map(({ afterMs }) => afterMs)).toEqual([10, 29]);
  });

  it.each([
    ['in the middle of many', 1_700, 3_200],
    ['first', 0, 1_500],
    ['last', 1_499, 1_500],
    ['alone', 0, 1],
  ])('reads around an update that breaks every page it is on (%s)', async (_, broken, length) => {
    const all = Array.from({ length }, (__, at) => update(`m${at}`, 100 + Math.floor(at / 3)));
    const server = serverWith(all);
    let requests = 0;
    const fetch = async (request: ChangeRequest): Promise<ChangePage> => {
      requests += 1;
      const { beforeMs, count } = request;
      const page =
        beforeMs === undefined
          ? await server.fetch(request)
          : {
              changes: all
                .filter(({ atMs }) => atMs < beforeMs)
                .toReversed()
                .slice(0, count),
              unreadable: [],
              hasMore: true,
            };
      if (page.changes.some(({ id }) => id === `m${broken}`)) throw new RoomError('http-400', 'Cannot destructure');
      return page;
    };
    const walk = taken(fetch, { sinceMs: 10, taken: [] });
    if (length === 1) {
      await expect(walk).rejects.toThrow('Cannot destructure');
      return;
    }
    const { keys, steps } = await walk;
    // What changed in the same millisecond may stand behind it on every page.
    const beside = all.filter(({ atMs }) => atMs === all[broken]?.atMs).map(changeKey);
    const wanted = all.map(changeKey).filter((key) => !beside.includes(key));
    expect(keys.filter((key) => !beside.includes(key)).toSorted()).toEqual(wanted.toSorted());
    expect(new Set(keys).size).toBe(keys.length);
    const holes = steps.flatMap(({ unreadable }) => unreadable);
    expect(holes).toMatchObject([{ reason: 'http-400', id: '' }]);
    expect(requests).toBeLessThan(40);
  });

  const tooLarge = new RoomError('too-large', 'The answer is too large');

  /** Pages both ways of updates in different milliseconds; one of them cannot be read, and those in `bad` are no messages. */
  function readBothWays(all: readonly Change[], broken: string | undefined, bad: readonly string[] = []) {
    const asked: ChangeRequest[] = [];
    const fetch = (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      const { list, afterMs, beforeMs, count } = request;
      const rows =
        beforeMs === undefined
          ? all.filter(({ atMs }) => atMs > afterMs)
          : all.filter(({ atMs }) => atMs < beforeMs).toReversed();
      const page = list === 'deleted' ? [] : rows.slice(0, count);
      if (page.some(({ id }) => id === broken)) return Promise.reject(tooLarge);
      const isBad = ({ id }: Change): boolean => bad.includes(id);
      const unreadable = page
        .filter(isBad)
        .map(({ id, atMs }) => ({ reason: 'bad-message', id, atMs, untilMs: atMs, problem: 'No date' }));
      const hasMore = page.length < rows.length && list !== 'deleted';
      return Promise.resolve({ changes: page.filter((row) => !isBad(row)), unreadable, hasMore });
    };
    return { fetch, asked };
  }

  const dozen = Array.from({ length: 12 }, (_, at) => update(`m${at}`, 100 + at));
  const holesOf = (steps: Awaited<ReturnType<typeof taken>>['steps']) =>
    steps.flatMap(({ unreadable }) => unreadable.map(({ id, atMs, untilMs }) => [id, atMs, untilMs]));

  it.each([
    ['between the two that can be read', 'm4', [103, 105]],
    ['from the beginning of the walk', 'm0', [10, 101]],
    ['and whatever is newer', 'm11', [110, 9_999_999_999_999]],
  ])('reports of a single update that is too large where it is: %s', async (_, broken, place) => {
    const { fetch, asked } = readBothWays(dozen, broken);
    const { keys, steps } = await taken(fetch, { sinceMs: 10, taken: [] });
    expect(keys.toSorted()).toEqual(
      dozen
        .filter(({ id }) => id !== broken)
        .map(changeKey)
        .toSorted(),
    );
    expect(holesOf(steps)).toEqual([['', ...place]]);
    // A page of so few is too large for one of them.
    const forwards = asked.filter(({ list, beforeMs }) => list === 'updated' && beforeMs === undefined);
    if (broken === 'm0') {
      expect(forwards.map(({ count }) => count)).toEqual([1_000, 500, 250, 125, 62, 31, 15, 7, 3, 1]);
    }
  });

  it('reads on around it past rows that are no messages', async () => {
    const { fetch, asked } = readBothWays(dozen, 'm4', ['m9', 'm3']);
    const { keys, steps } = await taken(fetch, { sinceMs: 10, taken: [] });
    expect(keys).toHaveLength(9);
    expect(holesOf(steps)).toEqual(
      expect.arrayContaining([
        ['m9', 109, 109],
        ['m3', 103, 103],
      ]),
    );
    // Three rows a page from the newest down to the one that breaks, and that page by halves.
    expect(asked.filter(({ beforeMs }) => beforeMs !== undefined)).toHaveLength(6);
  });

  it('ends where it meets what it has read, if the update that broke pages is in none any more', async () => {
    const { fetch } = readBothWays(dozen, undefined);
    const asked: ChangeRequest[] = [];
    const { keys, steps } = await taken(
      async (request) => {
        asked.push(request);
        const page = await fetch(request);
        if (request.beforeMs === undefined && page.changes.some(({ id }) => id === 'm4')) throw tooLarge;
        return page;
      },
      { sinceMs: 10, taken: [] },
    );
    expect(keys.toSorted()).toEqual(dozen.map(changeKey).toSorted());
    expect(holesOf(steps)).toEqual([]);
    expect(asked.filter(({ beforeMs }) => beforeMs !== undefined).map(({ beforeMs }) => beforeMs)).toEqual([
      9_999_999_999_999, 110, 108, 106, 104,
    ]);
  });

  it('goes on from any step of a walk around an update', async () => {
    const whole = await taken(readBothWays(dozen, 'm4').fetch, { sinceMs: 10, taken: [] });
    for (let cut = 0; cut <= whole.steps.length; cut += 1) {
      const journaled = whole.steps.slice(0, cut);
      const before = journaled.flatMap(({ page, skip }) =>
        page.changes.filter((_, index) => !skip.includes(index)).map(changeKey),
      );
      const { fetch, asked } = readBothWays(dozen, 'm4');
      const { keys } = await taken(fetch, { sinceMs: 10, taken: [], journaled });
      expect([...before, ...keys].toSorted()).toEqual(whole.keys.toSorted());
      // Forwards behind what was read forwards.
      const forwards = journaled.findLast(({ request }) => request.beforeMs === undefined)?.page.changes.at(-1);
      expect(asked.find(({ list }) => list === 'updated')?.afterMs).toBe(
        forwards === undefined ? 10 : forwards.atMs - 1,
      );
    }
  });

  it.each([
    ['the server is too slow', new RoomError('http-504', 'Too slow')],
    ['the server is gone', new UnreachableError('Gone')],
  ])('looks for no single update to blame where %s', async (_, error) => {
    const asked: ChangeRequest[] = [];
    const fetch = (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      return request.list === 'updated'
        ? Promise.reject(error)
        : Promise.resolve({ changes: [], unreadable: [], hasMore: false });
    };
    await expect(taken(fetch, { sinceMs: 10, taken: [] })).rejects.toBe(error);
    expect(asked.map(({ list }) => list)).toEqual(['deleted', 'updated']);
  });

  it.each([
    ['reads backwards', ({ beforeMs }: ChangeRequest) => beforeMs !== undefined],
    ['halves a page', ({ beforeMs, count }: ChangeRequest) => beforeMs === undefined && count < 3],
  ])('takes a server that goes while it %s for gone, not for a place that cannot be read', async (_, isGone) => {
    const { fetch } = readBothWays(dozen, 'm4');
    const gone = new UnreachableError('Gone');
    const walk = taken((request) => (isGone(request) ? Promise.reject(gone) : fetch(request)), {
      sinceMs: 10,
      taken: [],
    });
    await expect(walk).rejects.toBe(gone);
  });

  it('walks around no deletion: the list fails as a whole', async () => {
    const asked: ChangeRequest[] = [];
    const { fetch } = serverWith([update('u1', 20)]);
    const broken = new RoomError('http-400', 'Cannot destructure');
    const walk = taken(
      (request) => {
        asked.push(request);
        return request.list === 'deleted' ? Promise.reject(broken) : fetch(request);
      },
      { sinceMs: 10, taken: [] },
    );
    await expect(walk).rejects.toBe(broken);
    expect(asked.map(({ list }) => list)).toEqual(['deleted', 'updated']);
  });

  it.each([
    ['holds all there is', 10, true],
    ['begins later than what is missing', 41, false],
  ])('has read deletions that failed by themselves where one answer %s', async (_, atMs, isRead) => {
    const bulk = Array.from({ length: 28 }, (__, at) => update(`m${at}`, atMs + 1));
    const { fetch } = shortened(serverWith(bulk), 10_000);
    const tooSlow = new RoomError('http-504', 'Too slow');
    const walk = taken((request) => (request.list === 'deleted' ? Promise.reject(tooSlow) : fetch(request)), {
      sinceMs: 10,
      taken: [],
    });
    if (isRead) expect((await walk).keys).toHaveLength(28);
    else await expect(walk).rejects.toBe(tooSlow);
  });

  it('ends at a page of nothing, though the server says that more follows', async () => {
    const asked: ChangeRequest[] = [];
    const fetch = (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      return Promise.resolve({ changes: [], unreadable: [], hasMore: true });
    };
    expect((await taken(fetch, { sinceMs: 10, taken: [] })).steps).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it('yields no page of updates that it has taken already', async () => {
    const pages = [
      { changes: [update('a', 20), update('b', 30)], unreadable: [], hasMore: true },
      { changes: [update('b', 30)], unreadable: [], hasMore: false },
    ];
    const fetch = ({ list }: ChangeRequest): Promise<ChangePage> => {
      const page = list === 'updated' ? pages.shift() : undefined;
      return Promise.resolve(page ?? { changes: [], unreadable: [], hasMore: false });
    };
    expect((await taken(fetch, { sinceMs: 10, taken: [] })).steps).toHaveLength(1);
  });

  it.each<readonly [string, ChangeRequest, readonly string[]]>([
    ['updates alone', { list: 'updated', afterMs: 10, count: 9 }, ['d@deleted:40']],
    ['deletions since a later time', { list: 'deleted', afterMs: 15, count: 9 }, ['d@deleted:40']],
    ['deletions', { list: 'deleted', afterMs: 10, count: 9 }, []],
    ['all there is', { list: 'both', afterMs: 10, count: 9 }, []],
  ])('asks for deletions again after a cut walk that journaled %s only where they may be missing', async (...drawn) => {
    const [, request, keys] = drawn;
    const { fetch } = serverWith([deletion('d', 40)]);
    const journaled = [{ request, page: { changes: [], unreadable: [], hasMore: false } }];
    expect((await taken(fetch, { sinceMs: 10, taken: [], journaled })).keys).toEqual(keys);
  });

  it('asks for half as many updates where those it asked for are too large', async () => {
    const all = Array.from({ length: 1_500 }, (_, at) => update(`m${at}`, 100 + at));
    const server = serverWith(all);
    const { keys, steps } = await taken(
      async (request) => {
        const page = await server.fetch(request);
        if (page.changes.length > 100) throw tooLarge;
        return page;
      },
      { sinceMs: 10, taken: [] },
    );
    expect(keys).toEqual(all.map(changeKey));
    expect(steps.flatMap(({ unreadable }) => unreadable)).toEqual([]);
    expect(server.asked.length).toBeLessThan(40);
  });

  it('reads around updates of one millisecond that are too large together', async () => {
    const all = Array.from({ length: 60 }, (_, at) => update(`m${at}`, 100 + at - (at > 20 && at < 40 ? at - 20 : 0)));
    const server = serverWith(all);
    const { keys, steps } = await taken(
      async (request) => {
        const { beforeMs, count } = request;
        const earlier = all.filter(({ atMs }) => beforeMs !== undefined && atMs < beforeMs).toReversed();
        const backwards = { changes: earlier.slice(0, count), unreadable: [], hasMore: true };
        const page = beforeMs === undefined ? await server.fetch(request) : backwards;
        if (page.changes.length > 10) throw tooLarge;
        return page;
      },
      { sinceMs: 10, taken: [] },
    );
    expect(keys).toEqual(expect.arrayContaining([...all.slice(0, 20), ...all.slice(40)].map(changeKey)));
    expect(steps.flatMap(({ unreadable }) => unreadable.map(({ reason }) => reason))).toEqual(['too-large']);
    expect(server.asked.length).toBeLessThan(60);
  });

  it('asks for no second list what it is not allowed to ask', async () => {
    const asked: ChangeRequest[] = [];
    const refuse = (request: ChangeRequest): Promise<ChangePage> => {
      asked.push(request);
      return Promise.reject(new RoomError('not-allowed', 'Not allowed'));
    };
    const walk = taken(refuse, { sinceMs: 10, taken: [], endsBoth: ({ reason }) => reason === 'not-allowed' });
    await expect(walk).rejects.toThrow('Not allowed');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['update of before what was asked for', 'updated' as const, [update('a', 10)]],
    ['deletion of before what was asked for', 'deleted' as const, [deletion('a', 10)]],
    ['update in another order', 'updated' as const, [update('a', 30), update('b', 20)]],
    ['update where deletions were asked for', 'deleted' as const, [update('a', 30)]],
  ])('takes no %s', async (_, broken, changes) => {
    const fetch = ({ list }: ChangeRequest): Promise<ChangePage> =>
      Promise.resolve({ changes: list === broken ? changes : [], unreadable: [], hasMore: false });
    await expect(taken(fetch, { sinceMs: 10, taken: [] })).rejects.toMatchObject({
      reason: 'wire',
      message: `Cannot walk the changes: that of message "${changes.at(-1)?.id}" is out of order`,
      hint: 'A proxy or a modified server ignores the parameters of chat.syncMessages',
    });
  });

  it('takes both kinds from a server that does not page them, in whatever order they come', async () => {
    const all = [deletion('d', 40), deletion('c', 20), update('b', 30), update('a', 20)];
    const fetch = (): Promise<ChangePage> => Promise.resolve({ changes: all, unreadable: [], hasMore: false });
    expect((await taken(fetch, { sinceMs: 10, taken: [], isPaged: false })).keys).toEqual(all.map(changeKey));
    await expect(taken(fetch, { sinceMs: 20, taken: [], isPaged: false })).rejects.toThrow(/"c" is out of order/);
  });

  it('shows a message alive again that is among the new deletions, though its version is known', async () => {
    const { fetch } = serverWith([update('m', 20), deletion('m', 30)]);
    const { steps } = await taken(fetch, { sinceMs: 10, taken: [changeKey(update('m', 20))] });
    expect(steps.map(({ request, skip }) => [request.list, skip])).toEqual([
      ['deleted', []],
      ['updated', [0]],
    ]);
    const known = await taken(fetch, { sinceMs: 10, taken: [update('m', 20), deletion('m', 30)].map(changeKey) });
    expect(known.steps).toEqual([]);
  });

  it('knows of a cut walk which messages its deletions named, and what it could not read', async () => {
    const { fetch } = serverWith([update('m', 20), deletion('m', 30)]);
    const first = await taken(fetch, { sinceMs: 10, taken: [changeKey(update('m', 20))] });
    const rest = await taken(fetch, {
      ...{ sinceMs: 10, taken: [changeKey(update('m', 20))] },
      journaled: first.steps.slice(0, 1),
    });
    expect(rest.steps.map(({ request }) => request.list)).toEqual(['updated']);
    const bad = { reason: 'bad-message', id: 'x', atMs: 20, untilMs: 20, problem: 'No date' };
    const broken = (request: ChangeRequest): Promise<ChangePage> =>
      Promise.resolve({ changes: [], unreadable: request.list === 'updated' ? [bad] : [], hasMore: false });
    const journaled = [
      {
        request: { list: 'both' as const, afterMs: 11, count: 9 },
        page: await broken({ list: 'updated', afterMs: 10, count: 9 }),
      },
    ];
    expect((await taken(broken, { sinceMs: 10, taken: [], journaled })).steps).toEqual([]);
  });
});

function isSame(a: ChangeRequest, b: ChangeRequest): boolean {
  return a.list === b.list && a.afterMs === b.afterMs && a.count === b.count;
}
