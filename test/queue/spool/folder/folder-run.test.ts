import { beforeEach, describe, expect, it } from '@jest/globals';
import { readJournal } from '../../../../src/journal/journal-contents.ts';
import { StreamJournal } from '../../../../src/journal/stream-journal.ts';
import type { PageRecord } from '../../../../src/model/stream.ts';
import { FolderRun } from '../../../../src/queue/spool/folder/folder-run.ts';
import { clearSpool } from '../../../../src/queue/spool/clear-spool.ts';
import { openFolderSpool } from '../../../../src/queue/spool/folder/open-folder-spool.ts';
import { MemoryDisk } from '../../../support/disk/memory-disk.ts';
import { sampleRunPlan } from '../../../support/plans/sample-run-plan.ts';
import { readTo, sampleStream } from '../../../support/plans/sample-stream.ts';
import { failure } from '../../../support/failure.ts';

const { journal } = sampleStream();
const order = {
  ...{ host: 'here', archive: '/archive', longestPage: { rows: 100 } },
  runPlan: sampleRunPlan({ streams: [sampleStream()] }),
};
const key = 'a'.repeat(20);
let disk: MemoryDisk;
let run: FolderRun;

beforeEach(async () => {
  disk = new MemoryDisk();
  run = new FolderRun(disk, '/spool', key);
  await run.create(order);
});

function page(at: number): readonly [PageRecord, Buffer] {
  const record: PageRecord = {
    ...{ asked: { kind: 'offset', offset: at, count: 1, order: 'ts' }, rows: 1, total: null, from: 0, to: 1 },
    ...{ skip: [], versions: 0, repaired: 0, first: null, last: null, cursor: readTo(at) },
  };
  return [record, Buffer.from(`{"messages":[{"_id":"m${at}"}]}`)];
}

/** An attempt that reads on to the page `to`, and is as far as that. */
async function attempt(name: string, to: number): Promise<{ path: string; journal: StreamJournal; begunAt: number }> {
  const path = await run.beginPart(journal, name);
  const opened = await StreamJournal.open(disk, path, () => 0);
  const begunAt = opened.contents.pages.length;
  for (let at = begunAt; at < to; at += 1) await opened.journal.page(...page(at));
  return { path, journal: opened.journal, begunAt };
}

const taken = async (takesPart: boolean, leastBytes = 0) =>
  run.copyTo(journal, '/archive.pages', { takesPart, leastBytes });

describe('the journals of a run in a spool', () => {
  it('are read on by another attempt from the last page of the one that came furthest', async () => {
    await attempt('one', 3);
    await attempt('two', 2);
    expect((await attempt('three', 4)).begunAt).toBe(3);
  });

  it('are read on from the attempt that came furthest, whoever began first, and from no copy that was cut', async () => {
    const [last, first] = [await attempt('z', 1), await run.beginPart(journal, 'a')];
    const cut = await attempt('b', 4);
    await disk.rename(cut.path, `${cut.path}.tmp`);
    const opened = await StreamJournal.open(disk, first, () => 0);
    for (const at of [1, 2]) await opened.journal.page(...page(at));
    expect(first).toBe(`/spool/${key}/parts/${journal}.a`);
    expect((await readJournal(disk, last.path)).pages).toHaveLength(1);
    expect((await attempt('next', 5)).begunAt).toBe(3);
  });

  it('are not shared by attempts: one that wakes again spoils nothing of the other', async () => {
    const asleep = await attempt('asleep', 1);
    const other = await attempt('other', 3);
    await asleep.journal.page(...page(1));
    await other.journal.end(readTo(3));
    await other.journal.close();
    expect(await run.handIn(journal, other.path)).toBe(true);
    expect((await taken(false))?.pages).toHaveLength(3);
  });

  it('are those of the first attempt that hands one in', async () => {
    const [first, second] = [await attempt('first', 1), await attempt('second', 2)];
    for (const { journal: one } of [first, second]) await one.end(readTo(9));
    expect(await run.handIn(journal, second.path)).toBe(true);
    const late = new FolderRun(disk, '/spool', key);
    await disk.rename(`/spool/${key}/whole/${journal}`, '/kept');
    await disk.link('/kept', `/spool/${key}/whole/${journal}`);
    await disk.link('/kept', first.path);
    expect(await late.handIn(journal, first.path)).toBe(false);
    expect((await taken(false))?.pages).toHaveLength(2);
  });

  it('are taken in part only when that is asked for, as whole frames, and never for more that is there', async () => {
    const { path } = await attempt('cut', 2);
    const wholeBytes = (await readJournal(disk, path)).sizeBytes;
    const file = await disk.open(path, 'append');
    await file.write(Buffer.from('half of a fra'));
    expect(await taken(false)).toBeUndefined();
    expect(await taken(true, wholeBytes)).toBeUndefined();
    expect((await taken(true))?.pages).toHaveLength(2);
    expect(await disk.sizeBytes('/archive.pages')).toBe(wholeBytes);
  });

  it('are not taken for whole when what was handed in is damaged', async () => {
    const { path, journal: written } = await attempt('one', 1);
    await written.end(readTo(1));
    await run.handIn(journal, path);
    const whole = `/spool/${key}/whole/${journal}`;
    await disk.truncate(whole, ((await disk.sizeBytes(whole)) ?? 0) - 1);
    expect(await taken(false)).toBeUndefined();
  });

  it('are not taken for whole when something stands behind what was handed in, or it was never closed', async () => {
    const { path, journal: written } = await attempt('one', 1);
    await run.handIn(journal, path);
    expect(await taken(false)).toBeUndefined();
    await written.end(readTo(1));
    expect((await taken(false))?.pages).toHaveLength(1);
    await (await disk.open(path, 'truncate')).close();
    const whole = await disk.open(`/spool/${key}/whole/${journal}`, 'append');
    await whole.write(Buffer.from('more'));
    expect(await taken(false)).toBeUndefined();
  });

  it('are known to be there once one is handed in', async () => {
    expect([await run.hasWhole(journal), [...(await run.wholeJournals())]]).toEqual([false, []]);
    const { path, journal: written } = await attempt('one', 1);
    await written.end(readTo(1));
    await run.handIn(journal, path);
    expect([await run.hasWhole(journal), [...(await run.wholeJournals())]]).toEqual([true, [journal]]);
  });

  it('are begun behind what a cut attempt of the run itself has saved, and by no attempt at another list', async () => {
    const { path } = await attempt('run-own', 3);
    await disk.rename(path, '/cut.pages');
    const { sizeBytes } = await readJournal(disk, '/cut.pages');
    await run.addPart(journal, '/cut.pages', sizeBytes);
    const other = await run.beginPart('0002-other.pages', 'one');
    expect(await disk.sizeBytes(other)).toBeUndefined();
    expect((await attempt('one', 4)).begunAt).toBe(3);
  });

  it('are those of the order of its run, which is written once', async () => {
    await run.create({ ...order, archive: '/other' });
    expect(await run.order()).toEqual(order);
    expect(await run.isOpen()).toBe(true);
    expect(await new FolderRun(disk, '/spool', 'b'.repeat(20)).order()).toBeUndefined();
  });

  it('have nowhere to go once the run has taken what there was: no attempt makes the folder anew', async () => {
    const late = await attempt('late', 1);
    await late.journal.end(readTo(1));
    await run.remove();
    await expect(run.handIn(journal, late.path)).rejects.toThrow();
    expect(await run.isOpen()).toBe(false);
    expect(disk.tree()).toEqual({ spool: {} });
    // Of a run that was cut while it was removed, or that has nothing there.
    await run.remove();
    expect(disk.tree()).toEqual({ spool: {} });
  });
});

describe('a spool', () => {
  it('gets its id from whoever comes first', async () => {
    const ids = await Promise.all(['one', 'two', 'three'].map((id) => openFolderSpool(disk, '/s', id)));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
    expect(await disk.list('/s')).toEqual(['spool.json']);
    let open = 0;
    const openFile = disk.open;
    disk.open = async (path, mode) => {
      open += 1;
      return { ...(await openFile(path, mode)), close: () => Promise.resolve(void (open -= 1)) };
    };
    await openFolderSpool(disk, '/t', 'one');
    expect(open).toBe(0);
  });

  it('says where it is, and has the runs that it has, and no other files', async () => {
    const spool = await openFolderSpool(disk, '/spool', 'id');
    expect([spool.shown, await spool.keys()]).toEqual(['"/spool"', [key]]);
    expect((await openFolderSpool(disk, '/spool', 'another')).id).toBe(spool.id);
    await spool.close();
  });

  it('with a damaged file is refused with the name of the file', async () => {
    await disk.makeFolder('/s');
    const file = await disk.open('/s/spool.json', 'truncate');
    await file.write(Buffer.from('{"id":'));
    expect(await failure(openFolderSpool(disk, '/s', 'one'))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('/s/spool.json'),
    });
  });

  it('is cleared of runs of the same archive that nobody resumes, and of no others', async () => {
    const others = { same: 'b'.repeat(20), host: 'c'.repeat(20), archive: 'd'.repeat(20) };
    await new FolderRun(disk, '/spool', others.same).create(order);
    await new FolderRun(disk, '/spool', others.host).create({ ...order, host: 'there' });
    await new FolderRun(disk, '/spool', others.archive).create({ ...order, archive: '/other' });
    // Of one that is just begun nothing is known.
    const begun = 'e'.repeat(20);
    await disk.makeFolder(`/spool/${begun}`);
    await clearSpool(await openFolderSpool(disk, '/spool', 'id'), order, key);
    expect(await disk.list('/spool')).toEqual([key, others.host, others.archive, begun, 'spool.json']);
  });
});
