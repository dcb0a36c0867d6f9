import type { Disk } from '../../system/disk.ts';
import { jsonLines } from './json-lines.ts';
import type { JsonlOptions } from '../../model/sink-options.ts';
import { LineWriter, onePerColumns } from '../line-writer.ts';
import type { Sink } from '../sink.ts';
import { compressionSuffixes } from '../compression/text-compression.ts';
import { TextFile } from '../text-file.ts';

/**
 * JSON Lines: one object per row and line, UTF-8, LF, in the columns' order, every column present. Values are JSON's own;
 * timestamps are strings, RFC 3339 in UTC with milliseconds; columns of json are JSON text.
 *
 * Cannot hold: lone surrogates (U+FFFD instead). Nothing else is lost.
 */
export function createJsonlSink({ compression = 'none' }: JsonlOptions, disk: Disk): Sink {
  const lines = onePerColumns(jsonLines);
  return {
    format: 'jsonl',
    extension: `jsonl${compressionSuffixes[compression]}`,
    open: async (path, { columns }) =>
      new LineWriter(await TextFile.open(disk, path, compression), columns, lines(columns)),
  };
}
