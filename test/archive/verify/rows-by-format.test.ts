import { describe, expect, it } from '@jest/globals';
import type { ManifestFile } from '../../../src/archive/manifest/manifest.ts';
import { rowsByFormat, unequalFormats } from '../../../src/archive/verify/rows-by-format.ts';

const file = (table: string, format: string, rows: number): ManifestFile => ({
  ...{
    table,
    rows,
    format: format.split('.')[0] ?? '',
    path: `${table}/run-000001-0001.${format}`,
    sizeBytes: 1,
    sha256: '',
  },
});

describe('the rows of an archive by table and format', () => {
  it('are those of all its files, in alphabetical order, kept journals left out', () => {
    const files = [file('messages', 'jsonl', 100), file('messages', 'csv', 155), file('messages', 'jsonl', 55)];
    const raw = { path: '_raw/run-000001/a.jsonl', sizeBytes: 1, sha256: '' };
    expect(JSON.stringify(rowsByFormat([...files, raw, file('links', 'csv', 3)]))).toBe(
      '{"links":{"csv":3},"messages":{"csv":155,"jsonl":155}}',
    );
  });

  it('are told apart by compression: a job may write a format twice', () => {
    const formats = rowsByFormat([file('messages', 'csv.gz', 9), file('messages', 'csv.zst', 9)]);
    expect(formats).toEqual({ messages: { 'csv.gz': 9, 'csv.zst': 9 } });
    expect(unequalFormats(formats)).toEqual([]);
  });

  it('are a note where a format was added to a job that had runs', () => {
    const formats = rowsByFormat([
      file('messages', 'jsonl', 155),
      file('messages', 'csv', 1),
      file('links', 'jsonl', 3),
      file('links', 'csv', 3),
    ]);
    expect(unequalFormats(formats)).toEqual([
      'The formats of "messages" do not agree: rows 1 as csv, 155 as jsonl; some runs made one and not the other',
    ]);
  });
});
