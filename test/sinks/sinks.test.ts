import { describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Format } from '../../src/sinks/sinks.ts';
import { createSink, sinks } from '../../src/sinks/sinks.ts';

describe('createSink', () => {
  it.each(Object.keys(sinks) as Format[])('makes the sink that %s names', (format) => {
    expect(createSink({ format }, nodeDisk).format).toBe(format);
  });

  it('compresses Parquet inside the file, text around it', () => {
    expect(createSink({ format: 'parquet', compression: 'gzip' }, nodeDisk).extension).toBe('parquet');
    expect(createSink({ format: 'csv', compression: 'gzip' }, nodeDisk).extension).toBe('csv.gz');
    expect(createSink({ format: 'jsonl', compression: 'zstd' }, nodeDisk).extension).toBe('jsonl.zst');
  });
});
