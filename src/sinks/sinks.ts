import type { Disk } from '../system/disk.ts';
import { createCsvSink } from './csv/csv.ts';
import { createJsonlSink } from './jsonl/jsonl.ts';
import { createParquetSink } from './parquet/parquet.ts';
import type { SinkOptions } from '../model/sink-options.ts';
import type { Sink } from './sink.ts';

type OptionsOf<Format extends SinkOptions['format']> = Extract<SinkOptions, { format: Format }>;

/** The formats that are built in. A format here without options in `SinkOptions`, or the other way round, does not compile. */
export const sinks = {
  csv: createCsvSink,
  jsonl: createJsonlSink,
  parquet: createParquetSink,
} as const satisfies { [Format in SinkOptions['format']]: (options: OptionsOf<Format>, disk: Disk) => Sink };

/** The name of a format that is built in. */
export type Format = keyof typeof sinks;

/**
 * A sink of a format that is built in, to write rows of your own.
 *
 * @param disk where its files are opened: `nodeDisk`, or one of your own
 * @throws JobError for options that cannot make a readable file
 */
export function createSink(options: SinkOptions, disk: Disk): Sink {
  switch (options.format) {
    case 'csv':
      return sinks.csv(options, disk);
    case 'jsonl':
      return sinks.jsonl(options, disk);
    case 'parquet':
      return sinks.parquet(options, disk);
  }
}
