import { createHash } from 'node:crypto';
import type { Disk, DiskFile } from '../system/disk.ts';
import type { WrittenFile } from './sink.ts';

/** What is known of a file once it is whole. */
export type FileDigest = Pick<WrittenFile, 'sizeBytes' | 'sha256'>;

/** Where a sink's bytes go: the file itself, or a compression before it. `write` is called one at a time. */
export interface ByteOutput {
  /** The bytes may be reused by the caller once the promise resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything is on the disk; when it rejects, the handle is closed all the same. */
  close(): Promise<FileDigest>;
  /** Closes the handle without finishing the file. Never throws; does nothing after `close`. */
  abort(): Promise<void>;
}

/** Large enough that system calls cost nothing, small enough to stay in the processor's cache while it is hashed. */
const chunkSizeBytes = 512 * 1024;

/** A file that is written from front to back in large chunks, hashed and counted on the way. */
export class OutputFile implements ByteOutput {
  readonly #file: DiskFile;
  readonly #hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafe(chunkSizeBytes);
  #chunkUsed = 0;
  #sizeBytes = 0;
  #open = true;

  private constructor(file: DiskFile) {
    this.#file = file;
  }

  /** @throws OutputError when the file cannot be made. */
  static async open(disk: Disk, path: string): Promise<OutputFile> {
    return new OutputFile(await disk.open(path, 'truncate'));
  }

  /** @throws OutputError when the disk refuses. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#chunkUsed + bytes.length > chunkSizeBytes) await this.#flush();
    if (bytes.length >= chunkSizeBytes) {
      await this.#append(bytes);
    } else {
      this.#chunk.set(bytes, this.#chunkUsed);
      this.#chunkUsed += bytes.length;
    }
  }

  /** @throws OutputError when the disk refuses. */
  async close(): Promise<FileDigest> {
    try {
      await this.#flush();
      await this.#file.sync();
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.#open = false;
    await this.#file.close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  async abort(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#file.close();
    } catch {
      // The file is given up already: why it could not be closed helps nobody.
    }
  }

  async #flush(): Promise<void> {
    const used = this.#chunkUsed;
    this.#chunkUsed = 0;
    if (used > 0) await this.#append(this.#chunk.subarray(0, used));
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    await this.#file.write(bytes);
  }
}
