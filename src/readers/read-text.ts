import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Disk } from '../system/disk.ts';
import type { TextCompression } from '../model/sink-options.ts';
import { loadZstd } from '../system/zstd.ts';
import { zstdFrames } from './zstd-frames.ts';

/** As the sinks name their files. */
export function textCompression(path: string): TextCompression {
  return path.endsWith('.gz') ? 'gzip' : path.endsWith('.zst') ? 'zstd' : 'none';
}

/**
 * The text of a UTF-8 file, decompressed by its ending, in pieces of a megabyte or so; a byte order mark is a part of it.
 *
 * @throws TypeError for what is no UTF-8; FormatError or an error of zlib for what is not compressed as the name says;
 *   OutputError when the disk refuses
 */
export async function* readText(disk: Disk, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const bytes of decompressed(disk.readChunks(path), textCompression(path))) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

const gunzipChunkBytes = 1 << 20;

function decompressed(chunks: AsyncIterable<Uint8Array>, compression: TextCompression): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return chunks;
    case 'gzip': {
      const gunzip = createGunzip({ chunkSize: gunzipChunkBytes });
      // Whoever reads learns of it from `gunzip`, and when they stop, `chunks` are closed.
      pipeline(Readable.from(chunks), gunzip, () => undefined);
      return gunzip;
    }
    case 'zstd':
      return decompressedFrames(chunks);
  }
}

async function* decompressedFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { decompress } = await loadZstd();
  for await (const frame of zstdFrames(chunks)) yield decompress(frame);
}
