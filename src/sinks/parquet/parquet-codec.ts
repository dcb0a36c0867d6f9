import { loadZstd } from '../../system/zstd.ts';
import { gzip } from '../compression/gzip.ts';
import type { ParquetOptions } from '../../model/sink-options.ts';

export type ParquetCompression = NonNullable<ParquetOptions['compression']>;

/** A codec, by Parquet's name. */
export interface ParquetCodec {
  readonly codec: 'ZSTD' | 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
  /** @returns bytes that share none with `page` */
  readonly compress: (page: Uint8Array) => Uint8Array;
}

export async function loadParquetCodec(compression: ParquetCompression): Promise<ParquetCodec> {
  switch (compression) {
    case 'zstd':
      return { codec: 'ZSTD', compress: (await loadZstd()).compress };
    case 'gzip':
      return { codec: 'GZIP', compress: gzip };
    case 'snappy':
      return { codec: 'SNAPPY', compress: (await import('hyparquet-writer/src/snappy.js')).snappyCompress };
    case 'none':
      return { codec: 'UNCOMPRESSED', compress: (page) => Uint8Array.from(page) };
  }
}
