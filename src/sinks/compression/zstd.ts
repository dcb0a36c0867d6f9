import { loadZstd } from '../../system/zstd.ts';
import type { BlockCodec } from './block-codec.ts';

/** A frame a block: readers go on from frame to frame (RFC 8878, section 3). */
export async function zstdCodec(): Promise<BlockCodec> {
  const { compress } = await loadZstd();
  return {
    compress: (block) => Promise.resolve(compress(block)),
    end: () => new Uint8Array(),
  };
}
