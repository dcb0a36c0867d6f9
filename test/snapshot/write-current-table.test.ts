import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compactArchive } from '../../src/compaction/compact-archive.ts';
import { currentTable, type CopiedTable } from '../../src/snapshot/current-table.ts';
import { writeCurrentTable } from '../../src/snapshot/write-current-table.ts';
import { nodeDisk, type Disk } from '../../src/system/disk.ts';
import { InterruptedError, OutputError, UsageError } from '../../src/errors.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { Row } from '../../src/model/column.ts';
import type { SinkEntry } from '../../src/model/sink-options.ts';
import { readDataFile } from '../../src/readers/read-data-file.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { fixtureRow, publishFixture } from '../support/archives/revised-archive.ts';
import { publishRows, rowOf } from '../support/archives/rows-archive.ts';
import { messages, revised } from '../support/archives/sample-rows.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** Gives a test a small archive, and what writes its rooms to `out/rooms.csv` beside it. */
function withRooms(
  test: (folder: string, write: (disk: Disk, more?: WriteMore) => Promise<number>) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => fixtureRow('rooms', { room_id: id, run: 1 }));
    await publishFixture(nodeDisk, join(folder, 'archive'), [{ tables: { rooms: { first: rows } } }]);
    const place = { path: join(folder, 'out/rooms.csv'), temporary: join(folder, 'out/rooms.csv.1.tmp') };
    await test(folder, async (disk, { signal, onRows, change = same } = {}) => {
      const table = change(await currentTable(nodeDisk, join(folder, 'archive'), 'rooms'));
      const options = { ...(signal && { signal }), ...(onRows && { onRows }) };
      return writeCurrentTable(disk, createSink({ format: 'csv' }, disk), table, place, options);
    });
  });
}

interface WriteMore {
  readonly signal?: AbortSignal;
  readonly onRows?: (rows: number) => void;
  readonly change?: (table: CopiedTable) => CopiedTable;
}

const same = (table: CopiedTable): CopiedTable => table;
const names = (folder: string): Promise<readonly string[]> => readdir(join(folder, 'out')).catch(() => []);

describe('writeCurrentTable, of Parquet into Parquet', () => {
  it('copies by columns what the rows are one by one, whichever runs and formats they come from', async () => {
    await inTemporaryFolder(async (folder) => {
      const parquet: readonly SinkEntry[] = [{ format: 'parquet' }];
      const archive = join(folder, 'archive');
      await publishRows(archive, [messages(1, 40)], parquet);
      await publishRows(archive, [messages(2, 30)], [{ format: 'jsonl' }]);
      await publishRows(archive, [messages(3, 30)], [{ format: 'parquet', engine: 'parquetjs-lite' }]);
      await publishRows(archive, [revised(4, ['m1-3', 'm2-3', 'm3-3']), revised(4, ['m1-0'])], parquet);
      const members = ['a', 'b'].flatMap((room) =>
        ['x', 'y'].map((user) => rowOf('room_members', { room_id: room, user_id: user, run: 5 })),
      );
      const gone = rowOf('room_members', { room_id: 'a', user_id: 'y', run: 6, op: 'delete' });
      await publishRows(archive, [{ table: 'room_members', rows: members }], parquet);
      await publishRows(archive, [{ table: 'room_members', rows: [gone], mayReplace: true }], parquet);
      for (const isCompacted of quickOrLong([false], [false, true])) {
        if (isCompacted) await compactArchive(archive);
        for (const [name, count] of [
          ['messages', 100],
          ['room_members', 3],
        ] as const) {
          const path = join(folder, `${name}-${String(isCompacted)}.parquet`);
          const table = await currentTable(nodeDisk, archive, name);
          const sink = createSink({ format: 'parquet' }, nodeDisk);
          expect(await writeCurrentTable(nodeDisk, sink, table, { path, temporary: `${path}.tmp` }, {})).toBe(count);
          const { rows, columns } = await currentTable(nodeDisk, archive, name);
          expect(await rowsOf(readDataFile(nodeDisk, { path, format: 'parquet' }, columns))).toEqual(
            await rowsOf(rows),
          );
        }
      }
    });
  });

  it('names the file that is not what its manifest says', async () => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishRows(archive, [messages(1, 40)], [{ format: 'parquet' }]);
      const table = await currentTable(nodeDisk, archive, 'messages');
      const damaged = join(archive, 'messages/run-000001-0001.parquet');
      await rm(damaged);
      const place = { path: join(folder, 'out.parquet'), temporary: join(folder, 'out.tmp') };
      const sink = createSink({ format: 'parquet' }, nodeDisk);
      await expect(writeCurrentTable(nodeDisk, sink, table, place, {})).rejects.toThrow(damaged);
      expect(await readdir(folder)).toEqual(['archive']);
    });
  });
});

async function rowsOf(batches: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

describe('writeCurrentTable', () => {
  it('makes the folder and the file, and nothing else', async () => {
    await withRooms(async (folder, write) => {
      expect(await write(nodeDisk)).toBe(4);
      expect(await names(folder)).toEqual(['rooms.csv']);
      expect((await readFile(join(folder, 'out/rooms.csv'), 'utf8')).split('\n')).toHaveLength(6);
    });
  });

  it('leaves a file that has the name, there before or come meanwhile, and no other', async () => {
    for (const isThereBefore of [true, false]) {
      await withRooms(async (folder, write) => {
        const path = join(folder, 'out/rooms.csv');
        const putFile = (): Promise<void> => writeFile(path, 'mine');
        if (isThereBefore) {
          await nodeDisk.makeFolder(join(folder, 'out'));
          await writeFile(path, 'mine');
        }
        // Rows are being written.
        const change = (table: CopiedTable): CopiedTable => ({ ...table, rows: after(putFile, table.rows) });
        const error: unknown = await write(nodeDisk, isThereBefore ? {} : { change }).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(UsageError);
        expect(await readFile(path, 'utf8')).toBe('mine');
        expect(await names(folder)).toEqual(['rooms.csv']);
      });
    }
  });

  it('leaves nothing when it is interrupted', async () => {
    await withRooms(async (folder, write) => {
      const interruption = new AbortController();
      const onRows = (): void => interruption.abort(new InterruptedError('SIGTERM'));
      await expect(write(nodeDisk, { signal: interruption.signal, onRows })).rejects.toBeInstanceOf(InterruptedError);
      expect(await names(folder)).toEqual([]);
    });
  });

  it('leaves a whole file or none, at whichever step the disk fails or the process dies', async () => {
    let [whole, steps] = [Buffer.from(''), 0];
    await withRooms(async (folder, write) => {
      const counting = faultDisk(nodeDisk, 'fails', Infinity);
      await write(counting.disk);
      whole = await readFile(join(folder, 'out/rooms.csv'));
      steps = counting.steps();
    });
    expect(steps).toBeGreaterThan(5);
    const faults = ['fails', 'fails-within', 'dies-before', 'dies-within'] as const;
    for (const [at, fault] of faults.entries()) {
      // In the quick suite each fault meets other steps.
      for (let step = quickOrLong(at + 1, 1); step <= steps; step += quickOrLong(faults.length, 1)) {
        await withRooms(async (folder, write) => {
          await expect(write(faultDisk(nodeDisk, fault, step).disk)).rejects.toBeInstanceOf(OutputError);
          const found = await readFile(join(folder, 'out/rooms.csv')).catch(() => null);
          if (found !== null) expect(found.equals(whole)).toBe(true);
          // A process that was killed cannot tidy up.
          if (fault.startsWith('fails') && found === null) expect(await names(folder)).toEqual([]);
        });
      }
    }
  });
});

async function* after<T>(act: () => Promise<void>, rows: AsyncIterable<T>): AsyncGenerator<T> {
  await act();
  yield* rows;
}
