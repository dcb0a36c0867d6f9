import { join } from 'node:path';
import type { Disk, DiskFile } from '../../system/disk.ts';
import { encodeFrame, syncEveryMs } from '../frame.ts';
import { framesIn, readFrames } from '../read-frames.ts';
import { contentsOf, type JournalContents } from '../journal-contents.ts';

/** Beside the journals of lists, whose names begin with a number. */
export const sharedJournalName = 'shared.pages';

/** Where a journal lies in the shared one. */
export interface SharedPlace {
  readonly startByte: number;
  /** Behind its last byte. */
  readonly endByte: number;
}

/** A journal that was found in the shared one. */
export interface SharedEntry {
  readonly contents: JournalContents;
  readonly place: SharedPlace;
  readonly bytes: Uint8Array;
}

/**
 * Journals that were whole when they were written, one behind the other in one file, each the body of a frame that has its
 * name. To make, flush, close, open and remove a file costs more than to ask for a room of twenty messages and to write
 * its rows; and most rooms are small. What was added survives `kill -9`; a frame that was cut is taken off by the next run.
 */
export class SharedJournal {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #nowMs: () => number;
  #file: DiskFile | undefined;
  #sizeBytes: number;
  #syncedAtMs: number;
  /** One after another: a disk may look at the lock before it writes, and the second frame would overtake the first. */
  #added: Promise<unknown> = Promise.resolve();

  /** @param sizeBytes of whole frames in it: what is behind them has to be cut off before */
  constructor(disk: Disk, folder: string, sizeBytes: number, nowMs: () => number) {
    this.#disk = disk;
    this.#path = join(folder, sharedJournalName);
    this.#sizeBytes = sizeBytes;
    this.#nowMs = nowMs;
    this.#syncedAtMs = nowMs();
  }

  /** @param bytes a whole journal, closed */
  add(name: string, bytes: Uint8Array): Promise<SharedPlace> {
    // Behind one that failed nothing is written: nobody knows how much of it is in the file.
    const added = this.#added.then(() => this.#append(name, bytes));
    this.#added = added;
    return added;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #append(name: string, bytes: Uint8Array): Promise<SharedPlace> {
    this.#file ??= await this.#disk.open(this.#path, 'append');
    const frame = encodeFrame({ kind: 'journal', journal: name }, bytes);
    await this.#file.write(frame);
    this.#sizeBytes += frame.length;
    if (this.#nowMs() - this.#syncedAtMs >= syncEveryMs) {
      this.#syncedAtMs = this.#nowMs();
      await this.#file.sync();
    }
    const endByte = this.#sizeBytes - 1;
    return { startByte: endByte - bytes.length, endByte };
  }
}

/** What the shared journal in a folder holds, whole frames only; nothing when it is not there. Writes nothing. */
export async function readSharedJournal(
  disk: Disk,
  folder: string,
): Promise<{ readonly entries: ReadonlyMap<string, SharedEntry>; readonly sizeBytes: number }> {
  const entries = new Map<string, SharedEntry>();
  let sizeBytes = 0;
  for await (const { frame, body, endByte } of readFrames(disk, join(folder, sharedJournalName))) {
    sizeBytes = endByte;
    if (frame.kind !== 'journal') continue;
    const contents = await contentsOf(framesIn([body], 0));
    const place = { startByte: endByte - 1 - body.length, endByte: endByte - 1 };
    entries.set(frame.journal, { contents, place, bytes: body });
  }
  return { entries, sizeBytes };
}
