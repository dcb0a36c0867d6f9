import { beforeEach, describe, expect, it } from '@jest/globals';
import { JournalFolder } from '../../src/journal/journal-folder.ts';
import { readJournal } from '../../src/journal/journal-contents.ts';
import { readSharedJournal, type SharedPlace } from '../../src/journal/shared/shared-journal.ts';
import { SharedTail } from '../../src/journal/shared/shared-tail.ts';
import type { Cursor, PageRecord } from '../../src/model/stream.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

const folder = '/j';
const path = `${folder}/0001.pages`;
const shared = `${folder}/shared.pages`;
const cursor: Cursor = { watermark: { tsMs: 1, id: null }, offset: 0, deliveredIds: [] };
const page: PageRecord = {
  asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
  ...{ rows: 1, total: 1, from: 0, to: 1, skip: [], versions: 0, first: null, last: null, repaired: 0, cursor },
};
const body = Buffer.from('{"messages":["é"]}');

let disk: MemoryDisk;
const clock = { nowMs: 0 };
beforeEach(async () => {
  clock.nowMs = 0;
  disk = new MemoryDisk();
  await disk.makeFolder(folder);
});

const open = (areKept = false) => JournalFolder.open(disk, folder, { nowMs: () => clock.nowMs, areKept });

/** Reads a list that one page ends. */
async function readSmall(journals: JournalFolder, name: string, bytes = body): Promise<SharedPlace | undefined> {
  const { journal } = await journals.journal(name, true);
  await journal.page(page, bytes, true);
  await journal.end(cursor, 1);
  await journal.close();
  return journal.place;
}

async function bodiesAt(place: SharedPlace | undefined): Promise<readonly string[]> {
  const tail = new SharedTail(disk, folder);
  const bodies: string[] = [];
  if (place)
    for await (const { frame, body: of } of tail.framesAt(place)) bodies.push(`${frame.kind} ${of.toString()}`);
  await tail.close();
  return bodies;
}

describe('lists that one page ended', () => {
  it('are in one file, from where the load half and the next attempt read them', async () => {
    const journals = await open();
    const first = await readSmall(journals, '0001.pages');
    const second = await readSmall(journals, '0002.pages', Buffer.from('{}'));
    await journals.close();
    expect(await disk.list(folder)).toEqual(['shared.pages']);
    expect(await bodiesAt(first)).toEqual(['page {"messages":["é"]}', 'end ']);
    expect(await bodiesAt(second)).toEqual(['page {}', 'end ']);

    const again = await open();
    const { journal, contents } = await again.journal('0002.pages', true);
    expect(journal.place).toEqual(second);
    expect(contents).toEqual({
      ...{ pages: [{ ...page, startByte: 0 }], holes: [], cursor, refusal: null },
      ...{ closing: { kind: 'end', cursor, total: 1 }, sizeBytes: journal.sizeBytes },
    });
    const third = await readSmall(again, '0003.pages');
    expect(await bodiesAt(third)).toHaveLength(2);
    expect(await bodiesAt(first)).toHaveLength(2);
  });

  it('are where they are said to be, though the disk takes its time over the first', async () => {
    const { open: openFile } = disk;
    let writes = 0;
    disk.open = async (...args) => {
      const file = await openFile(...args);
      const write = async (bytes: Uint8Array): Promise<void> => {
        if (writes++ === 0) for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
        await file.write(bytes);
      };
      return { ...file, write };
    };
    const journals = await open();
    const places = await Promise.all(
      ['1', '22', '333'].map((text) => readSmall(journals, `${text}.pages`, Buffer.from(text))),
    );
    expect(await Promise.all(places.map(async (place) => (await bodiesAt(place))[0]))).toEqual([
      'page 1',
      'page 22',
      'page 333',
    ]);
  });

  it('are not written behind one that failed: nobody knows how much of that is in the file', async () => {
    const journals = await open();
    await readSmall(journals, '0001.pages');
    const { open: openFile } = disk;
    let isFull = true;
    disk.open = async (...args) => {
      const file = await openFile(...args);
      const write = (bytes: Uint8Array): Promise<void> =>
        isFull ? file.write(bytes.subarray(0, 9)).then(() => Promise.reject(new Error('full'))) : file.write(bytes);
      return { ...file, write };
    };
    const again = await open();
    await expect(readSmall(again, '0002.pages')).rejects.toThrow('full');
    isFull = false;
    await expect(readSmall(again, '0003.pages')).rejects.toThrow('full');
    expect([...(await readSharedJournal(disk, folder)).entries.keys()]).toEqual(['0001.pages']);
  });

  it('are there without a page, where nothing new was in it', async () => {
    const { journal } = await (await open()).journal('0001.pages', true);
    await journal.end(cursor);
    expect(await bodiesAt(journal.place)).toEqual(['end ']);
  });

  it('lose what a killed process left half written, and nothing else', async () => {
    const journals = await open();
    await readSmall(journals, '0001.pages');
    const whole = await disk.sizeBytes(shared);
    await readSmall(journals, '0002.pages');
    await disk.truncate(shared, ((await disk.sizeBytes(shared)) ?? 0) - 3);

    const again = await open();
    expect(await disk.sizeBytes(shared)).toBe(whole);
    expect((await again.journal('0002.pages', true)).contents.closing).toBeNull();
    expect((await again.journal('0001.pages', true)).contents.closing).not.toBeNull();
    expect(await bodiesAt(await readSmall(again, '0002.pages'))).toHaveLength(2);
  });

  it('lose no more than a second of reading to a power cut', async () => {
    const journals = await open();
    await disk.syncFolder('/');
    await readSmall(journals, '0001.pages');
    clock.nowMs = 1_000;
    await readSmall(journals, '0002.pages');
    clock.nowMs = 1_999;
    await readSmall(journals, '0003.pages');
    await disk.syncFolder(folder);
    disk.cutPower();
    expect([...(await readSharedJournal(disk, folder)).entries.keys()]).toEqual(['0001.pages', '0002.pages']);
  });

  it('have files of their own where journals stay in the archive, also those of a run that another job began', async () => {
    const journals = await open();
    await readSmall(journals, '0001.pages');
    await journals.close();
    const kept = await open(true);
    expect(await disk.list(folder)).toEqual(['0001.pages']);
    expect((await kept.journal('0001.pages', true)).contents).toEqual(await readJournal(disk, path));
    await readSmall(kept, '0002.pages');
    expect(await disk.list(folder)).toEqual(['0001.pages', '0002.pages']);
    expect((await readJournal(disk, `${folder}/0002.pages`)).closing).toMatchObject({ kind: 'end', total: 1 });
  });
});

describe('other lists have files of their own:', () => {
  it.each<[string, Parameters<JournalFolder['journal']>[1], Buffer, boolean]>([
    ['those that are not read from there', false, body, true],
    ['those with more pages', true, body, false],
    ['those with a large page', true, Buffer.alloc(300_000), true],
  ])('%s', async (_, mayShare, bytes, isLast) => {
    const { journal } = await (await open()).journal('0001.pages', mayShare);
    await journal.page(page, bytes, isLast);
    expect((await readJournal(disk, path)).pages).toHaveLength(1);
    await journal.end(cursor, 1);
    expect(journal.place).toBeUndefined();
    expect((await readJournal(disk, path)).closing).toMatchObject({ kind: 'end' });
    expect(await disk.list(folder)).toEqual(['0001.pages']);
  });

  it('those with a hole, a gap, or more behind the page that was to be the last', async () => {
    const journals = await open();
    const gap = (await journals.journal('0001.pages', true)).journal;
    await gap.page(page, body, true);
    await gap.gap(cursor, 'http-403', 'no');
    const { pages, closing } = await readJournal(disk, path);
    expect([pages.length, closing?.kind]).toEqual([1, 'gap']);
    const more = (await journals.journal('0002.pages', true)).journal;
    await more.page(page, body, true);
    await more.page(page, body, true);
    await more.end(cursor);
    expect((await readJournal(disk, `${folder}/0002.pages`)).pages).toHaveLength(2);
    expect(await disk.list(folder)).toEqual(['0001.pages', '0002.pages']);
  });

  it('those of which a cut run left a part', async () => {
    const { journal } = await (await open()).journal('0001.pages', true);
    await journal.page(page, body);
    await journal.close();
    const again = await (await open()).journal('0001.pages', true);
    expect(again.contents.pages).toHaveLength(1);
    await again.journal.page(page, body, true);
    await again.journal.end(cursor);
    expect((await readJournal(disk, path)).pages).toHaveLength(2);
    expect(await disk.list(folder)).toEqual(['0001.pages']);
  });
});
