import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readArchiveHistory } from '../../src/snapshot/archive-history.ts';
import { systemEvery } from '../../src/system/clock.ts';
import { acquireLock } from '../../src/archive/lock/lock.ts';
import { archivePaths } from '../../src/archive/paths.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { DifferenceError, InterruptedError, OutputError, StoppedError, UsageError } from '../../src/errors.ts';
import { describeDataFile } from '../../src/readers/describe-data-file.ts';
import type { SinkEntry } from '../../src/model/sink-options.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { newProcess } from '../support/runs/new-process.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { livePaths, publishRows, rowOf, rowsInArchive } from '../support/archives/rows-archive.ts';
import { messages, revised } from '../support/archives/sample-rows.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const everyFormat: readonly SinkEntry[] = [{ format: 'csv' }, { format: 'jsonl' }, { format: 'parquet' }];

/** Everything below a folder: bytes of the files. */
async function tree(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries: [string, string][] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    entries.push([name, (await stat(path)).isDirectory() ? 'folder' : await readFile(path, 'base64')]);
  }
  return Object.fromEntries(entries);
}

async function expectVerified(archive: string): Promise<void> {
  expect(await verifyArchive(archive)).toMatchObject({ differences: [], notes: [] });
}

describe('compactArchive', () => {
  it('puts the rows of many files into one, every format for itself, the text formats to the byte', async () => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 5; run += 1) await publishRows(archive, [messages(run, run)], everyFormat);
      const rows = await rowsInArchive(archive);
      const texts = async (extension: string, header: RegExp): Promise<string> => {
        const paths = (await livePaths(archive)).filter((path) => path.endsWith(extension));
        const parts = await Promise.all(paths.map((path) => readFile(join(archive, path), 'utf8')));
        return parts.map((text, index) => (index === 0 ? text : text.replace(header, ''))).join('');
      };
      const [csv, jsonl] = [await texts('csv', /^.*\n/), await texts('jsonl', /^/)];

      const compaction = await compactHere(archive);
      expect(compaction).toMatchObject({ kind: 'compacted', filesBefore: 15, filesAfter: 3, manifest: { run: 6 } });
      expect(await livePaths(archive)).toEqual([
        'messages/run-000006-0001.csv',
        'messages/run-000006-0001.jsonl',
        'messages/run-000006-0001.parquet',
      ]);
      expect(await rowsInArchive(archive)).toEqual(rows);
      expect([await texts('csv', /^/), await texts('jsonl', /^/)]).toEqual([csv, jsonl]);
      expect((await readdir(join(archive, 'messages'))).length).toBe(3);
      await expectVerified(archive);
      expect(await verifyArchive(archive)).toMatchObject({ runs: 6, rows: { messages: 15 } });
    });
  });

  it('says that there is nothing to do, and does nothing', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRows(archive, [messages(1, 3), { table: 'rooms', rows: [] }], everyFormat);
      const before = await tree(archive);
      expect(await compactHere(archive)).toEqual({ kind: 'nothing-to-do', files: 6, notes: [] });
      // Whoever published it was cut before the views were there: these are made, and nothing else.
      const viewed = await tree(archive);
      expect(Object.keys(viewed)).toContain('_view/schema/views.sql');
      expect(Object.fromEntries(Object.entries(viewed).filter(([path]) => !path.startsWith('_view')))).toEqual(before);
      expect(await compactHere(archive)).toEqual({ kind: 'nothing-to-do', files: 6, notes: [] });
      expect(await tree(archive)).toEqual(viewed);
      await publishRows(archive, [messages(2, 3)], everyFormat);
      await compactHere(archive);
      const compacted = await tree(archive);
      expect(await compactHere(archive)).toMatchObject({ kind: 'nothing-to-do' });
      expect(await tree(archive)).toEqual(compacted);
    });
  });

  it('does not say that there is nothing to do where the only file of a table is gone', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRows(archive, [messages(1, 3)], [{ format: 'jsonl' }]);
      await rm(join(archive, 'messages/run-000001-0001.jsonl'));
      const attempt = compactHere(archive);
      await expect(attempt).rejects.toThrow('"messages/run-000001-0001.jsonl" is not there');
      await expect(attempt).rejects.toBeInstanceOf(DifferenceError);
    });
  });

  it('writes files of so many rows, and leaves full ones alone', async () => {
    await inTemporaryFolder(async (archive) => {
      const sinks: readonly SinkEntry[] = [{ format: 'jsonl' }];
      for (let run = 1; run <= 4; run += 1) await publishRows(archive, [messages(run, 7)], sinks);
      const rows = await rowsInArchive(archive);
      await compactHere(archive, { rowsPerFile: 10 });
      const counts = async () =>
        (await readArchiveHistory(nodeDisk, archive)).files.map(({ path, rows: own }) => [path, own]);
      expect(await counts()).toEqual([
        ['messages/run-000005-0001.jsonl', 10],
        ['messages/run-000005-0002.jsonl', 10],
        ['messages/run-000005-0003.jsonl', 8],
      ]);
      expect(await rowsInArchive(archive)).toEqual(rows);
      await publishRows(archive, [messages(6, 1)], sinks);
      await publishRows(archive, [messages(7, 4)], sinks);
      expect(await compactHere(archive, { rowsPerFile: 10 })).toMatchObject({
        manifest: {
          compacted: [{ table: 'messages', rowsBefore: 13, rowsAfter: 13 }],
          replaces: [
            { path: 'messages/run-000005-0003.jsonl' },
            { path: 'messages/run-000006-0001.jsonl' },
            { path: 'messages/run-000007-0001.jsonl' },
          ],
        },
      });
      expect(await counts()).toEqual([
        ['messages/run-000005-0001.jsonl', 10],
        ['messages/run-000005-0002.jsonl', 10],
        ['messages/run-000008-0001.jsonl', 10],
        ['messages/run-000008-0002.jsonl', 3],
      ]);
      await expectVerified(archive);
    });
  });

  longIt('writes as the files were written', async () => {
    const sinks: readonly SinkEntry[] = [
      { format: 'csv', delimiter: ';', bom: true, excelSafe: true, compression: 'gzip' },
      { format: 'csv', compression: 'zstd' },
      { format: 'jsonl', compression: 'zstd' },
      { format: 'parquet', engine: 'parquetjs-lite', compression: 'gzip' },
    ];
    await inTemporaryFolder(async (archive) => {
      await publishRows(archive, [messages(1, 9)], sinks);
      await publishRows(archive, [messages(2, 9)], sinks);
      const rows = await rowsInArchive(archive);
      const schemas = async () => {
        const { files } = await readArchiveHistory(nodeDisk, archive);
        return Promise.all(
          files
            .filter(({ path }) => path.includes('-0001.'))
            .map(async ({ path, format }) => {
              const known = format as 'csv' | 'jsonl' | 'parquet';
              const { options, columns } = await describeDataFile(nodeDisk, {
                path: join(archive, path),
                format: known,
              });
              return { options, columns };
            }),
        );
      };
      const before = (await schemas()).slice(0, sinks.length);
      expect(await compactHere(archive)).toMatchObject({ kind: 'compacted', filesAfter: 4 });
      expect(await schemas()).toEqual(before);
      expect(await rowsInArchive(archive)).toEqual(rows);
      await expectVerified(archive);
    });
  });

  it('puts into one file only what was written in the same way with the same columns', async () => {
    await inTemporaryFolder(async (archive) => {
      const some = ['message_id', 'run', 'msg'];
      await publishRows(archive, [{ ...messages(1, 0), columns: some }], [{ format: 'csv' }]);
      await publishRows(archive, [messages(2, 2)], [{ format: 'csv' }]);
      await publishRows(archive, [messages(3, 2)], [{ format: 'csv' }]);
      await publishRows(archive, [{ ...messages(4, 2), columns: some }], [{ format: 'csv' }]);
      await publishRows(archive, [{ ...messages(5, 2), columns: some }], [{ format: 'csv', delimiter: '\t' }]);
      await publishRows(archive, [{ ...messages(6, 2), columns: some }], [{ format: 'csv', delimiter: '\t' }]);
      const rows = await rowsInArchive(archive);
      expect(await compactHere(archive)).toMatchObject({ filesBefore: 6, filesAfter: 3 });
      expect(await rowsInArchive(archive)).toEqual(rows);
      expect(await compactHere(archive)).toMatchObject({ kind: 'nothing-to-do' });
    });
  });

  longIt('keeps partitions as they are', async () => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 3; run += 1) {
        await publishRows(
          archive,
          [
            { ...messages(run, 2), partition: 'month=2026-01' },
            { ...messages(run + 10, 1), partition: 'month=2026-02' },
            { table: 'rooms', rows: [rowOf('rooms', { room_id: 'r', run })] },
          ],
          [{ format: 'parquet' }],
        );
      }
      const rows = await rowsInArchive(archive);
      await compactHere(archive);
      expect(await livePaths(archive)).toEqual([
        'messages/month=2026-01/run-000004-0001.parquet',
        'messages/month=2026-02/run-000004-0001.parquet',
        'rooms/run-000004-0001.parquet',
      ]);
      expect(await rowsInArchive(archive)).toEqual(rows);
      await expectVerified(archive);
    });
  });

  it('keeps rows that may replace others apart, behind all first versions', async () => {
    await inTemporaryFolder(async (archive) => {
      const sinks: readonly SinkEntry[] = [{ format: 'csv' }];
      await publishRows(archive, [messages(1, 3)], sinks);
      await publishRows(archive, [messages(2, 2), revised(2, ['m1-0'])].slice(0, 1), sinks);
      await publishRows(archive, [revised(3, ['m1-0', 'm1-2'])], sinks);
      await publishRows(archive, [messages(4, 2)], sinks);
      await publishRows(archive, [revised(5, ['m1-0'])], sinks);
      const files = async () =>
        (await readArchiveHistory(nodeDisk, archive)).files.map(({ path, rows, mayReplace }) => [
          path,
          rows,
          mayReplace,
        ]);
      await compactHere(archive);
      expect(await files()).toEqual([
        ['messages/run-000006-0001.csv', 7, false],
        ['messages/run-000006-0002.csv', 3, true],
      ]);
      const { 'messages csv': rows = [] } = await rowsInArchive(archive);
      expect(rows.map((row) => row['run'])).toEqual([1, 1, 1, 2, 2, 4, 4, 3, 3, 5]);
      // New first versions: what may replace rows is written again, so that it stays behind them.
      await publishRows(archive, [messages(7, 1)], sinks);
      await compactHere(archive);
      expect(await files()).toEqual([
        ['messages/run-000008-0001.csv', 8, false],
        ['messages/run-000008-0002.csv', 3, true],
      ]);
      await publishRows(archive, [revised(9, ['m7-0'])], sinks);
      await compactHere(archive);
      expect(await files()).toEqual([
        ['messages/run-000008-0001.csv', 8, false],
        ['messages/run-000010-0001.csv', 4, true],
      ]);
      await expectVerified(archive);
    });
  });

  it('leaves formats of plug-ins alone, and says so', async () => {
    await inTemporaryFolder(async (folder) => {
      const plugin = join(folder, 'lines.mjs');
      await writeFile(
        plugin,
        `import { appendFile } from 'node:fs/promises';
        export default () => ({ format: 'lines', extension: 'lines', open: (path) => ({
          write: (rows) => appendFile(path, rows.map(() => '-\\n').join('')), close: () => undefined }) });`,
      );
      const archive = join(folder, 'archive');
      const sinks: readonly SinkEntry[] = [
        { format: 'plug-in', plugin: { use: plugin, cwd: folder, options: {}, writtenOptions: {} } },
        { format: 'csv' },
      ];
      for (let run = 1; run <= 3; run += 1) await publishRows(archive, [messages(run, 1)], sinks);
      const notes = [
        'Files of "messages" as lines were left as they are: only the sink that wrote them knows the format.',
      ];
      expect(await compactHere(archive)).toMatchObject({ filesAfter: 4, manifest: { notes } });
      expect((await livePaths(archive)).filter((path) => path.endsWith('.lines'))).toHaveLength(3);
      expect(await compactHere(archive)).toEqual({ kind: 'nothing-to-do', files: 4, notes });
      await expectVerified(archive);
    });
  });

  it.each([
    ['one bit', (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)))],
    ['its end', (bytes: Buffer) => bytes.subarray(0, -1)],
  ])('compacts no file of which %s is not as its manifest says, and changes nothing', async (_, damage) => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 3; run += 1) await publishRows(archive, [messages(run, 2)], everyFormat);
      for (const path of ['messages/run-000001-0001.csv', 'messages/run-000003-0001.parquet']) {
        const bytes = await readFile(join(archive, path));
        await writeFile(join(archive, path), damage(bytes));
        const before = await tree(archive);
        const error = await compactHere(archive).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(DifferenceError);
        expect(String(error)).toContain(path);
        expect(await tree(archive)).toEqual(before);
        await writeFile(join(archive, path), bytes);
      }
    });
  });

  it('keeps away from an archive that a run writes to, and from a run that was cut', async () => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 3; run += 1) await publishRows(archive, [messages(run, 2)], everyFormat);
      const { disk, clock, process, isAlive } = newProcess();
      const holder = { ...process, pid: 4711, startedAt: '2026-01-01T00:00:00.000Z' };
      const lock = await acquireLock(archive, holder, { disk, clock, isAlive, every: systemEvery });
      const held = await compactHere(archive, {}, { isAlive: () => true }).catch((error: unknown) => error);
      expect(held).toBeInstanceOf(StoppedError);
      expect(String(held)).toContain('process 4711 on "here"');
      await lock.release();

      await nodeDisk.makeFolder(join(archive, archivePaths.journal));
      await writeFile(join(archive, archivePaths.runPlan), '{}');
      const before = await tree(archive);
      const open = await compactHere(archive).catch((error: unknown) => error);
      expect(open).toBeInstanceOf(StoppedError);
      expect(open).toMatchObject({ hint: expect.stringContaining('Run its job first') });
      expect(await tree(archive)).toEqual(before);
    });
  });

  it('is not led astray by a typing error', async () => {
    await inTemporaryFolder(async (folder) => {
      await expect(compactHere(join(folder, 'nowhere'))).rejects.toThrow(UsageError);
      await expect(compactHere(folder)).rejects.toThrow(UsageError);
      expect(await readdir(folder)).toEqual([]);
    });
  });

  it('leaves the archive as it was when it is interrupted, or a file cannot be written', async () => {
    await inTemporaryFolder(async (archive) => {
      for (let run = 1; run <= 4; run += 1) await publishRows(archive, [messages(run, 2)], everyFormat);
      const before = await tree(archive);
      const interruption = new AbortController();
      const interrupted = compactHere(
        archive,
        {},
        {
          signal: interruption.signal,
          onProgress: ({ filesRead }) => {
            if (filesRead === 6) interruption.abort(new InterruptedError('SIGINT'));
          },
        },
      );
      await expect(interrupted).rejects.toThrow(InterruptedError);
      expect(await tree(archive)).toEqual(before);
      const disk = {
        ...nodeDisk,
        open: (path: string, mode: 'truncate' | 'append') =>
          path.endsWith('.parquet') ? Promise.reject(new OutputError('The disk is full')) : nodeDisk.open(path, mode),
      };
      await expect(compactHere(archive, {}, { disk })).rejects.toThrow('The disk is full');
      expect(await tree(archive)).toEqual(before);
    });
  });

  it.each<SinkEntry>([{ format: 'jsonl' }, { format: 'parquet', compression: 'none' }])(
    'reads back what it has written, and does not trust a disk that lost some of it: $format',
    async (sink) => {
      await inTemporaryFolder(async (archive) => {
        for (let run = 1; run <= 3; run += 1) await publishRows(archive, [messages(run, 2)], [sink]);
        const before = await tree(archive);
        const disk = {
          ...nodeDisk,
          open: async (path: string, mode: 'truncate' | 'append') => {
            const file = await nodeDisk.open(path, mode);
            const forget = (bytes: Uint8Array) =>
              Buffer.from(Buffer.from(bytes).toString('latin1').replace('m2-0', 'm2-9'), 'latin1');
            const isPart = /\.(jsonl|parquet)$/.test(path);
            return { ...file, write: (bytes: Uint8Array) => file.write(isPart ? forget(bytes) : bytes) };
          },
        };
        await expect(compactHere(archive, {}, { disk })).rejects.toThrow(/rows read back from it are not those/);
        expect(await tree(archive)).toEqual(before);
      });
    },
  );

  it('cuts Parquet into files of so many rows, within row groups of the old files, too', async () => {
    await inTemporaryFolder(async (archive) => {
      const parquet: readonly SinkEntry[] = [{ format: 'parquet' }];
      for (let run = 1; run <= 4; run += 1) await publishRows(archive, [messages(run, 25)], parquet);
      const rows = await rowsInArchive(archive);
      expect(await compactHere(archive, { rowsPerFile: 40 })).toMatchObject({ kind: 'compacted', filesAfter: 3 });
      expect(await rowsInArchive(archive)).toEqual(rows);
      const history = await readArchiveHistory(nodeDisk, archive);
      expect(history.files.map(({ rows: own }) => own)).toEqual([40, 40, 20]);
      await expectVerified(archive);
    });
  });

  longIt('compacts two archives of equal rows to equal bytes', async () => {
    const files = async (): Promise<readonly string[]> => {
      let hashes: readonly string[] = [];
      await inTemporaryFolder(async (archive) => {
        for (let run = 1; run <= 3; run += 1) await publishRows(archive, [messages(run, 9)], [{ format: 'parquet' }]);
        await compactHere(archive);
        hashes = (await readArchiveHistory(nodeDisk, archive)).files.map(({ sha256 }) => sha256);
      });
      return hashes;
    };
    expect(await files()).toEqual(await files());
  });
});
