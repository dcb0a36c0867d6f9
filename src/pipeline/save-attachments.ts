import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { ExportError } from '../errors.ts';
import type { ArchivedFiles } from '../files/archived-files.ts';
import type { LatestCompactions } from '../files/left-by-compactions.ts';
import { journaledFiles, saveFiles } from '../files/save-files.ts';
import { filesResult } from '../files/files-result.ts';
import { wantedFiles, type WantedFile } from '../files/wanted-files.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import type { FileOutcome } from '../model/files/file-reference.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { RunEvent } from '../run-event.ts';
import type { Clock } from '../system/clock.ts';
import type { Job } from '../job/job.ts';
import { loadFiles } from '../load/load-files.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import type { SavedFiles } from '../record/run-contents.ts';
import type { Disk } from '../system/disk.ts';

interface LoadedRun {
  readonly disk: Disk;
  readonly archive: string;
  readonly loadPlan: LoadPlan;
  readonly loaded: LoadResult;
  /** Of the archive of which this one is a copy that none has rewritten. Absent: it is none. */
  readonly latest?: LatestCompactions;
}

interface AttachmentsOptions extends Omit<LoadedRun, 'archive' | 'latest'> {
  readonly job: Job;
  readonly chat: RocketChat;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** What came of the files of a run, and what it has loaded, with their table. */
interface SavedAttachments {
  readonly loaded: LoadResult;
  /** Absent: none were to be saved. */
  readonly files?: SavedFiles;
}

/**
 * Saves the files that a job asks for, when all messages are loaded, and writes their table. An archive that cannot be looked
 * into is continued without, and completed when it has been restored.
 *
 * @throws as `saveFiles`
 */
export async function saveAttachments({
  job: { attachments, output: archive, concurrency },
  disk,
  loadPlan,
  loaded,
  onEvent,
  ...rest
}: AttachmentsOptions): Promise<SavedAttachments> {
  if (attachments === undefined) return { loaded };
  return withFiles({ disk, archive, loadPlan, loaded }, attachments, (wanted) => {
    const bytes = wanted.reduce((sum, { reference }) => sum + (reference.sizeBytes ?? 0), 0);
    if (wanted.length > 0) onEvent({ kind: 'saving-files', files: wanted.length, bytes });
    return saveFiles(wanted, {
      ...rest,
      disk,
      archive,
      concurrency,
      maxBytes: attachments.maxBytes,
      onFile: ({ status, sizeBytes }) => onEvent({ kind: 'file', status, sizeBytes: sizeBytes ?? 0 }),
    });
  });
}

/** Writes the table of files of a run that is over, by its journal alone. */
export function loadAttachments(run: LoadedRun, attachments: AttachmentOptions): Promise<SavedAttachments> {
  return withFiles(run, attachments, (wanted) => journaledFiles(run.disk, run.archive, wanted));
}

async function withFiles(
  { disk, archive, loadPlan, loaded, latest }: LoadedRun,
  options: AttachmentOptions,
  save: (wanted: readonly WantedFile[]) => Promise<ReadonlyMap<string, FileOutcome>>,
): Promise<SavedAttachments> {
  const { shown } = loaded;
  if (shown === undefined) return { loaded };
  const { run } = loadPlan.runPlan;
  let archived: ArchivedFiles;
  try {
    archived = await lookUp(disk, archive, run, options, latest);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { loaded, files: { kind: 'unlooked', because: error.message } };
  }
  const shownFiles = options.avatars === true ? [...shown.files, ...shown.avatars] : shown.files;
  // What the run itself has read may have another name by now than when the archive was written.
  const present = new Map(loadPlan.runPlan.streams.map(({ room }) => [room.id, room.name]));
  const wanted = wantedFiles(shownFiles, archived, options, (id) => present.get(id) ?? archived.roomNames.get(id));
  const outcomes = await save(wanted.wanted);
  const { rows, ...result } = filesResult(run, wanted, outcomes, archived, shown);
  return { loaded: await loadFiles(disk, loadPlan, loaded, rows), files: { kind: 'saved', ...result } };
}

async function lookUp(
  disk: Disk,
  archive: string,
  run: number,
  options: AttachmentOptions,
  latest: LatestCompactions | undefined,
): Promise<ArchivedFiles> {
  // Few runs need it: what reads archives is loaded then.
  const { archivedFiles, nothingArchived } = await import('../files/archived-files.ts');
  if (run === 1) return nothingArchived;
  const { readArchiveHistory } = await import('../snapshot/archive-history.ts');
  const history: ArchiveHistory = await readArchiveHistory(disk, archive);
  return archivedFiles(disk, archive, history, options, latest);
}
