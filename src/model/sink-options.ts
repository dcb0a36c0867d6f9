import type { PluginReference } from './plugin-reference.ts';

/** Options of a format that is built in, checked, defaults left out: the sink fills them in. */
export type SinkOptions = CsvOptions | JsonlOptions | ParquetOptions;

/** One entry of a job's `sinks:`. */
export type SinkEntry = SinkOptions | PluginSinkOptions;

/** A sink of the user's own; it says itself what its format is called. */
export interface PluginSinkOptions {
  readonly format: 'plug-in';
  readonly plugin: PluginReference;
}

/** How files of text are compressed. */
export type TextCompression = 'gzip' | 'zstd' | 'none';

/** Options of CSV. */
export interface CsvOptions {
  readonly format: 'csv';
  /** Default `,`. */
  readonly delimiter?: string;
  /** Start the file with a UTF-8 byte order mark, for Excel. Default false. */
  readonly bom?: boolean;
  /** Put `'` before cells a spreadsheet would run as a formula. Changes data, so it is off by default. */
  readonly excelSafe?: boolean;
  /** Default none; `gzip` names the file `.csv.gz`, `zstd` `.csv.zst`. */
  readonly compression?: TextCompression;
}

/** Options of JSONL. */
export interface JsonlOptions {
  readonly format: 'jsonl';
  readonly compression?: TextCompression;
}

/** The library that encodes. */
export type ParquetEngine = 'hyparquet' | 'parquetjs-lite';

/** Options of Parquet. */
export interface ParquetOptions {
  readonly format: 'parquet';
  /** Default hyparquet. */
  readonly engine?: ParquetEngine;
  /** Default zstd, with parquetjs-lite, which has no zstd, snappy. */
  readonly compression?: 'zstd' | 'snappy' | 'gzip' | 'none';
}
