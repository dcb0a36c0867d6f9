import zlib from 'node:zlib';

/** Both ways of a zstd frame that says its content size. */
export interface Zstd {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  /** Of one frame. Throws Error for anything else. */
  readonly decompress: (frame: Uint8Array) => Uint8Array;
}

/** The usual trade of size for speed, libzstd's own default and so that of Node. */
const level = 3;

let loading: Promise<Zstd> | undefined;

/**
 * The zstd of Node where it has one (from 22.15 and 23.8 on: native, twice as fast), else libzstd as WebAssembly.
 *
 * Loaded once a process, for whoever reads or writes: a second `init` of the library swaps its memory under the
 * functions of the first, and what they make from then on is garbage.
 *
 * The two may be different versions of libzstd: equal bytes give equal frames under one version of Node.
 */
export function loadZstd(): Promise<Zstd> {
  loading ??= load();
  return loading;
}

/** Types are those of the oldest Node that the package runs on. */
const newerZlib: typeof zlib & {
  readonly zstdCompressSync?: Zstd['compress'];
  readonly zstdDecompressSync?: Zstd['decompress'];
} = zlib;

async function load(): Promise<Zstd> {
  const { zstdCompressSync, zstdDecompressSync } = newerZlib;
  if (zstdCompressSync !== undefined && zstdDecompressSync !== undefined) {
    return { compress: (bytes) => zstdCompressSync(bytes), decompress: (frame) => zstdDecompressSync(frame) };
  }
  const { compress, decompress, init } = await import('@bokuweb/zstd-wasm');
  await init();
  return { compress: (bytes) => compress(bytes, level), decompress: (frame) => decompress(frame) };
}
