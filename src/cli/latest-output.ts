import { UsageError } from '../errors.ts';
import type { SinkOptions } from '../sinks/sink-options.ts';

const formats = ['jsonl', 'csv', 'parquet'] as const;

type Format = (typeof formats)[number];

/** What an output file's name says: `x.csv.gz` is CSV by gzip. */
const ending = /\.(jsonl|csv|parquet)(\.gz|\.zst)?$/;

/**
 * The sink for `--format` and `--output`: the name's ending tells the format and the compression; without a name it is
 * text on stdout, without a format JSONL.
 *
 * @throws UsageError for a format that there is none of, or that does not fit the name
 */
export function latestOutput(format: string | undefined, output: string | undefined): SinkOptions {
  const wanted = format === undefined ? undefined : formats.find((known) => known === format);
  if (format !== undefined && wanted === undefined) {
    throw new UsageError(`Unknown --format "${format}", expected one of ${formats.join(', ')}`);
  }
  if (output === undefined) {
    if (wanted !== 'parquet') return { format: wanted ?? 'jsonl' };
    throw new UsageError('Cannot write parquet to stdout', { hint: 'Name a file: --output latest.parquet' });
  }
  const [, told, suffix] = ending.exec(output) ?? [];
  const named = formats.find((known) => known === told);
  if (wanted !== undefined && named !== undefined && wanted !== named) {
    throw new UsageError(`Cannot write ${wanted} to "${output}": its ending says ${named}`, {
      hint: 'Leave --format out, or choose another name',
    });
  }
  const chosen = wanted ?? named;
  if (chosen === undefined) {
    throw new UsageError(`Cannot determine the format of "${output}"`, {
      hint: `Give --format, one of ${formats.join(', ')}, or a name with such an ending`,
    });
  }
  return withCompression(chosen, suffix, output);
}

function withCompression(format: Format, suffix: string | undefined, output: string): SinkOptions {
  if (suffix === undefined) return { format };
  if (format === 'parquet') {
    throw new UsageError(`Cannot write "${output}": Parquet is compressed inside`, { hint: 'Name it ….parquet' });
  }
  return { format, compression: suffix === '.gz' ? 'gzip' : 'zstd' };
}
