import { join } from 'node:path';
import { partPath } from '../archive/paths.ts';
import { attachmentPath } from '../archive/paths/attachment-path.ts';
import { abortError } from '../errors.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import { avatarAddress, isAvatar } from '../model/files/avatar.ts';
import type { FileOutcome, FileReference } from '../model/files/file-reference.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { delayBeforeRetryMs, roomPolicy } from '../rocketchat/pacing/retry.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import { attemptFile, type Attempt } from './file-attempt.ts';
import { PartialFile } from './partial-file.ts';
import { pictureEnding } from './picture-ending.ts';
import { safeName } from './safe-name.ts';

/** What all downloads of a run share. */
export interface DownloadContext {
  readonly chat: Pick<RocketChat, 'openFile'>;
  readonly disk: Disk;
  readonly archive: string;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly maxBytes: AttachmentOptions['maxBytes'];
}

/** What came of a file; `failed`: the server failed each time. */
export interface Download {
  readonly outcome: FileOutcome;
  readonly failed: boolean;
}

/** A server that rotates or strips pictures may change their size after it was noted; not by this much. */
const slackBytes = 16 << 20;

/** Of a file whose message says no size, and whose job no limit. */
const unknownBytes = 1 << 30;

/**
 * Saves one file where it waits for its run to be published. What breaks off is continued; what fails is tried again.
 *
 * @param folder of the file below `_files`
 * @param isPatient false: it is tried once
 * @throws OutputError when the disk refuses; what ended the run, once the signal is aborted
 */
export async function downloadFile(
  context: DownloadContext,
  reference: FileReference,
  folder: string,
  isPatient: boolean,
): Promise<Download> {
  const { chat, disk, archive, clock, random, signal, maxBytes } = context;
  const { fileId, name, sizeBytes } = reference;
  const unsaved = (status: FileOutcome['status'], error: string): FileOutcome => ({
    fileId,
    status,
    error,
    path: null,
    sizeBytes: null,
    sha256: null,
  });
  const isPicture = isAvatar(reference);
  // The server finds the file by its id alone. Source: apps/meteor/app/file-upload/server/lib/requests.ts
  const address = isPicture
    ? avatarAddress(reference)
    : `/file-upload/${encodeURIComponent(fileId)}/${encodeURIComponent(safeName(name))}`;
  if (!isFileId(fileId) || address === undefined)
    return { outcome: unsaved('refused', 'its id is none that a server makes'), failed: false };
  if (maxBytes !== undefined && sizeBytes !== null && sizeBytes > maxBytes) {
    const error = `its message says ${sizeBytes} bytes, the job allows ${maxBytes}`;
    return { outcome: unsaved('too-large', error), failed: false };
  }
  const partial = await PartialFile.open(disk, archive, folder);
  const options = {
    reference,
    maxBytes,
    endlessBytes: isPicture ? slackBytes : sizeBytes === null ? unknownBytes : 2 * sizeBytes + slackBytes,
    open: (headers: Readonly<Record<string, string>>) => chat.openFile(address, headers),
  };
  let furthest = partial.sizeBytes;
  try {
    for (let attempt = 1; ; attempt += 1) {
      throwIfEnded(signal);
      const result: Attempt = await attemptFile(partial, options);
      if (result.kind === 'again') throwIfEnded(signal);
      if (result.kind === 'unsaved') {
        await partial.discard();
        return { outcome: unsaved(result.status, result.error), failed: false };
      }
      if (result.kind === 'whole') {
        const { mimeType } = result;
        const shown = safeName(isPicture ? `${name ?? ''}${pictureEnding(mimeType)}` : name);
        const path = attachmentPath(folder, shown);
        const bytes = partial.sizeBytes;
        const sha256 = await partial.finish(join(archive, partPath(path)));
        const differs = sizeBytes !== null && bytes !== sizeBytes;
        const status = differs ? 'differs' : 'saved';
        const error = differs ? `its message says ${sizeBytes} bytes` : null;
        const outcome = { fileId, status, path, sizeBytes: bytes, sha256, error } as const;
        // A message says it of its files.
        return { outcome: isPicture && mimeType !== null ? { ...outcome, mimeType } : outcome, failed: false };
      }
      // What gets further each time comes to its end.
      if (partial.sizeBytes > furthest) attempt = 1;
      furthest = Math.max(furthest, partial.sizeBytes);
      const delayMs = isPatient ? delayBeforeRetryMs(attempt, roomPolicy, random()) : undefined;
      if (delayMs === undefined) {
        await partial.discard();
        return { outcome: unsaved('missing', `the server failed: ${result.error}`), failed: true };
      }
      await sleep(clock, delayMs, signal);
    }
  } finally {
    await partial.close();
  }
}

function throwIfEnded(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw signal.aborted ? abortError(signal) : error;
  }
}

/** `.` and `..` would lead to another address, in whatever way they are written. */
function isFileId(fileId: string): boolean {
  return fileId.length <= 512 && !/^\.{0,2}$/.test(fileId) && !/\p{Cs}/u.test(fileId);
}
