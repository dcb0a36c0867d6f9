import type { BlockCodec } from './block-codec.ts';
import { gzipCodec } from './gzip.ts';
import type { TextCompression } from '../../model/sink-options.ts';
import { zstdCodec } from './zstd.ts';

/** Undefined where nothing is compressed. Loads the library a codec needs. */
export async function loadBlockCodec(compression: TextCompression): Promise<BlockCodec | undefined> {
  switch (compression) {
    case 'none':
      return undefined;
    case 'gzip':
      return gzipCodec();
    case 'zstd':
      return zstdCodec();
  }
}

/** What a compressed text file's name ends with. */
export const compressionSuffixes = { none: '', gzip: '.gz', zstd: '.zst' } as const satisfies Record<
  TextCompression,
  string
>;
