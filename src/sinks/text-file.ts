import type { Disk } from '../system/disk.ts';
import { CompressedFile } from './compression/compressed-file.ts';
import type { ByteOutput, FileDigest } from './output-file.ts';
import { OutputFile } from './output-file.ts';
import type { TextCompression } from '../model/sink-options.ts';
import { loadBlockCodec } from './compression/text-compression.ts';

const bufferSizeBytes = 512 * 1024;
/** A UTF-16 unit takes up to three bytes of UTF-8; a surrogate pair is two units and four bytes. */
const bytesPerUnit = 3;

/** A UTF-8 file made of pieces of text, encoded into one buffer that is used over and over. Lone surrogates become U+FFFD. */
export class TextFile {
  readonly #output: ByteOutput;
  readonly #buffer = Buffer.allocUnsafe(bufferSizeBytes);
  #used = 0;

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
   * @param piece may not end within a surrogate pair
   * @returns what to wait for before the next piece; undefined: nothing, while there is room in the buffer
   */
  write(piece: string): Promise<void> | undefined {
    if (this.#used + piece.length * bytesPerUnit > bufferSizeBytes) return this.#writeBehind(piece);
    this.#used += this.#buffer.write(piece, this.#used);
    return undefined;
  }

  async #writeBehind(piece: string): Promise<void> {
    await this.#flush();
    if (piece.length * bytesPerUnit > bufferSizeBytes) await this.#output.write(Buffer.from(piece));
    else this.#used = this.#buffer.write(piece);
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
    const used = this.#used;
    this.#used = 0;
    if (used > 0) await this.#output.write(this.#buffer.subarray(0, used));
  }
}
