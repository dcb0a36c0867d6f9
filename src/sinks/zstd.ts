import zlib from 'node:zlib';
import type { BlockCodec } from './block-codec.ts';

/** One zstd frame that says its content size. */
export type ZstdCompress = (bytes: Uint8Array) => Uint8Array;

/** The usual trade of size for speed, libzstd's own default and so that of Node. */
const level = 3;

let loading: Promise<ZstdCompress> | undefined;

/**
 * The zstd of Node where it has one (from 22.15 and 23.8 on: native, twice as fast), else libzstd as
 * WebAssembly, loaded once a process.
 *
 * The two may be different versions of libzstd: equal bytes give equal frames under one version of Node.
 */
export function loadZstd(): Promise<ZstdCompress> {
  loading ??= load();
  return loading;
}

/** Types are those of the oldest Node that the package runs on. */
const newerZlib: typeof zlib & { readonly zstdCompressSync?: ZstdCompress } = zlib;

async function load(): Promise<ZstdCompress> {
  const { zstdCompressSync } = newerZlib;
  if (zstdCompressSync !== undefined) return (bytes) => zstdCompressSync(bytes);
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
