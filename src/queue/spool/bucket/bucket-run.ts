import { join } from 'node:path';
import { hashFile, sha256 } from '../../../archive/hash-file.ts';
import { readJournal, type JournalContents } from '../../../journal/journal-contents.ts';
import { OutputError } from '../../../errors.ts';
import type { Bucket } from '../../../storage/client/bucket.ts';
import type { Disk } from '../../../system/disk.ts';
import type { SpooledRun } from '../spool.ts';
import { parseSpoolOrder, spoolOrderText, type SpoolOrder } from '../spool-order.ts';

/** Read in one go; sent in parts of at least so much where it is larger. */
const partBytes = 8 << 20;

/**
 * What a bucket has of one run: `<key>/order.json`, and below `<key>/whole/` the journals that were handed in. Nothing can be
 * appended to an object: an attempt is written on the machine that makes it, and when it is lost the list is read again.
 */
export class BucketRun implements SpooledRun {
  readonly #bucket: Bucket;
  readonly #disk: Disk;
  /** A folder of this machine. */
  readonly #scratch: string;
  readonly #key: string;

  constructor(bucket: Bucket, disk: Disk, scratch: string, key: string) {
    this.#bucket = bucket;
    this.#disk = disk;
    this.#scratch = scratch;
    this.#key = key;
  }

  async create(order: SpoolOrder): Promise<void> {
    const bytes = Buffer.from(spoolOrderText(order));
    await this.#bucket.create(this.#orderKey, bytes, sha256(bytes));
  }

  async order(): Promise<SpoolOrder | undefined> {
    const found = await this.#bucket.read(this.#orderKey);
    return found === undefined
      ? undefined
      : parseSpoolOrder(this.#bucket.client.addressOf(this.#orderKey), found.bytes);
  }

  async isOpen(): Promise<boolean> {
    return (await this.#bucket.head(this.#orderKey)) !== undefined;
  }

  async wholeJournals(): Promise<ReadonlySet<string>> {
    const prefix = this.#wholeKey('');
    const names = new Set<string>();
    for await (const { key } of this.#bucket.list(prefix)) names.add(key.slice(prefix.length));
    return names;
  }

  async hasWhole(journal: string): Promise<boolean> {
    return (await this.#bucket.head(this.#wholeKey(journal))) !== undefined;
  }

  async beginPart(journal: string, attempt: string): Promise<string> {
    await this.#disk.makeFolder(this.#scratch);
    return join(this.#scratch, `${journal}.${attempt}`);
  }

  /** Stays where it is: the run reads on behind it when no worker reads the list. */
  addPart(): Promise<void> {
    return Promise.resolve();
  }

  async handIn(journal: string, path: string): Promise<boolean> {
    const key = this.#wholeKey(journal);
    const hash = await hashFile(this.#disk, path);
    const isSmall = ((await this.#disk.sizeBytes(path)) ?? 0) <= partBytes;
    // Of a run that is over nothing is left to be found: what came behind its end would stay there.
    if (!(await this.isOpen())) throw new OutputError(`Cannot hand in "${journal}": its run is over`);
    const made = isSmall
      ? await this.#bucket.create(key, (await this.#disk.readFile(path)) ?? Buffer.of(), hash)
      : await this.#bucket.createOfParts(key, inParts(this.#disk.readChunks(path)), hash);
    await this.#disk.remove(path);
    // The answer to a request that made it may have been lost.
    return made === 'created' || (await this.#bucket.head(key))?.sha256 === hash;
  }

  async copyTo(
    journal: string,
    to: string,
    { leastBytes }: { readonly leastBytes: number },
  ): Promise<JournalContents | undefined> {
    const key = this.#wholeKey(journal);
    const sizeBytes = (await this.#bucket.head(key))?.sizeBytes;
    if (sizeBytes === undefined || sizeBytes <= leastBytes) return undefined;
    const temporary = `${to}.tmp`;
    const file = await this.#disk.open(temporary, 'truncate');
    try {
      for (let from = 0; from < sizeBytes; from += partBytes) {
        const bytes = await this.#bucket.readRange(key, from, Math.min(sizeBytes, from + partBytes));
        if (bytes === undefined) return undefined;
        await file.write(bytes);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const contents = await readJournal(this.#disk, temporary);
    if (contents.closing === null || contents.sizeBytes !== sizeBytes) {
      await this.#disk.remove(temporary);
      return undefined;
    }
    await this.#disk.rename(temporary, to);
    return contents;
  }

  async remove(): Promise<void> {
    // First: whoever hands in a journal looks for it.
    const isVersioned = (await this.#bucket.head(this.#orderKey))?.isVersioned ?? true;
    await this.#bucket.remove(this.#orderKey, isVersioned);
    for await (const { key } of this.#bucket.list(`${this.#key}/`)) await this.#bucket.remove(key, isVersioned);
  }

  #wholeKey(journal: string): string {
    return `${this.#key}/whole/${journal}`;
  }

  get #orderKey(): string {
    return `${this.#key}/order.json`;
  }
}

/** Chunks of a file, joined to parts that a store takes. */
async function* inParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes < partBytes) continue;
    yield Buffer.concat(waiting, sizeBytes);
    waiting = [];
    sizeBytes = 0;
  }
  if (sizeBytes > 0) yield Buffer.concat(waiting, sizeBytes);
}
