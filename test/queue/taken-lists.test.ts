import { beforeEach, describe, expect, it } from '@jest/globals';
import { nothingJournaled, type JournalContents } from '../../src/journal/journal-contents.ts';
import { StreamJournal } from '../../src/journal/stream-journal.ts';
import { journalPath } from '../../src/plan/journal-path.ts';
import type { SpooledRun } from '../../src/queue/spool/spool.ts';
import { ReportedLists } from '../../src/queue/reported-lists.ts';
import { TakenLists } from '../../src/queue/taken-lists.ts';
import { listNumber } from '../../src/queue/task-queue.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleHole } from '../support/plans/sample-outcome.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { readTo, sampleStream } from '../support/plans/sample-stream.ts';

const first = sampleStream();
const second = sampleStream({ journal: '0002-groups.messages-r2.pages' });
const runPlan = sampleRunPlan({ streams: [first, second] });
const whole: JournalContents = { ...nothingJournaled, closing: { kind: 'end', cursor: readTo(1) }, sizeBytes: 90 };
const part: JournalContents = { ...nothingJournaled, sizeBytes: 50 };

let disk: MemoryDisk;
let read: string[];
let copied: unknown[];
let added: unknown[];
let lists: TakenLists;
/** What the spool has of each journal. */
let spooled: Record<string, JournalContents>;

beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeFolder('/archive/_work/journal');
  [read, copied, added, spooled] = [[], [], [], {}];
  const run: Pick<SpooledRun, 'addPart' | 'copyTo' | 'wholeJournals'> = {
    addPart: (...asked) => Promise.resolve(void added.push(asked)),
    wholeJournals: () =>
      Promise.resolve(new Set(Object.keys(spooled).filter((name) => spooled[name]?.closing !== null))),
    copyTo: (journal, to, options) => {
      copied.push([journal, to, options]);
      const found = spooled[journal];
      return Promise.resolve(found?.closing !== null || options.takesPart ? found : undefined);
    },
  };
  const reported = new ReportedLists((event) => {
    if (event.kind === 'stream-read') read.push(event.stream);
  });
  lists = new TakenLists(disk, '/archive', run as SpooledRun, reported);
});

async function beginSecond(): Promise<number> {
  const path = journalPath('/archive', second);
  const { journal } = await StreamJournal.open(disk, path, () => 0);
  await journal.hole(sampleHole(), readTo(1), Buffer.of());
  await journal.close();
  return (await disk.sizeBytes(path)) ?? 0;
}

describe('the lists that workers read for a run', () => {
  it('are laid where workers go on with them, as far as a cut attempt of the run has come', async () => {
    const sizeBytes = await beginSecond();
    await lists.find(runPlan);
    expect([...lists.left.keys()]).toEqual(['0001', '0002']);
    expect(added).toEqual([[second.journal, journalPath('/archive', second), sizeBytes]]);
    expect(lists.stream('0002')).toEqual(second);
    expect(lists.stream('0003')).toBeUndefined();
  });

  it('are taken over when they are whole, each once, and told of', async () => {
    await lists.find(runPlan);
    spooled = { [first.journal]: whole, [second.journal]: part };
    await lists.takeWhole();
    await lists.takeWhole();
    expect(read).toEqual([first.journal]);
    expect([...lists.left.keys()]).toEqual([listNumber(second)]);
    expect(copied).toHaveLength(1);
    await lists.take('0001');
    expect(copied).toHaveLength(1);
  });

  it('are left to the run when the spool has only a part, which it reads on behind', async () => {
    const leastBytes = await beginSecond();
    await lists.find(runPlan);
    spooled = { [second.journal]: part };
    await lists.take('0002');
    await lists.takeParts();
    expect(copied).toEqual([
      [second.journal, journalPath('/archive', second), { takesPart: false, leastBytes }],
      [first.journal, journalPath('/archive', first), { takesPart: true, leastBytes: 0 }],
      [second.journal, journalPath('/archive', second), { takesPart: true, leastBytes }],
    ]);
    expect(read).toEqual([]);
    expect([...lists.left.keys()]).toEqual(['0001', '0002']);
  });
});
