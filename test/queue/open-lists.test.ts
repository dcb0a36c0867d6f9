import { beforeEach, expect, it } from '@jest/globals';
import { SharedJournal } from '../../src/journal/shared/shared-journal.ts';
import { StreamJournal } from '../../src/journal/stream-journal.ts';
import { journalPath } from '../../src/plan/journal-path.ts';
import type { RunStream } from '../../src/plan/run-plan.ts';
import { openLists } from '../../src/queue/open-lists.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { sampleHole } from '../support/plans/sample-outcome.ts';
import { sampleRunPlan } from '../support/plans/sample-run-plan.ts';
import { readTo, sampleStream } from '../support/plans/sample-stream.ts';

const folder = '/archive/_work/journal';
const numbered = (number: string): RunStream => sampleStream({ journal: `${number}-groups.messages-r1.pages` });
const [untouched, begun, closed, shared] = [numbered('0001'), numbered('0002'), numbered('0003'), numbered('0004')];
const reread = { ...numbered('0005'), tables: ['mentions'] };
let disk: MemoryDisk;

beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeFolder(folder);
});

async function written(stream: RunStream, isClosed: boolean): Promise<number> {
  const path = journalPath('/archive', stream);
  const { journal } = await StreamJournal.open(disk, path, () => 0);
  await journal.hole(sampleHole(), readTo(1), Buffer.of());
  if (isClosed) await journal.end(readTo(1));
  await journal.close();
  return (await disk.sizeBytes(path)) ?? 0;
}

it('are all of a run that begins, its rereads behind its streams', async () => {
  const open = await openLists(disk, '/archive', sampleRunPlan({ streams: [untouched, begun], rereads: [reread] }));
  expect(open).toEqual([untouched, begun, reread].map((stream) => ({ stream, sizeBytes: 0 })));
});

it('are those without a closed journal, whatever has been saved of them, in a file of their own or in the shared one', async () => {
  const sizeBytes = await written(begun, false);
  await written(closed, true);
  const path = journalPath('/archive', shared);
  await written(shared, true);
  const all = new SharedJournal(disk, folder, 0, () => 0);
  await all.add(shared.journal, (await disk.readFile(path)) ?? Buffer.of());
  await all.close();
  await disk.remove(path);
  const plan = sampleRunPlan({ streams: [untouched, begun, closed, shared] });
  expect(await openLists(disk, '/archive', plan)).toEqual([
    { stream: untouched, sizeBytes: 0 },
    { stream: begun, sizeBytes },
  ]);
});
