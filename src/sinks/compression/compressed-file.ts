import type { BlockCodec } from './block-codec.ts';
import type { ByteOutput, FileDigest } from '../output-file.ts';

/** Uncompressed. Large enough that starting afresh with each block costs next to nothing in size. */
const blockSizeBytes = 1024 * 1024;

/** Cuts what it is given into blocks of one size, whatever the sizes of the writes, and compresses each. */
export class CompressedFile implements ByteOutput {
  readonly #file: ByteOutput;
  readonly #codec: BlockCodec;
  readonly #block = Buffer.allocUnsafe(blockSizeBytes);
  #blockUsed = 0;
  #empty = true;

  constructor(file: ByteOutput, codec: BlockCodec) {
    this.#file = file;
    this.#codec = codec;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length;) {
      const part = bytes.subarray(offset, offset + blockSizeBytes - this.#blockUsed);
      this.#block.set(part, this.#blockUsed);
      this.#blockUsed += part.length;
      offset += part.length;
      if (this.#blockUsed === blockSizeBytes) await this.#compress();
    }
  }

  async close(): Promise<FileDigest> {
    try {
      if (this.#blockUsed > 0 || this.#empty) await this.#compress();
      await this.#file.write(this.#codec.end());
    } catch (error) {
      await this.#file.abort();
      throw error;
    }
    return this.#file.close();
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  async #compress(): Promise<void> {
    const block = this.#block.subarray(0, this.#blockUsed);
    this.#blockUsed = 0;
    this.#empty = false;
    await this.#file.write(await this.#codec.compress(block));
  }
}
