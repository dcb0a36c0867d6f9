/**
 * Compresses a file block by block, each block by itself: the pieces put one after another are one valid file, and its
 * bytes depend on the blocks alone.
 */
export interface BlockCodec {
  /** Called for every block in order, at least once; the only block of an empty file is empty. */
  compress(block: Uint8Array): Promise<Uint8Array>;
  /** What the file ends with. */
  end(): Uint8Array;
}
