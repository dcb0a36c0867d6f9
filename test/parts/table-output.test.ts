import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeDisk } from '../../src/system/disk.ts';
import { OpenParts, openPartsPerFormat } from '../../src/parts/open-parts.ts';
import { TableOutput, type Place } from '../../src/parts/table-output.ts';
import { anyKind, batchOfRows, type RowBatch } from '../../src/model/row-batch.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

interface Writes {
  readonly path: string;
  readonly rows: number[];
  state: 'open' | 'closed' | 'aborted';
}

/** A sink that keeps what it is given, and how many files were open at most. */
function countingSink() {
  const files: Writes[] = [];
  const counts = { mostOpen: 0, open: 0 };
  const sink: Sink = {
    format: 'count',
    extension: 'count',
    open: (path) => {
      const file: Writes = { path, rows: [], state: 'open' };
      files.push(file);
      counts.open += 1;
      counts.mostOpen = Math.max(counts.mostOpen, counts.open);
      const end = (state: Writes['state']): Promise<void> => {
        if (file.state === 'open') counts.open -= 1;
        file.state = state;
        return Promise.resolve();
      };
      return Promise.resolve({
        write: (rows) => Promise.resolve(void file.rows.push(...rows.map(({ id }) => Number(id)))),
        close: () => end('closed').then(() => ({ rows: file.rows.length, sizeBytes: 0, sha256: '' })),
        abort: () => end('aborted'),
      });
    },
  };
  return { sink, files, counts };
}

function outputOf(
  sink: Sink,
  rowsPerFile: number,
  emptyPartition?: string,
  openParts = new OpenParts(16),
  table = 'messages',
): TableOutput {
  return new TableOutput({
    disk: { ...nodeDisk, makeFolder: () => Promise.resolve() },
    archive: '/archive',
    run: 3,
    sink,
    schema: { table, columns: [], metadata: {} },
    rowsPerFile,
    openParts,
    emptyPartition,
  });
}

const inFolder = (partition?: string): Place => ({ partition, mayReplace: false });
const rowsOf = (...ids: readonly number[]): RowBatch =>
  batchOfRows(
    ids.map((id) => ({ id })),
    [],
    anyKind([]),
  );

describe('TableOutput', () => {
  it('begins another file when one has all its rows, and none that stays empty', async () => {
    const { sink, files } = countingSink();
    const output = outputOf(sink, 3);
    await output.write(rowsOf(1, 2), inFolder());
    await output.write(rowsOf(3, 4, 5, 6), inFolder());
    await output.close({ evenIfEmpty: true });
    expect(files.map(({ rows }) => rows)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(output.files.map(({ path, rows }) => [path, rows])).toEqual([
      ['messages/run-000003-0001.count', 3],
      ['messages/run-000003-0002.count', 3],
    ]);
  });

  it('numbers the files of each partition', async () => {
    const { sink } = countingSink();
    const output = outputOf(sink, 1);
    await output.write(rowsOf(1, 2), inFolder('month=2024-01'));
    await output.write(rowsOf(3), inFolder('month=2024-02'));
    await output.write(rowsOf(4), inFolder('month=2024-01'));
    await output.close({ evenIfEmpty: true });
    expect(output.files.map(({ path }) => path).sort()).toEqual([
      'messages/month=2024-01/run-000003-0001.count',
      'messages/month=2024-01/run-000003-0002.count',
      'messages/month=2024-01/run-000003-0003.count',
      'messages/month=2024-02/run-000003-0001.count',
    ]);
  });

  it('makes a file of a table without rows where its partitions will be', async () => {
    const { sink } = countingSink();
    const output = outputOf(sink, 1, 'month=none');
    await output.close({ evenIfEmpty: true });
    expect(output.files.map(({ path }) => path)).toEqual(['messages/month=none/run-000003-0001.count']);
    const later = outputOf(sink, 1, 'month=none');
    await later.close({ evenIfEmpty: false });
    expect(later.files).toEqual([]);
  });

  it('has no more than 16 files open, however many partitions come and come again', async () => {
    const { sink, files, counts } = countingSink();
    const output = outputOf(sink, 1_000);
    for (let round = 0; round < 3; round++) {
      for (let month = 0; month < 100; month++) await output.write(rowsOf(round), inFolder(`month=${month}`));
    }
    await output.close({ evenIfEmpty: false });
    expect(counts).toEqual({ mostOpen: 16, open: 0 });
    expect(files).toHaveLength(300);
  });

  it('shares the bound with the other tables of the format', async () => {
    const { sink, counts } = countingSink();
    const openParts = new OpenParts(16);
    const outputs = ['messages', 'mentions', 'links', 'reactions'].map((table) =>
      outputOf(sink, 1_000, undefined, openParts, table),
    );
    for (let round = 0; round < 2; round++) {
      for (let month = 0; month < 40; month++) {
        for (const output of outputs) await output.write(rowsOf(month), inFolder(`month=${month}`));
      }
    }
    expect(counts.open).toBe(16);
    for (const output of outputs) await output.close({ evenIfEmpty: false });
    expect(counts).toEqual({ mostOpen: 16, open: 0 });
    expect(outputs.map(({ files }) => files.length)).toEqual([80, 80, 80, 80]);
  });

  it('leaves a process of 256 handles enough, whatever the formats', () => {
    for (const formats of [1, 2, 3, 5, 96, 200]) {
      expect(openPartsPerFormat(formats) * formats).toBeLessThanOrEqual(Math.max(96, formats));
      expect(openPartsPerFormat(formats)).toBeGreaterThan(0);
    }
  });

  it('keeps a short history open as a whole', async () => {
    const { sink, files } = countingSink();
    const output = outputOf(sink, 1_000);
    for (let round = 0; round < 50; round++) {
      for (let month = 0; month < 16; month++) await output.write(rowsOf(round), inFolder(`month=${month}`));
    }
    await output.close({ evenIfEmpty: false });
    expect(files).toHaveLength(16);
  });

  it('closes files before their number is up when they hold many rows', async () => {
    const { sink, counts } = countingSink();
    const output = outputOf(sink, 1_000_000);
    const many = rowsOf(...Array.from({ length: 90_000 }, (_, id) => id));
    for (let month = 0; month < 10; month++) await output.write(many, inFolder(`month=${month}`));
    expect(counts.mostOpen).toBe(3);
    await output.abort();
    expect(counts.open).toBe(0);
  });

  it('puts every row into one file of its partition, in order, whatever the cuts', async () => {
    const batch = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 12 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (batches, perFile) => {
          const write = async (cut: (ids: readonly number[]) => readonly (readonly number[])[]) => {
            const { sink, files, counts } = countingSink();
            const output = outputOf(sink, perFile);
            let id = 0;
            for (const [partition, rows] of batches) {
              const ids = Array.from({ length: rows }, () => id++);
              for (const part of cut(ids)) await output.write(rowsOf(...part), inFolder(`room=${partition}`));
            }
            await output.close({ evenIfEmpty: false });
            expect(counts.mostOpen).toBeLessThanOrEqual(16);
            return { files, written: output.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), total: id };
          };
          const whole = await write((ids) => [ids]);
          expect(whole.files.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(
            Array.from({ length: whole.total }, (_, id) => id),
          );
          for (const { rows } of whole.files) {
            expect(rows.length).toBeGreaterThan(0);
            expect(rows.length).toBeLessThanOrEqual(perFile);
            expect(rows).toEqual(rows.toSorted((a, b) => a - b));
          }
          expect((await write((ids) => ids.map((one) => [one]))).written).toEqual(whole.written);
        },
      ),
      { numRuns: quickOrLong(20, 200) },
    );
  });
});
