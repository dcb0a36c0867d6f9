import type { FileOutcome } from '../model/files/file-reference.ts';
import type { Disk, DiskFile } from '../system/disk.ts';
import { encodeFrame } from './frame.ts';
import { readFrames } from './read-frames.ts';

/** Where what became of each file is kept while a run is open. */
export const filesJournal = '0000-files.pages';

/** The append-only record of downloads: what it names is saved, or will not be, however often the run is resumed. */
export class FilesJournal {
  readonly #file: DiskFile;

  private constructor(file: DiskFile) {
    this.#file = file;
  }

  /** Opens the journal at `path`, or makes it. @throws OutputError when the disk refuses */
  static async open(
    disk: Disk,
    path: string,
  ): Promise<{ journal: FilesJournal; outcomes: ReadonlyMap<string, FileOutcome> }> {
    const { outcomes, sizeBytes } = await readFilesJournal(disk, path);
    if (((await disk.sizeBytes(path)) ?? 0) > sizeBytes) await disk.truncate(path, sizeBytes);
    return { journal: new FilesJournal(await disk.open(path, 'append')), outcomes };
  }

  /** Of a file that is saved once it is in its place, flushed. */
  async add(outcome: FileOutcome): Promise<void> {
    await this.#file.write(encodeFrame({ kind: 'file', outcome }, Buffer.alloc(0)));
  }

  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }
}

/** Whole frames of the journal, by file id; none when it is not there. */
export async function readFilesJournal(
  disk: Disk,
  path: string,
): Promise<{ readonly outcomes: ReadonlyMap<string, FileOutcome>; readonly sizeBytes: number }> {
  const outcomes = new Map<string, FileOutcome>();
  let sizeBytes = 0;
  for await (const { frame, endByte } of readFrames(disk, path)) {
    sizeBytes = endByte;
    if (frame.kind === 'file') outcomes.set(frame.outcome.fileId, frame.outcome);
  }
  return { outcomes, sizeBytes };
}
