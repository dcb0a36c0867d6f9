import { UsageError } from '../errors.ts';
import type { SinkOptions } from '../model/sink-options.ts';

/** The built-in formats of a single file. */
export const fileFormats = ['jsonl', 'csv', 'parquet'] as const;

/** A format that a single file can be written in. */
export type FileFormat = (typeof fileFormats)[number];

/** What an output file's name says: `x.csv.gz` is CSV by gzip. */
const ending = new RegExp(`\\.(${fileFormats.join('|')})(\\.gz|\\.zst)?$`);

/**
 * The sink for a file: the ending of its name says the format and the compression.
 *
 * @param wanted the format, where the name does not say it
 * @throws UsageError for a name that says no format, or another one
 */
export function fileFormat(output: string, wanted?: FileFormat): SinkOptions {
  const [, format, suffix] = ending.exec(output) ?? [];
  const named = fileFormats.find((known) => known === format);
  if (wanted !== undefined && named !== undefined && wanted !== named) {
    throw new UsageError(`Cannot write ${wanted} to "${output}": its ending says ${named}`, {
      hint: 'Give no format, or choose another name',
    });
  }
  const chosen = wanted ?? named;
  if (chosen === undefined) {
    throw new UsageError(`Cannot determine the format of "${output}"`, {
      hint: `Give the format, one of ${fileFormats.join(', ')}, or a name with such an ending`,
    });
  }
  return withCompression(chosen, suffix, output);
}

function withCompression(format: FileFormat, suffix: string | undefined, output: string): SinkOptions {
  if (suffix === undefined) return { format };
  if (format === 'parquet') {
    throw new UsageError(`Cannot write "${output}": Parquet is compressed inside`, { hint: 'Name it ….parquet' });
  }
  return { format, compression: suffix === '.gz' ? 'gzip' : 'zstd' };
}
