import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeFrame } from '../../src/journal/frame.ts';
import { FilesJournal } from '../../src/journal/files-journal.ts';
import type { FileOutcome, FileStatus } from '../../src/model/files/file-reference.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

const folder = '/j';
const path = `${folder}/0000-files.pages`;

let disk: MemoryDisk;
beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeFolder(folder);
});

function outcome(fileId: string, status: FileStatus = 'saved'): FileOutcome {
  return { fileId, status, path: `_files/${fileId}`, sizeBytes: 3, sha256: 'ab', error: null };
}

const bytesOf = (one: FileOutcome): Buffer => encodeFrame({ kind: 'file', outcome: one }, Buffer.alloc(0));

/** What a run that is resumed knows of its files. */
async function resumed(): Promise<readonly (readonly [string, FileOutcome])[]> {
  const { outcomes } = await FilesJournal.open(disk, path);
  return [...outcomes];
}

async function journalOf(...outcomes: readonly FileOutcome[]): Promise<void> {
  const { journal } = await FilesJournal.open(disk, path);
  for (const one of outcomes) await journal.add(one);
  await journal.close();
}

describe('the journal of files', () => {
  it('knows nothing where it is not there', async () => expect(await resumed()).toEqual([]));

  it('knows what became of each file, the last that was written of it', async () => {
    await journalOf(outcome('a'), outcome('b', 'missing'));
    await journalOf(outcome('b'));
    expect(await resumed()).toEqual([
      ['a', outcome('a')],
      ['b', outcome('b')],
    ]);
  });

  it('passes over frames of other kinds', async () => {
    const file = await disk.open(path, 'append');
    await file.write(encodeFrame({ kind: 'journal', journal: 'x' }, Buffer.alloc(0)));
    await file.write(bytesOf(outcome('a')));
    await file.close();
    expect(await resumed()).toEqual([['a', outcome('a')]]);
  });

  it('cuts off a frame that was torn, and appends where it began', async () => {
    await journalOf(outcome('a'), outcome('b'));
    const wholeBytes = bytesOf(outcome('a')).length;
    await disk.truncate(path, wholeBytes + bytesOf(outcome('b')).length - 1);
    const { journal, outcomes } = await FilesJournal.open(disk, path);
    expect([...outcomes.keys()]).toEqual(['a']);
    expect(await disk.sizeBytes(path)).toBe(wholeBytes);
    await journal.add(outcome('c'));
    expect((await resumed()).map(([id]) => id)).toEqual(['a', 'c']);
  });

  it('leaves a whole one as it is', async () => {
    await journalOf(outcome('a'));
    let cuts = 0;
    disk.truncate = () => Promise.resolve(void (cuts += 1));
    expect(await resumed()).toHaveLength(1);
    expect(cuts).toBe(0);
  });

  it('is on the disk for good when it is closed, and lets go of its file', async () => {
    let open = 0;
    const openFile = disk.open;
    disk.open = async (...args) => {
      const file = await openFile(...args);
      open += 1;
      return { ...file, close: () => file.close().then(() => void (open -= 1)) };
    };
    await journalOf(outcome('a'));
    expect(open).toBe(0);
    await disk.syncFolder('/');
    await disk.syncFolder(folder);
    disk.cutPower();
    expect(await resumed()).toEqual([['a', outcome('a')]]);
  });
});
