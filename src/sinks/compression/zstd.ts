import { loadZstd } from '../../system/zstd.ts';
import type { BlockCodec } from './block-codec.ts';

/** One frame per block: readers continue from frame to frame (RFC 8878, section 3). */
export async function zstdCodec(): Promise<BlockCodec> {
  const { compress } = await loadZstd();
  return {
    compress: (block) => Promise.resolve(compress(block)),
    end: () => new Uint8Array(),
  };
}
