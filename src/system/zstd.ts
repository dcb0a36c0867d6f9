import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import zlib from 'node:zlib';
import { OutputError } from '../errors.ts';

/** Both ways of a zstd frame that says its content size. */
interface Zstd {
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
 * Loaded once per process, for whoever reads or writes: a second `init` of the library swaps its memory under the
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
  // Before it is started.
  const failure = failureOf(insideOfLibrary());
  await Promise.race([init(), failure]);
  return { compress: (bytes) => compress(bytes, level), decompress: (frame) => decompress(frame) };
}

/** As far as the library uses it: the types of Node do not know it. */
declare const WebAssembly: {
  instantiate(wasm: Uint8Array, imports: object): Promise<{ readonly instance: object }>;
};

/** What the library starts itself with, of which its types say nothing. */
interface WasmModule {
  init: (wasm: Uint8Array) => void;
  /** Emscripten's: called in place of the module's own instantiation. */
  instantiateWasm?: (imports: object, receive: (instance: object) => void) => object;
}

/** It exports itself only; its files are where its entry is, in the exact version that this program is built with. */
function insideOfLibrary(): WasmModule {
  const require = createRequire(import.meta.url);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  const inside = require(join(dirname(require.resolve('@bokuweb/zstd-wasm')), 'module.js')) as { Module: WasmModule };
  return inside.Module;
}

/**
 * Rejects when the library cannot be started. By itself it prints a line then and waits for ever: WebAssembly wants some
 * 10 GB of address space for its memory, which `ulimit -v` may not leave. Never resolves.
 */
function failureOf(library: WasmModule): Promise<never> {
  const initLibrary = library.init;
  return new Promise((_resolve, reject) => {
    library.init = (wasm) => {
      library.instantiateWasm = (imports, receive) => {
        WebAssembly.instantiate(wasm, imports).then(
          ({ instance }) => receive(instance),
          (cause: unknown) => {
            const reason = cause instanceof Error ? cause.message : String(cause);
            const hint =
              'Lift the limit of address space (ulimit -v), use Node.js 22.15 or newer, or write with another compression';
            reject(new OutputError(`Cannot start zstd: ${reason}`, { cause, hint }));
          },
        );
        return {};
      };
      initLibrary(wasm);
    };
  });
}
