import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readableFormats } from '../../src/readers/data-file.ts';
import { fileExtensions } from '../../src/schemas/schema-request.ts';
import type { Format } from '../../src/sinks/sinks.ts';
import { createSink, sinks } from '../../src/sinks/sinks.ts';
import { fileFormat, fileFormats } from '../../src/snapshot/file-format.ts';
import { nodeDisk } from '../../src/system/disk.ts';

const formats = Object.keys(sinks) as Format[];

describe('createSink', () => {
  it.each(formats)('makes the sink that %s names', (format) => {
    expect(createSink({ format }, nodeDisk).format).toBe(format);
  });

  it('compresses Parquet inside the file, text around it', () => {
    expect(createSink({ format: 'parquet', compression: 'gzip' }, nodeDisk).extension).toBe('parquet');
    expect(createSink({ format: 'csv', compression: 'gzip' }, nodeDisk).extension).toBe('csv.gz');
    expect(createSink({ format: 'jsonl', compression: 'zstd' }, nodeDisk).extension).toBe('jsonl.zst');
  });
});

describe('a format that is built in', () => {
  const extensions = new Set(
    formats.flatMap((format) =>
      (['none', 'gzip', 'zstd'] as const).map((compression) => createSink({ format, compression }, nodeDisk).extension),
    ),
  );

  it('can be read back, for comparing changes and for `compact`', () =>
    expect(new Set<string>(readableFormats)).toEqual(new Set(formats)));

  it('can be written to a single file, whose ending says it', () => {
    expect(new Set<string>(fileFormats)).toEqual(new Set(formats));
    expect(formats.map((format) => fileFormat(`rows.${format}`).format)).toEqual(formats);
  });

  it('has a place in views and in what `schema` prints, however its files end', () =>
    expect(new Set<string>(fileExtensions)).toEqual(extensions));

  it.each(formats)('keeps the contract of sinks by foreign readers: %s', (format) => {
    const tests = ['contract.test.ts', 'parquet/contract-parquet.test.ts'];
    const tried = tests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
    expect(tried).toContain(`format: '${format}'`);
  });
});
