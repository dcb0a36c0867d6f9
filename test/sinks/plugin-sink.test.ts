import { readFile, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { JobError, OutputError } from '../../src/errors.ts';
import { loadPluginSink } from '../../src/sinks/plugin-sink.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const schema = { table: 'messages', columns: [], metadata: {} };
const lines = `
  import { open } from 'node:fs/promises';
  export default () => ({ format: 'lines', extension: 'lines', open: async (path) => {
    const file = await open(path, 'w', 0o666);
    return { write: (rows) => file.appendFile(rows.map((row) => row.id + '\\n').join('')), close: () => file.close() };
  } });`;

describe('a sink of the user', () => {
  const inFolder = temporaryFolder();
  let files = 0;
  async function load(code: string, disk = countingDisk()): Promise<Sink> {
    const use = `./sink-${++files}.mjs`;
    await writeFile(inFolder(use), code);
    return loadPluginSink({ use, cwd: dirname(inFolder('x')), options: {}, writtenOptions: {} }, disk);
  }
  const withWriter = (writer: string): string =>
    `export default () => ({ format: 'f', extension: 'f', open: async () => (${writer}) });`;

  it('needs to tell nothing: its file is counted, flushed, measured and hashed here, and private', async () => {
    const disk = countingDisk();
    const sink = await load(lines, disk);
    const path = inFolder('told.lines');
    const writer = await sink.open(path, schema);
    await writer.write([{ id: 1 }, { id: 2 }]);
    await writer.write([{ id: 3 }]);
    const written = await writer.close();
    const bytes = await readFile(path);
    expect(bytes.toString()).toBe('1\n2\n3\n');
    expect(written).toEqual({ rows: 3, sizeBytes: 6, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(disk.openHandles()).toBe(0);
  });

  it('that makes its file anew, readable to all, has it published as the owner’s alone', async () => {
    const recreating = `
      import { rm, writeFile, rename } from 'node:fs/promises';
      export default () => ({ format: 'lines', extension: 'lines', open: (path) => ({
        write: async () => undefined,
        close: async () => {
          await writeFile(path + '.made', 'made elsewhere', { mode: 0o644 });
          await rename(path + '.made', path);
        },
      }) });`;
    const sink = await load(recreating);
    const path = inFolder('recreated.lines');
    const writer = await sink.open(path, schema);
    expect(await writer.close()).toMatchObject({ sizeBytes: 'made elsewhere'.length });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('that puts a link in the place of its file fails, and what it leads to stays as it is', async () => {
    const target = inFolder('elsewhere');
    await writeFile(target, 'precious');
    const sink = await load(`
      import { rm, symlink } from 'node:fs/promises';
      export default () => ({ format: 'lines', extension: 'lines', open: (path) => ({
        write: async () => undefined,
        close: async () => { await rm(path); await symlink(${JSON.stringify(target)}, path); },
      }) });`);
    const writer = await sink.open(inFolder('linked.lines'), schema);
    await expect(writer.close()).rejects.toBeInstanceOf(OutputError);
  });

  it('is believed nothing: what close() answers is not looked at', async () => {
    const sink = await load(withWriter('{ write: () => 1, close: () => ({ rows: 9, sizeBytes: 9, sha256: "9" }) }'));
    const writer = await sink.open(inFolder('lies.f'), schema);
    expect(await writer.close()).toMatchObject({ rows: 0, sizeBytes: 0 });
  });

  it.each([
    ['open', 'export default () => ({ format: "f", extension: "f", open() { throw new Error("no") } });'],
    ['write', withWriter('{ write: async () => { throw new Error("no") }, close() {} }')],
    ['close', withWriter('{ write() {}, close: () => Promise.reject(new Error("no")) }')],
  ])('that fails to %s fails as the output does, with its name and its words', async (action, code) => {
    const sink = await load(code);
    const path = inFolder('failed.f');
    const run = async (): Promise<unknown> => {
      const writer = await sink.open(path, schema);
      await writer.write([{ id: 1 }]);
      return writer.close();
    };
    const error: unknown = await run().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutputError);
    expect(String(error)).toContain(`Sink "./sink-${files}.mjs" failed to ${action} "${path}": no`);
  });

  it('is given up when it fails to close, and may fail at that unnoticed', async () => {
    const sink = await load(
      withWriter(
        '{ write() {}, close() { throw new Error("no") }, abort() { globalThis.givenUp = (globalThis.givenUp ?? 0) + 1; throw new Error("x") } }',
      ),
    );
    const writer = await sink.open(inFolder('aborted.f'), schema);
    await expect(writer.close()).rejects.toThrow(OutputError);
    await writer.abort();
    expect(Reflect.get(globalThis, 'givenUp')).toBe(1);
  });

  it('fails as the disk does where the program flushes its file', async () => {
    const counting = countingDisk();
    await (await (await load(lines, counting)).open(inFolder('a.lines'), schema)).close();
    for (let step = 0; step < counting.steps(); step++) {
      const disk = countingDisk(step);
      const sink = await load(lines, disk);
      const run = async (): Promise<unknown> => (await sink.open(inFolder('b.lines'), schema)).close();
      await expect(run()).rejects.toBeInstanceOf(OutputError);
      expect(disk.openHandles()).toBe(0);
    }
  });

  it.each([
    ['5', 'its default export is a number, expected a function (options, { disk }) => sink'],
    ['() => null', 'it made null, expected { format, extension, open }'],
    [
      '() => ({ extension: "x", open() {} })',
      'its "format" is undefined, expected a short word in lower case such as "xml"',
    ],
    [
      '() => ({ format: "My Format", extension: "x", open() {} })',
      'its "format" is "My Format", expected a short word',
    ],
    ['() => ({ format: "x", extension: ".x", open() {} })', 'its "extension" is ".x", expected a file ending'],
    ['() => ({ format: "x", extension: "../x", open() {} })', 'its "extension" is "../x", expected a file ending'],
    ['() => ({ format: "x", extension: "x" })', 'its "open" is undefined, expected a function (path, schema)'],
  ])('that is %s cannot be used, in one sentence', async (code, problem) => {
    await expect(load(`export default ${code};`)).rejects.toBeInstanceOf(JobError);
    await expect(load(`export default ${code};`)).rejects.toThrow(`Cannot use sink "./sink-${files}.mjs": ${problem}`);
  });

  it('whose open() answers no writer fails before the first row', async () => {
    const sink = await load(withWriter('{ write() {} }'));
    await expect(sink.open(inFolder('x.f'), schema)).rejects.toThrow('cannot be written to: open() returned an object');
  });

  it('gets the disk that built-in sinks write to', async () => {
    const code = `export default (options, { disk }) => ({ format: 'd', extension: 'd', open: async (path) => {
      const file = await disk.open(path, 'truncate');
      return { write: (rows) => file.write(Buffer.from(String(rows.length))), close: () => file.close() };
    } });`;
    const sink = await load(code, { ...countingDisk(), ...nodeDisk });
    const writer = await sink.open(inFolder('d.d'), schema);
    await writer.write([{ id: 1 }]);
    expect((await writer.close()).sizeBytes).toBe(1);
  });
});
