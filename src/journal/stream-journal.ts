import type { Disk, DiskFile } from '../system/disk.ts';
import type { ChangesRefusal, Cursor, Hole, PageRecord } from '../model/stream.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { readFrames } from './read-frames.ts';

/** Of a page that a journal holds. */
export interface KeptRecord extends PageRecord {
  /** At which its frame begins. */
  readonly startByte: number;
}

/** What a journal holds already when it is opened. */
export interface JournalContents {
  /** Records of its pages, in order. */
  readonly pages: readonly KeptRecord[];
  /** Places that the walk stepped over, in order. */
  readonly holes: readonly Hole[];
  /** Where a walk that was cut resumes: the cursor of the last page or hole; null: where it began. */
  readonly cursor: Cursor | null;
  /** Set when the pages are those of another list: see Frame. */
  readonly refusal: ChangesRefusal | null;
  /** The frame that closed it; null when the stream is still to be read, from the last page's cursor on. */
  readonly closing: Extract<Frame, { kind: 'end' | 'gap' }> | null;
  readonly sizeBytes: number;
}

/** A request for a page of a list of users or members. */
export type ListRequest = Pick<Extract<Frame, { kind: 'answer' }>, 'endpoint' | 'params'>;

/** Of larger frames the memory is not kept: some dozen journals are open at once. */
const keptBytes = 1 << 20;

/** How much may be lost to a power cut; a killed process loses nothing that was written. */
const syncEveryMs = 1_000;

/**
 * The append-only record of one stream's reading. What was appended survives `kill -9` at any instant; a frame that was
 * cut short is taken off when the journal is opened again, and its page asked for again.
 */
export class StreamJournal {
  readonly #file: DiskFile;
  readonly #nowMs: () => number;
  #syncedAtMs: number;
  /** See roomFor. */
  #buffer = Buffer.alloc(0);
  /** Bytes of whole frames in the file. */
  sizeBytes: number;

  private constructor(file: DiskFile, sizeBytes: number, nowMs: () => number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#nowMs = nowMs;
    this.#syncedAtMs = nowMs();
  }

  /** Opens the journal at `path`, or makes it. @throws OutputError when the disk refuses */
  static async open(
    disk: Disk,
    path: string,
    nowMs: () => number,
  ): Promise<{ journal: StreamJournal; contents: JournalContents }> {
    const contents = await readJournal(disk, path);
    if (((await disk.sizeBytes(path)) ?? 0) > contents.sizeBytes) await disk.truncate(path, contents.sizeBytes);
    const file = await disk.open(path, 'append');
    return { journal: new StreamJournal(file, contents.sizeBytes, nowMs), contents };
  }

  async page(record: PageRecord, body: Uint8Array): Promise<void> {
    await this.#append({ kind: 'page', record }, body);
    await this.#syncNowAndThen();
  }

  /** A place that the walk steps over. @param body what the server gave there */
  async hole(hole: Hole, cursor: Cursor, body: Uint8Array): Promise<void> {
    await this.#append({ kind: 'hole', hole, cursor }, body);
    await this.#syncNowAndThen();
  }

  /** The pages that follow are of another list. */
  async refusal(refusal: ChangesRefusal): Promise<void> {
    await this.#append({ kind: 'refusal', ...refusal }, Buffer.alloc(0));
    await this.#syncNowAndThen();
  }

  /** A page of a list of users or members. */
  async answer(asked: ListRequest, body: Uint8Array): Promise<void> {
    await this.#append({ kind: 'answer', ...asked }, body);
    await this.#syncNowAndThen();
  }

  /** The list was refused. */
  async refused(asked: ListRequest, reason: string, message: string): Promise<void> {
    await this.#append({ kind: 'refused', ...asked, reason, message }, Buffer.alloc(0));
    await this.#syncNowAndThen();
  }

  /** The stream was read to its end. @param total where the list says how long it is */
  async end(cursor: Cursor, total?: number): Promise<void> {
    await this.#append({ kind: 'end', cursor, ...(total !== undefined && { total }) }, Buffer.alloc(0));
    await this.#file.sync();
  }

  /** The stream cannot be read any further. */
  async gap(cursor: Cursor, reason: string, message: string): Promise<void> {
    await this.#append({ kind: 'gap', cursor, reason, message }, Buffer.alloc(0));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #syncNowAndThen(): Promise<void> {
    if (this.#nowMs() - this.#syncedAtMs < syncEveryMs) return;
    await this.#file.sync();
    this.#syncedAtMs = this.#nowMs();
  }

  /** Written before the next frame is made, which takes its place: one buffer for a list, not one for each page. */
  #roomFor(sizeBytes: number): Buffer {
    if (sizeBytes > keptBytes) return Buffer.allocUnsafe(sizeBytes);
    if (sizeBytes > this.#buffer.length)
      this.#buffer = Buffer.allocUnsafe(Math.min(keptBytes, Math.ceil(sizeBytes * 1.25)));
    return this.#buffer.subarray(0, sizeBytes);
  }

  async #append(frame: Frame, body: Uint8Array): Promise<void> {
    const bytes = encodeFrame(frame, body, (sizeBytes) => this.#roomFor(sizeBytes));
    await this.#file.write(bytes);
    this.sizeBytes += bytes.length;
  }
}

/** What the journal at `path` holds, whole frames only; nothing when it is not there. Writes nothing. */
export async function readJournal(disk: Disk, path: string): Promise<JournalContents> {
  const pages: KeptRecord[] = [];
  const holes: Hole[] = [];
  let cursor: Cursor | null = null;
  let refusal: ChangesRefusal | null = null;
  let closing: JournalContents['closing'] = null;
  let sizeBytes = 0;
  for await (const { frame, endByte } of readFrames(disk, path)) {
    switch (frame.kind) {
      case 'page':
        pages.push({ ...frame.record, startByte: sizeBytes });
        cursor = frame.record.cursor;
        break;
      case 'hole':
        holes.push(frame.hole);
        cursor = frame.cursor;
        break;
      case 'refusal':
        refusal = { reason: frame.reason, instead: frame.instead };
        break;
      case 'end':
      case 'gap':
        closing = frame;
        break;
      case 'job':
      case 'answer':
      case 'refused':
        // Of the run's own journal, or those of users and members.
        break;
    }
    sizeBytes = endByte;
  }
  return { pages, holes, cursor, refusal, closing, sizeBytes };
}
