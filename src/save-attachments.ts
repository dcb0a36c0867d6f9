import type { ArchiveHistory } from './snapshot/archive-history.ts';
import { ExportError } from './errors.ts';
import type { ArchivedFiles } from './files/archived-files.ts';
import { filesResult } from './files/files-result.ts';
import { saveFiles } from './files/save-files.ts';
import { wantedFiles } from './files/wanted-files.ts';
import type { Job } from './job/job.ts';
import { loadFiles } from './load/load-files.ts';
import type { LoadPlan } from './load/load-plan.ts';
import type { LoadResult } from './model/run/load-result.ts';
import type { RocketChat } from './model/rocketchat.ts';
import type { SavedFiles } from './record/run-contents.ts';
import type { RunEvent } from './run-event.ts';
import type { Clock } from './system/clock.ts';
import type { Disk } from './system/disk.ts';

interface AttachmentsOptions {
  readonly disk: Disk;
  readonly job: Job;
  readonly chat: RocketChat;
  readonly loadPlan: LoadPlan;
  readonly loaded: LoadResult;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Saves the files that a job asks for, when all messages are loaded, and writes their table. An archive that cannot be looked
 * into is continued without, and completed when it has been restored.
 *
 * @throws as `saveFiles`
 */
export async function saveAttachments({
  disk,
  job,
  chat,
  loadPlan,
  loaded,
  clock,
  random,
  signal,
  onEvent,
}: AttachmentsOptions): Promise<{ readonly loaded: LoadResult; readonly files?: SavedFiles }> {
  const { attachments: options, output: archive, concurrency } = job;
  const { shown } = loaded;
  if (options === undefined || shown === undefined) return { loaded };
  const { run } = loadPlan.runPlan;
  let archived: ArchivedFiles;
  try {
    archived = await lookUp(disk, archive, run, options);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { loaded, files: { kind: 'unlooked', because: error.message } };
  }
  const wanted = wantedFiles(shown.files, archived, options);
  const files = wanted.wanted.length;
  const bytes = wanted.wanted.reduce((sum, { reference }) => sum + (reference.sizeBytes ?? 0), 0);
  if (files > 0) onEvent({ kind: 'saving-files', files, bytes });
  const outcomes = await saveFiles(wanted.wanted, {
    ...{ chat, disk, archive, clock, random, signal, concurrency, maxBytes: options.maxBytes },
    onFile: ({ status, sizeBytes }) => onEvent({ kind: 'file', status, sizeBytes: sizeBytes ?? 0 }),
  });
  const { rows, ...result } = filesResult(run, wanted, outcomes, archived, shown);
  return { loaded: await loadFiles(disk, loadPlan, loaded, rows), files: { kind: 'saved', ...result } };
}

async function lookUp(
  disk: Disk,
  archive: string,
  run: number,
  options: NonNullable<Job['attachments']>,
): Promise<ArchivedFiles> {
  // Few runs need it: what reads archives is loaded then.
  const { archivedFiles, nothingArchived } = await import('./files/archived-files.ts');
  if (run === 1) return nothingArchived;
  const { readArchiveHistory } = await import('./snapshot/archive-history.ts');
  const history: ArchiveHistory = await readArchiveHistory(disk, archive);
  return archivedFiles(disk, archive, history, options);
}
