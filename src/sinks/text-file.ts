import type { Disk } from '../system/disk.ts';
import { CompressedFile } from './compression/compressed-file.ts';
import type { ByteOutput, FileDigest } from './output-file.ts';
import { OutputFile } from './output-file.ts';
import type { TextCompression } from '../model/sink-options.ts';
import { loadBlockCodec } from './compression/text-compression.ts';
import { TextBuffer } from './text-buffer.ts';

/** As much is written at once. */
const writeSizeBytes = 512 * 1024;
/** For the line that goes beyond. */
const lineSizeBytes = 64 * 1024;

/** A UTF-8 file made of pieces of text. */
export class TextFile {
  /** Takes the pieces. */
  readonly text = new TextBuffer(writeSizeBytes + lineSizeBytes);
  readonly #output: ByteOutput;

  private constructor(output: ByteOutput) {
    this.#output = output;
  }

  /** @throws OutputError when the file cannot be made. */
  static async open(disk: Disk, path: string, compression: TextCompression): Promise<TextFile> {
    const codec = await loadBlockCodec(compression);
    const file = await OutputFile.open(disk, path);
    return new TextFile(codec === undefined ? file : new CompressedFile(file, codec));
  }

  /**
   * Writes what `text` has where that is worth it. To be called after each line, so that `text` does not grow.
   *
   * @returns what to wait for before the next piece; undefined: nothing, while there is room
   */
  flushWhenFull(): Promise<void> | undefined {
    return this.text.sizeBytes < writeSizeBytes ? undefined : this.#flush();
  }

  /** Resolves when everything is on the disk; when it rejects, the handle is closed all the same. */
  async close(): Promise<FileDigest> {
    try {
      await this.#flush();
    } catch (error) {
      await this.abort();
      throw error;
    }
    return this.#output.close();
  }

  /** Closes the handle. Never throws. */
  abort(): Promise<void> {
    return this.#output.abort();
  }

  async #flush(): Promise<void> {
    const bytes = this.text.take();
    if (bytes.length > 0) await this.#output.write(bytes);
  }
}
