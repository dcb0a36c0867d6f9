/** One entry of a job's `sinks:`, checked, defaults left out: the sink fills them in. */
export type SinkOptions = CsvOptions | JsonlOptions | ParquetOptions;

export type TextCompression = 'gzip' | 'zstd' | 'none';

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

export interface JsonlOptions {
  readonly format: 'jsonl';
  readonly compression?: TextCompression;
}

export interface ParquetOptions {
  readonly format: 'parquet';
  /** Default zstd. */
  readonly compression?: 'zstd' | 'snappy' | 'gzip' | 'none';
}
