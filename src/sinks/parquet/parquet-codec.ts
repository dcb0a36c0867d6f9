import { loadZstd } from '../../system/zstd.ts';
import { gzip } from '../compression/gzip.ts';
import type { ParquetOptions } from '../../model/sink-options.ts';

export type ParquetCompression = NonNullable<ParquetOptions['compression']>;

/** Parquet's name of a codec, and what the encoder does not bring itself. */
export interface ParquetCodec {
  readonly codec: 'ZSTD' | 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
  readonly compressors: Readonly<Partial<Record<'ZSTD' | 'GZIP', (page: Uint8Array) => Uint8Array>>>;
}

export async function loadParquetCodec(compression: ParquetCompression): Promise<ParquetCodec> {
  switch (compression) {
    case 'zstd':
      return { codec: 'ZSTD', compressors: { ZSTD: (await loadZstd()).compress } };
    case 'gzip':
      return { codec: 'GZIP', compressors: { GZIP: gzip } };
    case 'snappy':
      return { codec: 'SNAPPY', compressors: {} };
    case 'none':
      return { codec: 'UNCOMPRESSED', compressors: {} };
  }
}
