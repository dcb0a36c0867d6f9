import { z } from 'zod';
import { pluginKeys } from './plugin-keys.ts';

const textCompression = z.enum(['gzip', 'zstd', 'none']);

const csv = z
  .strictObject({
    format: z.literal('csv'),
    delimiter: z
      .string()
      .regex(/^[^"\r\n\u0000\ufeff\ud800-\udfff]$/, 'expected one character, no quote and no line break')
      .meta({ title: 'Between cells', description: 'One character.', default: ',', examples: [';', '\t'] })
      .exactOptional(),
    bom: z
      .boolean()
      .meta({ title: 'Byte order mark', description: 'Begin the file with one, for Excel.', default: false })
      .exactOptional(),
    excelSafe: z
      .boolean()
      .meta({
        title: 'Safe for spreadsheets',
        description: "Put ' before cells that a spreadsheet would run as a formula. Changes data: not for archives.",
        default: false,
      })
      .exactOptional(),
    compression: textCompression
      .meta({ title: 'Compression', description: 'gzip (.csv.gz), zstd (.csv.zst) or none.', default: 'none' })
      .exactOptional(),
  })
  .meta({ title: 'CSV', description: 'RFC 4180, UTF-8; lists and structs as JSON text.' });

const jsonl = z
  .strictObject({
    format: z.literal('jsonl'),
    compression: textCompression
      .meta({ title: 'Compression', description: 'gzip (.jsonl.gz), zstd (.jsonl.zst) or none.', default: 'none' })
      .exactOptional(),
  })
  .meta({ title: 'JSON Lines', description: 'One JSON object per line.' });

const parquet = z
  .strictObject({
    format: z.literal('parquet'),
    engine: z
      .enum(['hyparquet', 'parquetjs-lite'])
      .meta({
        title: 'Library that encodes',
        description: 'parquetjs-lite is many times slower and its files are larger.',
        default: 'hyparquet',
      })
      .exactOptional(),
    compression: z
      .enum(['zstd', 'snappy', 'gzip', 'none'])
      .meta({
        title: 'Compression',
        description: 'Of the pages in the file. Engine parquetjs-lite has no zstd: its default is snappy.',
        default: 'zstd',
      })
      .exactOptional(),
  })
  .meta({ title: 'Parquet', description: 'Native types: timestamps in UTC, lists and structs.' });

const plugin = z
  .strictObject(pluginKeys)
  .meta({ title: 'A format of your own', description: 'A module that writes the files.' });

/** `sinks` of a job: the format of an entry decides which other keys it has; an entry with `use` has none. */
export const sinksSchema = z
  .array(z.union([z.discriminatedUnion('format', [parquet, csv, jsonl]), plugin]))
  .min(1)
  .superRefine((entries, context) => {
    entries.forEach((sink, index) => {
      if (
        !('format' in sink) ||
        sink.format !== 'parquet' ||
        sink.engine !== 'parquetjs-lite' ||
        sink.compression !== 'zstd'
      )
        return;
      const message = 'engine "parquetjs-lite" does not have it, expected one of "snappy", "gzip", "none"';
      context.addIssue({ code: 'custom', path: [index, 'compression'], message });
    });
    // A Parquet file ends in .parquet however its pages are compressed; the others carry the compression in the name.
    // What a plug-in's files end in is known when it is loaded.
    const endings = entries.map((sink) => {
      if (!('format' in sink)) return undefined;
      return sink.format === 'parquet' ? sink.format : `${sink.format} ${sink.compression ?? 'none'}`;
    });
    endings.forEach((ending, index) => {
      if (ending === undefined || endings.indexOf(ending) === index) return;
      const message = 'would write the same files as a sink before it, expected each format and ending once';
      context.addIssue({ code: 'custom', path: [index], message });
    });
  })
  .meta({ title: 'Formats to write', description: 'One entry per format; every format gets every table.' });
