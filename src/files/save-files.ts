import { join } from 'node:path';
import pLimit from 'p-limit';
import { archivePaths, partPath } from '../archive/paths.ts';
import { OutputError } from '../errors.ts';
import { filesJournal, FilesJournal, readFilesJournal } from '../journal/files-journal.ts';
import type { FileOutcome, FileReference } from '../model/files/file-reference.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { Disk } from '../system/disk.ts';
import { downloadFile, type DownloadContext } from './download-file.ts';
import type { WantedFile } from './wanted-files.ts';

interface SaveOptions extends Omit<DownloadContext, 'chat'> {
  readonly chat: Pick<RocketChat, 'openFile' | 'get'>;
  /** Files at a time. */
  readonly concurrency: number;
  /** Called whenever one is done. */
  readonly onFile: (outcome: FileOutcome, reference: FileReference) => void;
}

/** When so many in a row have failed, the next ones are tried once. */
const suspectAfter = 3;
/** When so many have, the store behind the server is away: the others are left to the next run. */
const hopelessAfter = 20;

/**
 * Saves files where they wait for the run to be published, several at a time, and writes down what became of each: a run
 * that is resumed does not ask for it again. What is missing or refused is no error.
 *
 * @returns by file id
 * @throws OutputError when the disk refuses; when the server itself is away, what `get` throws; what ended the run
 */
export async function saveFiles(
  wanted: readonly WantedFile[],
  options: SaveOptions,
): Promise<ReadonlyMap<string, FileOutcome>> {
  const { disk, archive, concurrency, chat, onFile } = options;
  const path = join(archive, archivePaths.journal, filesJournal);
  const { journal, outcomes: journaled } = await FilesJournal.open(disk, path);
  await expectRoom(
    wanted.filter(({ reference }) => !journaled.has(reference.fileId)),
    options,
  ).catch(async (error: unknown) => {
    await journal.close();
    throw error;
  });
  const outcomes = new Map<string, FileOutcome>();
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  let failedInRow = 0;
  const save = async ({ reference, folder }: WantedFile): Promise<void> => {
    const { fileId } = reference;
    const known = journaled.get(fileId);
    if (known !== undefined && (await isInPlace(options, known))) {
      outcomes.set(fileId, known);
      return;
    }
    if (failedInRow >= hopelessAfter) {
      outcomes.set(fileId, untried(fileId));
      return;
    }
    const { outcome, failed } = await downloadFile(
      { ...options, signal },
      reference,
      folder,
      failedInRow < suspectAfter,
    );
    failedInRow = failed ? failedInRow + 1 : 0;
    // A server that is away ends the run, and loses nothing; one that is there has trouble with the file.
    if (failed) await chat.get('me', {});
    await journal.add(outcome);
    outcomes.set(fileId, outcome);
    onFile(outcome, reference);
  };
  const limit = pLimit(concurrency);
  try {
    const saving = wanted.map((file) => limit(() => (ending.signal.aborted ? undefined : save(file))));
    await Promise.all(
      saving.map((one) =>
        one.catch((error: unknown) => {
          ending.abort(error);
          throw error;
        }),
      ),
    ).finally(() => Promise.allSettled(saving));
  } finally {
    await journal.close();
  }
  return outcomes;
}

/** Of a file that the journal does not name. */
function untried(fileId: string): FileOutcome {
  const error = `not tried: the server had failed for ${hopelessAfter} files in a row`;
  return { fileId, status: 'missing', path: null, sizeBytes: null, sha256: null, error };
}

/** What a run that is over had saved, by its journal alone. @returns by file id */
export async function journaledFiles(
  disk: Disk,
  archive: string,
  wanted: readonly WantedFile[],
): Promise<ReadonlyMap<string, FileOutcome>> {
  const { outcomes } = await readFilesJournal(disk, join(archive, archivePaths.journal, filesJournal));
  return new Map(wanted.map(({ reference: { fileId } }) => [fileId, outcomes.get(fileId) ?? untried(fileId)]));
}

async function isInPlace({ disk, archive }: SaveOptions, { path, sizeBytes }: FileOutcome): Promise<boolean> {
  return path === null || (await disk.sizeBytes(join(archive, partPath(path)))) === sizeBytes;
}

/** @throws OutputError before the first file, where the disk is too small for all of them by the word of their messages */
async function expectRoom(
  wanted: readonly WantedFile[],
  { disk, archive, maxBytes = Infinity }: SaveOptions,
): Promise<void> {
  const sizes = wanted.map(({ reference }) => reference.sizeBytes ?? 0).filter((sizeBytes) => sizeBytes <= maxBytes);
  const neededBytes = sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  const freeBytes = await disk.freeBytes(archive);
  if (freeBytes === undefined || neededBytes <= freeBytes) return;
  throw new OutputError(
    `Cannot save ${sizes.length} files of messages in "${archive}": they have ${neededBytes} bytes, and ${freeBytes} are free`,
    { hint: 'Free some space, or save fewer ("attachments" of the job), and run the same command again: it resumes' },
  );
}
