import { beforeEach, describe, expect, it } from '@jest/globals';
import { OutputError, StoppedError } from '../../../src/errors.ts';
import { readJournal } from '../../../src/journal/journal-contents.ts';
import { StreamJournal } from '../../../src/journal/stream-journal.ts';
import type { Answer } from '../../../src/model/rocketchat.ts';
import { fillStream } from '../../../src/queue/spool/fill-stream.ts';
import type { SpooledRun } from '../../../src/queue/spool/spool.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { readTo, sampleStream } from '../../support/plans/sample-stream.ts';

const stream = sampleStream();
const stopped = new StoppedError('the worker is stopped');

/** What the spool says, and what it was asked. */
let spool: { isOpen: boolean; hasWhole: boolean; isFirst: boolean; handInFails?: Error; hasWholeOnceBegun?: boolean };
let asked: string[];
let disk: MemoryDisk;

beforeEach(() => {
  spool = { isOpen: true, hasWhole: false, isFirst: true };
  asked = [];
  disk = new MemoryDisk();
});

const fill = (failure?: Error) => {
  const run: Pick<SpooledRun, 'isOpen' | 'hasWhole' | 'beginPart' | 'handIn'> = {
    isOpen: () => Promise.resolve(spool.isOpen),
    hasWhole: () => Promise.resolve(spool.hasWhole),
    beginPart: (journal, attempt) => {
      asked.push(`begin ${journal} ${attempt}`);
      spool.hasWhole ||= spool.hasWholeOnceBegun === true;
      return Promise.resolve('/attempt');
    },
    handIn: (journal, path) => {
      asked.push(`hand in ${journal} ${path}`);
      return spool.handInFails === undefined ? Promise.resolve(spool.isFirst) : Promise.reject(spool.handInFails);
    },
  };
  const value = { success: true, messages: [], count: 0, offset: 0, total: 0 };
  const answer: Answer = { body: Buffer.from(JSON.stringify(value)), value };
  return fillStream(stream, {
    ...{ run: run as SpooledRun, attempt: 'one', concurrency: 1, disk, longestPage: { rows: 0 } },
    ...{ runPlan: sampleRunPlan({ streams: [stream] }), nowMs: () => 0, onEvent: () => undefined },
    chat: {
      reader: () => ({
        get: () => (failure === undefined ? Promise.resolve(answer) : Promise.reject(failure)),
        letGo: () => undefined,
      }),
    },
  });
};

describe('an attempt at a list', () => {
  it('is handed in once its list is read', async () => {
    expect(await fill()).toBe('filled');
    expect(asked).toEqual([`begin ${stream.journal} one`, `hand in ${stream.journal} /attempt`]);
  });
  it('is late when another one was first, before it began or while it read', async () => {
    spool.isFirst = false;
    expect(await fill()).toBe('late');
    asked = [];
    spool.hasWhole = true;
    expect(await fill()).toBe('late');
    expect(asked).toEqual([]);
  });
  it('is late when it fails since another one was first', async () => {
    spool.hasWholeOnceBegun = true;
    expect(await fill(new OutputError('the part is gone'))).toBe('late');
  });
  it('reads on where the attempts before it came to', async () => {
    const { journal } = await StreamJournal.open(disk, '/attempt', () => 0);
    await journal.page(
      {
        ...{ asked: { kind: 'offset', offset: 0, count: 1, order: 'ts' }, rows: 1, total: null, from: 0, to: 1 },
        ...{ skip: [], versions: 0, repaired: 0, first: null, last: null, cursor: readTo(1) },
      },
      Buffer.from('{"messages":[{"_id":"m1"}]}'),
    );
    await journal.close();
    expect(await fill()).toBe('filled');
    expect((await readJournal(disk, '/attempt')).closing).not.toBeNull();
  });
  it('ends in peace when its run is over, and with what happened while that still waits', async () => {
    await expect(fill(stopped)).rejects.toThrow(stopped);
    spool.handInFails = new OutputError('the folder is gone');
    await expect(fill()).rejects.toThrow('the folder is gone');
    spool.isOpen = false;
    expect(await fill()).toBe('over');
  });
});
