import { describe, expect, it } from '@jest/globals';
import { readFrames } from '../../src/journal/read-frames.ts';
import { StreamJournal } from '../../src/journal/stream-journal.ts';
import { readJournal } from '../../src/journal/journal-contents.ts';
import type { Cursor, Hole, PageRecord } from '../../src/model/stream.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

const cursorAt = (tsMs: number): Cursor => ({ watermark: { tsMs, id: null }, offset: tsMs, deliveredIds: [] });

function pageTo(tsMs: number): PageRecord {
  return {
    asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
    ...{ rows: 1, total: 1, from: 0, to: 1, skip: [], versions: 0, first: null, last: null, repaired: 0 },
    cursor: cursorAt(tsMs),
  };
}

const hole: Hole = { reason: 'http-500', message: 'no', offset: 1, rows: 1, after: null, before: null, id: null };
const body = Buffer.from('{"messages":[]}');
const path = '/j/room.pages';

/** A journal in memory, and a clock that the test moves. */
async function begin(disk = new MemoryDisk()) {
  await disk.makeFolder('/j');
  const clock = { nowMs: 0 };
  const { journal, contents } = await StreamJournal.open(disk, path, () => clock.nowMs);
  return { disk, clock, journal, contents };
}

/** Pages that are still there when the power is cut now. */
async function pagesAfterPowerCut(disk: MemoryDisk): Promise<number> {
  await disk.syncFolder('/');
  await disk.syncFolder('/j');
  const cut = disk.copy();
  cut.cutPower();
  return (await readJournal(cut, path)).pages.length;
}

describe('the journal of a stream', () => {
  it('holds, opened again, the pages in order with their places, the holes, the last cursor and the refusal', async () => {
    const { disk, journal } = await begin();
    await journal.page(pageTo(1), body);
    const secondAt = journal.sizeBytes;
    await journal.refusal({ reason: 'not-found', instead: null });
    const thirdAt = journal.sizeBytes;
    await journal.page(pageTo(2), body);
    await journal.hole(hole, cursorAt(3), body);
    await journal.close();
    expect(thirdAt).toBeGreaterThan(secondAt);
    expect(await readJournal(disk, path)).toEqual({
      pages: [
        { ...pageTo(1), startByte: 0 },
        { ...pageTo(2), startByte: thirdAt },
      ],
      holes: [hole],
      cursor: cursorAt(3),
      refusal: { reason: 'not-found', instead: null },
      closing: null,
      sizeBytes: await disk.sizeBytes(path),
    });
  });

  it('holds bodies of any size as they came, whatever was written before and after them', async () => {
    const { disk, journal } = await begin();
    const bodies = [10, 5, 0, 40_000, 39_000, 1_100_000, 3].map((sizeBytes, at) => Buffer.alloc(sizeBytes, 65 + at));
    for (const [at, one] of bodies.entries()) await journal.page(pageTo(at), one);
    await journal.close();
    const read = [];
    for await (const { body: stored } of readFrames(disk, path)) read.push(Buffer.from(stored));
    expect(read.map((one, at) => bodies[at]?.equals(one))).toEqual(bodies.map(() => true));
  });

  it('says how it was closed: at the end, with the length of the list where it has one, or by a gap', async () => {
    const closings = [];
    for (const close of [
      (journal: StreamJournal) => journal.end(cursorAt(1), 7),
      (journal: StreamJournal) => journal.end(cursorAt(1)),
      (journal: StreamJournal) => journal.gap(cursorAt(1), 'wire', 'out of order'),
    ]) {
      const { disk, journal } = await begin();
      await close(journal);
      closings.push((await readJournal(disk, path)).closing);
    }
    expect(closings).toEqual([
      { kind: 'end', cursor: cursorAt(1), total: 7 },
      { kind: 'end', cursor: cursorAt(1) },
      { kind: 'gap', cursor: cursorAt(1), reason: 'wire', message: 'out of order' },
    ]);
  });

  it('knows its size while it is written: the load half reads that far', async () => {
    const { disk, journal } = await begin();
    await journal.page(pageTo(1), body);
    expect(journal.sizeBytes).toBe(await disk.sizeBytes(path));
    await journal.hole(hole, cursorAt(2), body);
    await journal.refusal({ reason: 'not-found', instead: null });
    await journal.end(cursorAt(2));
    expect(journal.sizeBytes).toBe(await disk.sizeBytes(path));
    await journal.close();
    expect((await begin(disk)).journal.sizeBytes).toBe(journal.sizeBytes);
  });

  it('takes a torn last frame off, and appends where it began', async () => {
    const { disk, journal } = await begin();
    await journal.page(pageTo(1), body);
    const wholeBytes = journal.sizeBytes;
    await journal.page(pageTo(2), body);
    await journal.close();
    await disk.truncate(path, journal.sizeBytes - 1);
    const again = await begin(disk);
    expect(again.contents).toMatchObject({ cursor: cursorAt(1), sizeBytes: wholeBytes });
    expect(await disk.sizeBytes(path)).toBe(wholeBytes);
    await again.journal.page(pageTo(3), body);
    expect((await readJournal(disk, path)).cursor).toEqual(cursorAt(3));
  });

  it('is flushed once a second and not page by page: a flush costs more than a page does', async () => {
    const { disk, clock, journal } = await begin();
    for (clock.nowMs = 0; clock.nowMs <= 900; clock.nowMs += 100) await journal.page(pageTo(clock.nowMs), body);
    expect(await pagesAfterPowerCut(disk)).toBe(0);
    await journal.page(pageTo(1_000), body);
    expect(await pagesAfterPowerCut(disk)).toBe(11);
    clock.nowMs = 1_900;
    await journal.page(pageTo(1_900), body);
    expect(await pagesAfterPowerCut(disk)).toBe(11);
    clock.nowMs = 2_000;
    await journal.page(pageTo(2_000), body);
    expect(await pagesAfterPowerCut(disk)).toBe(13);
  });

  it.each([
    ['a hole', (journal: StreamJournal) => journal.hole(hole, cursorAt(1), body)],
    ['a refusal', (journal: StreamJournal) => journal.refusal({ reason: 'not-found', instead: null })],
    ['an answer', (journal: StreamJournal) => journal.answer({ endpoint: 'users.list', params: {} }, body)],
    ['what was refused', (journal: StreamJournal) => journal.refused({ endpoint: 'me', params: {} }, 'wire', '')],
  ])('flushes %s as it does a page', async (_, append) => {
    const { disk, clock, journal } = await begin();
    await journal.page(pageTo(1), body);
    await append(journal);
    expect(await pagesAfterPowerCut(disk)).toBe(0);
    clock.nowMs = 1_000;
    await append(journal);
    expect(await pagesAfterPowerCut(disk)).toBe(1);
  });

  it.each([
    ['end', (journal: StreamJournal) => journal.end(cursorAt(1))],
    ['gap', (journal: StreamJournal) => journal.gap(cursorAt(1), 'wire', '')],
  ])('is on the disk for good when the %s is written', async (_, close) => {
    const { disk, journal } = await begin();
    await journal.page(pageTo(1), body);
    await close(journal);
    expect(await pagesAfterPowerCut(disk)).toBe(1);
  });

  it('lets go of its file when it is closed', async () => {
    let open = 0;
    const memory = new MemoryDisk();
    await memory.makeFolder('/j');
    const { open: openFile } = memory;
    memory.open = async (...args) => {
      const file = await openFile(...args);
      open += 1;
      return { ...file, close: () => Promise.resolve(void (open -= 1)) };
    };
    const { journal } = await begin(memory);
    await journal.page(pageTo(1), body);
    expect(open).toBe(1);
    await journal.close();
    expect(open).toBe(0);
  });
});
