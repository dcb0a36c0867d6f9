import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { OutputError } from '../../../src/errors.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import { faultDisk, type Fault } from '../disk/fault-disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import type { CompactionOptions } from '../../../src/compaction/compact-archive.ts';
import { compactHere } from './compact-here.ts';
import { publishRows, rowsInArchive } from './rows-archive.ts';
import { messages, revised } from './sample-rows.ts';

export interface Cuts {
  readonly fault: Fault;
  /** Whether what was not flushed is lost with it. */
  readonly power: 'on' | 'cut';
  /** From one step tried to the next. */
  readonly stride: number;
}

const archive = '/archive';
const sinks: readonly SinkEntry[] = [{ format: 'jsonl' }, { format: 'parquet', compression: 'none' }];

async function sampleArchive(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder(archive);
  await publishRows(archive, [messages(1, 3)], sinks, disk);
  await publishRows(archive, [messages(2, 2)], sinks, disk);
  await publishRows(archive, [revised(3, ['m1-1', 'm2-0'])], sinks, disk);
  disk.settle();
  return disk;
}

/**
 * Cuts a compaction at step after step, and fails unless nobody who looks then misses a row, and the next compaction
 * ends with the bytes of an unbroken one.
 */
export async function expectHealed(cuts: Cuts, options: Partial<CompactionOptions> = {}): Promise<void> {
  const { fault, power, stride } = cuts;
  const before = await sampleArchive();
  const unbroken = before.copy();
  await compactHere(archive, options, { disk: unbroken });
  const states = await Promise.all(
    [before, unbroken].map(async (disk) => sortedRows(await rowsInArchive(archive, disk))),
  );
  let step = 1;
  for (let reached = true; reached; step += stride) {
    const memory = before.copy();
    reached = await compactHere(archive, options, { disk: faultDisk(memory, fault, step).disk }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof OutputError) return true;
        throw error;
      },
    );
    if (power === 'cut') memory.cutPower();
    const found = sortedRows(await rowsInArchive(archive, memory));
    if (!states.some((state) => isDeepStrictEqual(state, found))) expect({ step, found }).toEqual({ found: states[0] });
    const { differences } = await verifyArchive(archive, { disk: memory });
    if (differences.length > 0) expect({ step, differences }).toEqual({ step, differences: [] });

    await compactHere(archive, options, { disk: memory });
    if (!isDeepStrictEqual(memory.tree(), unbroken.tree())) {
      expect({ step, tree: memory.tree() }).toEqual({ tree: unbroken.tree() });
    }
  }
  // So many steps has the smallest compaction: the loop has not ended early.
  expect(step).toBeGreaterThan(40);
}

/** In between, the rows of a table are those of the old files or of the new: in which order, does not matter then. */
function sortedRows(tables: Readonly<Record<string, readonly object[]>>): unknown {
  return Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).sort()]);
}
