import { omitUndefined } from '../omit-undefined.ts';
import type { Disk, DiskFile } from '../system/disk.ts';
import type { ChangesRefusal, Cursor, Hole, PageRecord } from '../model/stream.ts';
import { encodeFrame, type Frame, syncEveryMs } from './frame.ts';
import { readJournal, type JournalContents } from './journal-contents.ts';
import type { SharedPlace } from './shared/shared-journal.ts';

/** A request for a page of a list of users or members. */
export type ListRequest = Pick<Extract<Frame, { kind: 'answer' }>, 'endpoint' | 'params'>;

/** Of larger frames the memory is not kept: some dozen journals are open at once. */
const keptBytes = 1 << 20;

/** Larger ones have a file of their own: the shared journal is read in one piece each. */
const sharedBytes = 256 * 1024;

/** Writes the whole of a journal to the shared one. */
type Share = (bytes: Uint8Array) => Promise<SharedPlace>;

interface FoundJournal {
  readonly contents: JournalContents;
  readonly place: SharedPlace;
}

const nothing = Buffer.alloc(0);

/**
 * The append-only record of one stream's reading. What was appended survives `kill -9` at any instant; a frame that was
 * cut short is taken off when the journal is opened again, and its page asked for again.
 */
export class StreamJournal {
  readonly #open: () => Promise<DiskFile>;
  /** Adds the whole of it to the shared journal; undefined: it has a file of its own. */
  readonly #share: Share | undefined;
  readonly #nowMs: () => number;
  #file: DiskFile | undefined;
  #syncedAtMs: number;
  /** The page that ends the list, until it is known whether there is more to write of it. */
  #last: readonly [PageRecord, Uint8Array] | undefined;
  /** See roomFor. */
  #buffer = Buffer.alloc(0);
  /** Bytes of whole frames that are written. */
  sizeBytes: number;
  /** Where in the shared journal they are; undefined: in a file of their own. */
  place: SharedPlace | undefined;

  private constructor(
    open: () => Promise<DiskFile>,
    { sizeBytes, place, share }: { readonly sizeBytes: number; readonly place?: SharedPlace; readonly share?: Share },
    nowMs: () => number,
  ) {
    this.#open = open;
    this.#share = share;
    this.sizeBytes = sizeBytes;
    this.place = place;
    this.#nowMs = nowMs;
    this.#syncedAtMs = nowMs();
  }

  /**
   * A journal of which nothing is there: it is made with its first frame.
   *
   * @param share where it may be written as a whole, if it turns out to be small
   */
  static create(disk: Disk, path: string, nowMs: () => number, share?: Share): StreamJournal {
    return new StreamJournal(() => disk.open(path, 'append'), { sizeBytes: 0, ...omitUndefined({ share }) }, nowMs);
  }

  /** A journal that the shared one has, closed. */
  static found(disk: Disk, path: string, nowMs: () => number, { contents, place }: FoundJournal): StreamJournal {
    return new StreamJournal(() => disk.open(path, 'append'), { sizeBytes: contents.sizeBytes, place }, nowMs);
  }

  /** Opens the journal at `path`, or makes it. @throws OutputError when the disk refuses */
  static async open(
    disk: Disk,
    path: string,
    nowMs: () => number,
  ): Promise<{ journal: StreamJournal; contents: JournalContents }> {
    const contents = await readJournal(disk, path);
    if (((await disk.sizeBytes(path)) ?? 0) > contents.sizeBytes) await disk.truncate(path, contents.sizeBytes);
    return { journal: new StreamJournal(() => disk.open(path, 'append'), contents, nowMs), contents };
  }

  /** @param isLast whether the list ends with it, which is known before `end` */
  async page(record: PageRecord, body: Uint8Array, isLast = false): Promise<void> {
    if (isLast && this.#isUnwritten && this.#last === undefined && body.length <= sharedBytes) {
      this.#last = [record, body];
      return;
    }
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
    await this.#append({ kind: 'refusal', ...refusal }, nothing);
    await this.#syncNowAndThen();
  }

  /** A page of a list of users or members. */
  async answer(asked: ListRequest, body: Uint8Array): Promise<void> {
    await this.#append({ kind: 'answer', ...asked }, body);
    await this.#syncNowAndThen();
  }

  /** The list was refused. */
  async refused(asked: ListRequest, reason: string, message: string): Promise<void> {
    await this.#append({ kind: 'refused', ...asked, reason, message }, nothing);
    await this.#syncNowAndThen();
  }

  /** The stream was read to its end. @param total where the list says how long it is */
  async end(cursor: Cursor, total?: number): Promise<void> {
    const frame: Frame = { kind: 'end', cursor, ...(total !== undefined && { total }) };
    if (this.#share !== undefined && this.#isUnwritten) {
      const [record, body] = this.#last ?? [];
      this.#last = undefined;
      const page = record && body && encodeFrame({ kind: 'page', record }, body);
      const bytes = Buffer.concat([...(page ? [page] : []), encodeFrame(frame, nothing)]);
      this.place = await this.#share(bytes);
      this.sizeBytes = bytes.length;
      return;
    }
    await this.#append(frame, nothing);
    await this.#file?.sync();
  }

  /** The stream cannot be read any further. */
  async gap(cursor: Cursor, reason: string, message: string): Promise<void> {
    await this.#append({ kind: 'gap', cursor, reason, message }, nothing);
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** Whether all that there is of it may still go to the shared journal. */
  get #isUnwritten(): boolean {
    return this.#share !== undefined && this.#file === undefined && this.sizeBytes === 0;
  }

  async #syncNowAndThen(): Promise<void> {
    if (this.#nowMs() - this.#syncedAtMs < syncEveryMs) return;
    await this.#file?.sync();
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
    this.#file ??= await this.#open();
    if (this.#last !== undefined) {
      const [record, last] = this.#last;
      this.#last = undefined;
      await this.#append({ kind: 'page', record }, last);
    }
    const bytes = encodeFrame(frame, body, (sizeBytes) => this.#roomFor(sizeBytes));
    await this.#file.write(bytes);
    this.sizeBytes += bytes.length;
  }
}
