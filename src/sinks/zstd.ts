import type { BlockCodec } from './block-codec.ts';

/** One zstd frame that says its content size. */
export type ZstdCompress = (bytes: Uint8Array) => Uint8Array;

/** The usual trade of size for speed, and libzstd's own default. */
const level = 3;

let loading: Promise<ZstdCompress> | undefined;

/**
 * libzstd as WebAssembly, loaded once a process. Node has a faster zstd of its own from 22.15 on, but compression is less
 * than a tenth of a Parquet file's work, and equal rows must give equal bytes: that one changes with Node, this one only
 * with the lock file.
 */
export function loadZstd(): Promise<ZstdCompress> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ZstdCompress> {
  const { compress, init } = await import('@bokuweb/zstd-wasm');
  await init();
  return (bytes) => compress(bytes, level);
}

/** A frame a block: readers go on from frame to frame (RFC 8878, section 3). */
export async function zstdCodec(): Promise<BlockCodec> {
  const compress = await loadZstd();
  return {
    compress: (block) => Promise.resolve(compress(block)),
    end: () => new Uint8Array(),
  };
}
