import { match, ok, rejects, strictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginSink, PluginWriter } from '../sinks/plugin-sink.ts';
import type { FileSchema, WrittenFile } from '../sinks/sink.ts';
import type { ColumnSpec, ColumnType, Row } from '../model/column.ts';
import { canonicalJson } from '../model/json/canonical-json.ts';
import { expectedValue } from './expected-value.ts';
import { hugeListRow, hugeMessageRow, nastyRows, nastySchema } from './nasty-rows.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

export interface SinkUnderTest {
  /** Makes a sink as the program does, with options of its own. Called for every case. */
  readonly createSink: () => PluginSink | Promise<PluginSink>;
  /**
   * Reads a file with the format's own reader, not with the code under test: a record a row, timestamps as epoch
   * milliseconds, lists and json as parsed. Without it no value is compared.
   */
  readonly readBack?: (
    path: string,
    columns: readonly ColumnSpec[],
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What the format makes of a value it cannot tell from another; as it is when left out. */
  readonly sees?: (value: unknown, type: ColumnType) => unknown;
}

/** One test, for whatever runs it: `for (const { name, run } of sinkContract(…)) test(name, run)`. */
export interface ContractCase {
  readonly name: string;
  /** Rejects with an AssertionError, or with what the sink threw. */
  readonly run: () => Promise<void>;
}

/** What every sink owes the program, as tests. */
export function sinkContract(sink: SinkUnderTest): readonly ContractCase[] {
  const cases: Readonly<Record<string, (file: TestFile) => Promise<void>>> = {
    'says what its format is called and what its files end in': namesItself,
    'writes nothing but the file it is given, and leaves no handle open': leavesNothing,
    'makes a file of a table without rows': (file) => keepsValues(sink, file, []),
    'keeps every value of rows no writer may stumble over': (file) =>
      keepsValues(sink, file, [...everyRow, hugeListRow]),
    'gives the same bytes however the rows are cut into calls, and whatever is open beside it': givesTheSameBytes,
    'leaves the rows as they were': leavesRows,
    'reports no wrong count, size or hash, if it reports any': reportsTheTruth,
    'can be given up at any time, and closes what it has open': canBeGivenUp,
    'fails where the file cannot be made': failsWithoutFolder,
    'fails when the disk is full': failsOnFullDisk,
  };
  return Object.entries(cases).map(([name, test]) => ({
    name,
    run: () => withTemporaryFolder(async (folder) => test(await TestFile.make(sink, folder))),
  }));
}

const everyRow: readonly Row[] = [...nastyRows, hugeMessageRow];

/** A place for one file, and a sink to write it. */
class TestFile {
  readonly sink: PluginSink;
  readonly folder: string;
  readonly path: string;

  private constructor(sink: PluginSink, folder: string) {
    this.sink = sink;
    this.folder = folder;
    this.path = join(folder, `rows.${sink.extension}`);
  }

  static async make({ createSink }: SinkUnderTest, folder: string): Promise<TestFile> {
    return new TestFile(await createSink(), await realpath(folder));
  }

  open(path = this.path, schema: FileSchema = nastySchema): Promise<PluginWriter> {
    return Promise.resolve(this.sink.open(path, schema));
  }

  /** What `close` returned. Writes copies: what a sink does to its rows stays within one case, and is found by one. */
  async write(batches: readonly (readonly Row[])[], path = this.path): Promise<unknown> {
    return this.writeThese(structuredClone(batches), path);
  }

  async writeThese(batches: readonly (readonly Row[])[], path = this.path): Promise<unknown> {
    const writer = await this.open(path);
    try {
      for (const batch of batches) await writer.write(batch);
      return await writer.close();
    } catch (error) {
      await writer.abort?.();
      throw error;
    }
  }

  /** Descriptors of this process that lead into the folder; undefined where the system does not say. */
  async openHandles(): Promise<number | undefined> {
    const names = await readdir('/proc/self/fd').catch(() => undefined);
    if (names === undefined) return undefined;
    const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
    return targets.filter((target) => target.startsWith(this.folder)).length;
  }
}

async function namesItself({ sink }: TestFile): Promise<void> {
  match(sink.format, /^[a-z][a-z0-9._-]*$/, '"format" should be a short word in lower case');
  match(sink.extension, /^[a-z0-9]+(\.[a-z0-9]+)*$/, '"extension" should be a file ending without the first dot');
  return Promise.resolve();
}

async function leavesNothing(file: TestFile): Promise<void> {
  await file.write([nastyRows]);
  const names = (await readdir(file.folder)).join(' ');
  strictEqual(names, `rows.${file.sink.extension}`, 'close() should leave the file it was given, and no other');
  ok(((await file.openHandles()) ?? 0) === 0, 'close() should close the file');
}

async function keepsValues(
  { readBack, sees = same }: SinkUnderTest,
  file: TestFile,
  rows: readonly Row[],
): Promise<void> {
  await file.write(rows.length === 0 ? [] : [rows]);
  ok((await stat(file.path)).isFile());
  if (readBack === undefined) return;
  const read = await readBack(file.path, nastySchema.columns);
  strictEqual(read.length, rows.length, 'as many rows should be read as were written');
  for (const [index, row] of rows.entries()) {
    for (const { name, type } of nastySchema.columns) {
      const expected = canonicalJson(sees(expectedValue(row[name]), type));
      const actual = canonicalJson(read[index]?.[name]);
      if (actual === expected) continue;
      strictEqual(actual, expected, `row ${index}, column "${name}" should be read as it was written`);
    }
  }
}

async function givesTheSameBytes(file: TestFile): Promise<void> {
  await file.write([everyRow]);
  const bytes = await readFile(file.path);
  const cut = join(file.folder, `cut.${file.sink.extension}`);
  const [one, other] = [await file.open(cut), await file.open(`${cut}.other`)];
  // Uneven, some empty.
  for (let from = 0, size = 0; from < everyRow.length; from += size, size = (size * 2 + 1) % 23) {
    await one.write(structuredClone(everyRow.slice(from, from + size)));
    await other.write(structuredClone(everyRow.slice(from, from + size)));
  }
  await other.close();
  await one.close();
  ok(bytes.equals(await readFile(cut)), 'rows in many calls should give the bytes of one call');
  ok(bytes.equals(await readFile(`${cut}.other`)), 'a file written beside another should have the same bytes');
}

async function leavesRows(file: TestFile): Promise<void> {
  const rows = structuredClone(nastyRows);
  await file.writeThese([rows]);
  ok(canonicalJson(rows) === canonicalJson(nastyRows), 'rows belong to all sinks: none may change them');
}

async function reportsTheTruth(file: TestFile): Promise<void> {
  const reported = await file.write([nastyRows]);
  if (typeof reported !== 'object' || reported === null) return;
  const bytes = await readFile(file.path);
  const truth: WrittenFile = {
    rows: nastyRows.length,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  for (const [name, value] of Object.entries(truth)) {
    if (name in reported) strictEqual(Reflect.get(reported, name), value, `close() reported a wrong "${name}"`);
  }
}

async function canBeGivenUp(file: TestFile): Promise<void> {
  const untouched = await file.open();
  await untouched.abort?.();
  const begun = await file.open(join(file.folder, `begun.${file.sink.extension}`));
  await begun.write(structuredClone(everyRow));
  await begun.abort?.();
  const hasAbort = begun.abort !== undefined;
  if (hasAbort) strictEqual((await file.openHandles()) ?? 0, 0, 'abort() should close the file');
}

async function failsWithoutFolder(file: TestFile): Promise<void> {
  const path = join(file.folder, 'no-such-folder', `rows.${file.sink.extension}`);
  await rejects(file.write([nastyRows], path), 'open(), write() or close() should fail without a folder');
}

async function failsOnFullDisk(file: TestFile): Promise<void> {
  // A device of Linux that opens and then takes no byte.
  const full = '/dev/full';
  if ((await stat(full).catch(() => undefined)) === undefined) return;
  await rejects(file.write([everyRow, everyRow], full), 'write() or close() should fail when the disk takes no more');
  const handles = (await readdir('/proc/self/fd')).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ''));
  const isLeft = (await Promise.all(handles)).includes(full);
  ok(!isLeft, 'abort() should close a file that could not be written');
}

function same(value: unknown): unknown {
  return value;
}
