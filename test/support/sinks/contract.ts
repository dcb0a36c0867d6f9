import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import type { Sink, WrittenFile } from '../../../src/sinks/sink.ts';
import type { ColumnSpec, ColumnType, Row } from '../../../src/model/column.ts';
import { expectedValue } from '../../../src/testing/expected-value.ts';
import { hugeMessageRow, nastyRows, nastySchema } from '../../../src/testing/nasty-rows.ts';
import { countingDisk } from '../disk/counting-disk.ts';

export interface Reader {
  /** Completes "read back by …". */
  readonly name: string;
  readonly read: (
    path: string,
    columns: readonly ColumnSpec[],
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What this reader makes of a value it cannot tell from another; as it is when left out. */
  readonly sees?: (value: unknown, type: ColumnType) => unknown;
}

/** What every sink owes. `readers` share no code with it; they are given `moreRows` beside the nasty ones. */
export function itKeepsTheContract(
  createSink: (disk: Disk) => Sink,
  extension: string,
  readers: readonly Reader[],
  moreRows: readonly Row[],
): void {
  describe(extension, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sinks-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    async function write(
      batches: readonly (readonly Row[])[],
      name: string,
      disk = countingDisk(),
    ): Promise<WrittenFile> {
      const writer = await createSink(disk).open(join(folder, name), nastySchema);
      try {
        for (const batch of batches) await writer.write(batch);
      } catch (error) {
        await writer.abort();
        throw error;
      }
      return writer.close();
    }

    const sources = [...nastyRows, ...moreRows];
    const all = `all.${extension}`;
    // Once for all readers.
    let writing: Promise<WrittenFile> | undefined;

    it('names its files', () => expect(createSink(countingDisk()).extension).toBe(extension));

    it.each(readers)('is read back by $name, every value equal to the source', async ({ read, sees = same }) => {
      await (writing ??= write([sources], all));
      const rows = await read(join(folder, all), nastySchema.columns);
      expect(rows.length).toBe(sources.length);
      for (const [index, row] of rows.entries()) {
        const cells = nastySchema.columns.map(({ name: column, type }) => [
          column,
          sees(expectedValue(sources[index]?.[column]), type),
        ]);
        const expected = Object.fromEntries(cells) as unknown;
        // toEqual tells best what differs, and takes seconds for ten thousand reactions.
        if (!isDeepStrictEqual(row, expected)) expect(row).toEqual(expected);
      }
    });

    it.each(readers)('makes a file without rows that $name takes', async ({ read }) => {
      const name = `none.${extension}`;
      expect((await write([], name)).rows).toBe(0);
      expect(await read(join(folder, name), nastySchema.columns)).toEqual([]);
    });

    it('gives the same bytes however the rows are cut into batches', async () => {
      const rows = [...nastyRows, hugeMessageRow, ...nastyRows.slice(0, 9)];
      const { sha256 } = await write([rows], `whole.${extension}`);
      const oneByOne = rows.map((row) => [row]);
      expect((await write(oneByOne, `cut.${extension}`)).sha256).toBe(sha256);
      const positions = fc.array(fc.nat({ max: rows.length }), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(positions, async (unsorted) => {
          const ends = [...unsorted.sort((a, b) => a - b), rows.length];
          const batches = ends.map((end, index) => rows.slice(ends[index - 1] ?? 0, end));
          expect((await write(batches, `cut.${extension}`)).sha256).toBe(sha256);
        }),
        // One cut in single rows holds most of what can go wrong; there are fourteen sinks.
        { numRuns: 1 },
      );
    });

    it('tells rows, size and SHA-256 of the file as it lies on the disk', async () => {
      const name = `told.${extension}`;
      const written = await write([nastyRows], name);
      const bytes = await readFile(join(folder, name));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(written).toEqual({ rows: nastyRows.length, sizeBytes: bytes.length, sha256 });
    });

    it('leaves no handle open when it is closed or aborted', async () => {
      const disk = countingDisk();
      await write([nastyRows], `closed.${extension}`, disk);
      expect(disk.openHandles()).toBe(0);
      const writer = await createSink(disk).open(join(folder, `aborted.${extension}`), nastySchema);
      await writer.write(nastyRows);
      expect(disk.openHandles()).toBe(1);
      await writer.abort();
      expect(disk.openHandles()).toBe(0);
    });

    it('fails with what the disk says, at whichever step the disk fails, and leaves no handle open', async () => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => unhandled.push(reason);
      process.on('unhandledRejection', note);
      try {
        const counting = countingDisk();
        await write([nastyRows.slice(0, 20)], `steps.${extension}`, counting);
        for (let step = 0; step < counting.steps(); step++) {
          const disk = countingDisk(step);
          await expect(write([nastyRows.slice(0, 20)], `failed.${extension}`, disk)).rejects.toBeInstanceOf(
            OutputError,
          );
          expect(disk.openHandles()).toBe(0);
        }
        await expect(write([[hugeMessageRow]], `failed.${extension}`, countingDisk(0))).rejects.toBeInstanceOf(
          OutputError,
        );
        // Node reports unhandled rejections when the microtasks are done.
        await new Promise((resolve) => setImmediate(resolve));
        expect(unhandled).toEqual([]);
      } finally {
        process.off('unhandledRejection', note);
      }
    });

    it('fails as the disk does where the file cannot be made', async () => {
      const path = join(folder, 'no-such-folder', `x.${extension}`);
      await expect(createSink(countingDisk()).open(path, nastySchema)).rejects.toBeInstanceOf(OutputError);
    });
  });
}

function same(value: unknown): unknown {
  return value;
}
