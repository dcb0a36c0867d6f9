import { describe, expect, it } from '@jest/globals';
import { minuteMs } from '../../src/model/time/durations.ts';
import {
  resumedCursor,
  resumedHistory,
  resumedList,
  walkedPages,
  type ListToRead,
} from '../../src/extract/resumed-walk.ts';
import { StreamJournal } from '../../src/journal/stream-journal.ts';
import { readJournal } from '../../src/journal/journal-contents.ts';
import type { AskedPage, Cursor, PageRecord } from '../../src/model/stream.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { readTo } from '../support/plans/sample-stream.ts';

const path = '/j/room.pages';
/** The latest minute is what may still change its order. */
const beginMs = Date.UTC(2024, 0, 1);
const at = (minutes: number): number => beginMs + minutes * minuteMs;

/** A message by its id and its minute. */
type Posted = readonly [string, number];

const rowsOf = (messages: readonly Posted[]) => messages.map(([id, minutes]) => ({ id, tsMs: at(minutes) }));

const markOf = (message: Posted | undefined) =>
  message === undefined ? null : { id: message[0], ts: new Date(at(message[1])).toISOString() };

interface Page extends Partial<PageRecord> {
  readonly messages: readonly Posted[];
}

function recordOf({ messages, ...fields }: Page): PageRecord {
  return {
    asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
    ...{ rows: messages.length, total: null, from: 0, to: messages.length, skip: [], versions: 0, repaired: 0 },
    ...{ first: markOf(messages[0]), last: markOf(messages.at(-1)), cursor: readTo(at(messages.at(-1)?.[1] ?? 0)) },
    ...fields,
  };
}

/** A journal of these pages, of a walk that was cut. */
async function cut(pages: readonly Page[]) {
  const disk = new MemoryDisk();
  await disk.makeFolder('/j');
  const { journal } = await StreamJournal.open(disk, path, () => 0);
  for (const page of pages) {
    const messages = page.messages.map(([id, minutes]) => ({ _id: id, ts: new Date(at(minutes)).toISOString() }));
    await journal.page(recordOf(page), Buffer.from(JSON.stringify({ messages, success: true })));
  }
  await journal.close();
  return { disk, journal: { path, contents: await readJournal(disk, path) } };
}

const start: Cursor = { watermark: { tsMs: at(0), id: null }, offset: 500, deliveredIds: ['late'] };
const list: ListToRead = { cursor: start, pageSize: null, longestPage: { rows: 100 }, listRows: null };
const fills = { after: null, before: null };

describe('where a list is read on from', () => {
  it('is behind the last page of the journal, as it stands there', () =>
    expect(resumedCursor({ cursor: readTo(7) }, list)).toEqual(readTo(7)));

  it('is where the run set out from, a page before the place where the list was, where the journal is empty', () => {
    const offset = (fields: Partial<ListToRead>) => resumedCursor({ cursor: null }, { ...list, ...fields }).offset;
    expect(resumedCursor({ cursor: null }, list)).toEqual({ ...start, offset: 450 });
    // The page that is asked for, if that is shorter than what the server would give.
    expect(offset({ pageSize: 20 })).toBe(490);
    expect(offset({ pageSize: 900 })).toBe(450);
  });
});

describe('a walk by offset that was cut', () => {
  it('before its first page begins where the run set out from', async () => {
    const { disk, journal } = await cut([]);
    expect(await resumedList(disk, journal, list)).toEqual({ cursor: { ...start, offset: 450 } });
  });

  it('knows the rows of the last minute before the newest, and that it knows all of these', async () => {
    const { disk, journal } = await cut([
      {
        messages: [
          ['a', 1],
          ['b', 2],
        ],
      },
      {
        messages: [
          ['c', 8.9],
          ['d', 9],
          ['e', 9.1],
          ['f', 10],
        ],
      },
    ]);
    expect(await resumedList(disk, journal, list)).toEqual({
      cursor: readTo(at(10)),
      recent: rowsOf([
        ['e', 9.1],
        ['f', 10],
      ]),
      knownSinceMs: at(9),
    });
  });

  it('finds them on as many pages as have them', async () => {
    const { disk, journal } = await cut([
      {
        messages: [
          ['a', 1],
          ['b', 9.5],
        ],
      },
      { messages: [['c', 9.6]] },
      { messages: [['d', 10]] },
    ]);
    const { recent } = await resumedList(disk, journal, list);
    expect(recent).toEqual(
      rowsOf([
        ['b', 9.5],
        ['c', 9.6],
        ['d', 10],
      ]),
    );
  });

  it('knows those between them, too, that an earlier run took, but not what stands before or behind what counts', async () => {
    const messages: readonly Posted[] = [
      ['before', 9.5],
      ['a', 9.6],
      ['taken', 9.7],
      ['b', 10],
      ['behind', 10],
    ];
    const { disk, journal } = await cut([{ messages, from: 1, to: 4, skip: [2], last: markOf(['b', 10]) }]);
    const { recent } = await resumedList(disk, journal, { ...list, cursor: { ...start, deliveredIds: [] } });
    expect(recent?.map(({ id }) => id)).toEqual(['a', 'taken', 'b']);
  });

  it('names what the run before took, while its own rows do not reach a minute back', async () => {
    const cursor = { ...start, deliveredIds: ['late', 'journaled', 'still named'] };
    const { disk, journal } = await cut([
      {
        messages: [
          ['journaled', 0.5],
          ['b', 0.7],
        ],
        cursor: { ...readTo(at(0.7)), deliveredIds: ['still named'] },
      },
    ]);
    expect(await resumedList(disk, journal, { ...list, cursor })).toEqual({
      cursor: { ...readTo(at(0.7)), deliveredIds: ['still named'] },
      // Taken for as new as the first that is in the journal.
      recent: rowsOf([
        ['late', 0.5],
        ['journaled', 0.5],
        ['b', 0.7],
      ]),
      knownSinceMs: at(0),
    });
  });

  it('does so where the first page is just a minute old, and not where it is older', async () => {
    const ids = async (first: number) => {
      const { disk, journal } = await cut([{ messages: [['a', first]] }, { messages: [['b', 10]] }]);
      const { recent, knownSinceMs } = await resumedList(disk, journal, list);
      return [recent?.map(({ id }) => id).join(' '), knownSinceMs];
    };
    expect(await ids(9.1)).toEqual(['late a b', at(0)]);
    expect(await ids(9)).toEqual(['b', at(9)]);
  });

  it('knows no more than the run before where none of its rows counts', async () => {
    const { disk, journal } = await cut([{ messages: [['taken', 0]], from: 1, first: null, last: null }]);
    const { recent, knownSinceMs } = await resumedList(disk, journal, list);
    expect([recent, knownSinceMs]).toEqual([[], at(0)]);
  });

  it('knows since its beginning where no run has been before', async () => {
    const { disk, journal } = await cut([{ messages: [['a', 1]] }]);
    const cursor = { watermark: null, offset: 0, deliveredIds: [] };
    const { recent, knownSinceMs } = await resumedList(disk, journal, { ...list, cursor });
    expect([recent, knownSinceMs]).toEqual([rowsOf([['a', 1]]), Number.NEGATIVE_INFINITY]);
  });

  it('is not where the pages are that filled holes of earlier runs', async () => {
    const { disk, journal } = await cut([{ messages: [['filled', 10]], fills }]);
    expect(walkedPages(journal.contents)).toEqual([]);
    expect(await resumedList(disk, journal, list)).toEqual({ cursor: readTo(at(10)) });
    const behind = await cut([{ messages: [['filled', 20]], fills }, { messages: [['a', 10]] }]);
    expect((await resumedList(behind.disk, behind.journal, list)).recent?.map(({ id }) => id)).toEqual(['late', 'a']);
  });
});

describe('a walk down a history that was cut', () => {
  const asked: AskedPage = { kind: 'latest', latestMs: null, count: 100 };
  const edge: Cursor = { watermark: { tsMs: at(3), id: null }, offset: 0, deliveredIds: ['at the edge'] };

  it('before its first page begins anew', async () => {
    const { disk, journal } = await cut([]);
    expect(await resumedHistory(disk, journal)).toEqual({});
  });

  it('before anything was found begins anew', async () => {
    const { disk, journal } = await cut([{ messages: [], asked, cursor: { ...edge, watermark: null } }]);
    expect(await resumedHistory(disk, journal)).toEqual({});
  });

  it('knows its edge, its newest rows, the last one that it took, and how many it passed', async () => {
    const { disk, journal } = await cut([
      {
        messages: [
          ['f', 10],
          ['e', 9.5],
          ['d', 9],
        ],
        asked,
      },
      {
        messages: [
          ['again', 9],
          ['c', 4],
          ['b', 3],
        ],
        asked,
        from: 1,
        first: markOf(['c', 4]),
        cursor: edge,
      },
    ]);
    expect(await resumedHistory(disk, journal)).toEqual({
      edge: { ms: at(3), deliveredIds: ['at the edge'] },
      recent: rowsOf([
        ['f', 10],
        ['e', 9.5],
      ]),
      lastTaken: { id: 'b', tsMs: at(3) },
      passedRows: 5,
    });
  });

  it('has taken none where the last page brought nothing new', async () => {
    const { disk, journal } = await cut([{ messages: [], asked, cursor: edge }]);
    expect(await resumedHistory(disk, journal)).toMatchObject({ lastTaken: undefined, passedRows: 0 });
  });
});
