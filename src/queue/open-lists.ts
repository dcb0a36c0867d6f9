import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { readJournal } from '../journal/journal-contents.ts';
import { readSharedJournal, sharedJournalName } from '../journal/shared/shared-journal.ts';
import type { RunPlan, RunStream } from '../plan/run-plan.ts';
import type { Disk } from '../system/disk.ts';

/** A list that is still to be read, and how much of it a cut attempt of the run has saved. */
export interface OpenList {
  readonly stream: RunStream;
  readonly sizeBytes: number;
}

/** The lists of a run whose journals are not closed. */
export async function openLists(
  disk: Disk,
  archive: string,
  { streams, rereads }: RunPlan,
): Promise<readonly OpenList[]> {
  const folder = join(archive, archivePaths.journal);
  const names = new Set(await disk.list(folder));
  const shared = names.has(sharedJournalName) ? await readSharedJournal(disk, folder) : undefined;
  const open: OpenList[] = [];
  for (const stream of [...streams, ...rereads]) {
    const { journal } = stream;
    if (shared?.entries.has(journal) === true) continue;
    const saved = names.has(journal) ? await readJournal(disk, join(folder, journal)) : undefined;
    if (saved === undefined || saved.closing === null) open.push({ stream, sizeBytes: saved?.sizeBytes ?? 0 });
  }
  return open;
}
