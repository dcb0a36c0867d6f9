import { gunzipSync } from 'node:zlib';
import { compressors } from 'hyparquet-compressors';

/** By decoders that are not the writers' own. `sizeBytes`: what comes out at most. */
export function decompress(bytes: Uint8Array, extension: string, sizeBytes: number): Uint8Array {
  if (extension.endsWith('.gz')) return gunzipSync(bytes);
  if (extension.endsWith('.zst')) return compressors.ZSTD?.(bytes, sizeBytes) ?? bytes;
  return bytes;
}
