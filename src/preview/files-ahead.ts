import { readChain } from '../archive/manifest/read-chain.ts';
import { ExportError } from '../errors.ts';
import { archivedFiles } from '../files/archived-files.ts';
import { wantedFiles } from '../files/wanted-files.ts';
import type { Job } from '../job/job.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import type { Disk } from '../system/disk.ts';

/** What the next run of a job has to download of files. */
export interface FilesAhead {
  /** Those that earlier runs read of and did not save, as far as the job asks for them now. */
  readonly files: number;
  /** Of those, by the word of their messages. */
  readonly bytes: number;
  /** How many of them are of messages that say no size. */
  readonly unsized: number;
  /** Of the messages that are still to be read, if they have files as those so far; null: no run has saved any to go by. */
  readonly expectedBytes: number | null;
}

/**
 * Files to be downloaded, by what the archive knows: the server says of no room what its files have, but message by message.
 *
 * @param messages that are to be read
 * @returns null: the job saves none, or its archive cannot be looked into, which a run says
 * @throws OutputError when the chain is damaged
 */
export async function filesAhead(
  disk: Disk,
  { attachments, output: archive }: Pick<Job, 'attachments' | 'output'>,
  run: number,
  messages: number,
): Promise<FilesAhead | null> {
  if (attachments === undefined) return null;
  if (run === 1) return { files: 0, bytes: 0, unsized: 0, expectedBytes: null };
  try {
    const archived = await archivedFiles(disk, archive, await readArchiveHistory(disk, archive), attachments);
    const { maxBytes = Infinity } = attachments;
    const wanted = wantedFiles([], archived, attachments)
      .wanted.map(({ reference }) => reference.sizeBytes)
      .filter((sizeBytes) => (sizeBytes ?? 0) <= maxBytes);
    return {
      files: wanted.length,
      bytes: wanted.reduce<number>((sum, sizeBytes) => sum + (sizeBytes ?? 0), 0),
      unsized: wanted.filter((sizeBytes) => sizeBytes === null).length,
      expectedBytes: await bytesLikeBefore(disk, archive, messages),
    };
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return null;
  }
}

/** Of so many messages, by all that is saved for those of the archive: the first run that saved any looked at all before it. */
async function bytesLikeBefore(disk: Disk, archive: string, messages: number): Promise<number | null> {
  let savedBytes: number | null = null;
  let rows = 0;
  for await (const { manifest } of readChain(disk, archive)) {
    if (manifest.kind !== 'export') continue;
    const { files } = manifest.coverage ?? {};
    if (files !== undefined) savedBytes = (savedBytes ?? 0) + files.savedBytes;
    rows += (manifest.tables['messages'] ?? 0) + (manifest.tables['mentioned_messages'] ?? 0);
  }
  return savedBytes === null || rows === 0 ? null : Math.round((savedBytes / rows) * messages);
}
