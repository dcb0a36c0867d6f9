import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk, type DiskFile } from '../../src/system/disk.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import { type ColumnSpec, type PluginSink, sinkContract } from '../../src/testing/index.ts';
import { documentedExample } from '../support/sinks/documented-example.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('the contract that plug-ins are tested with', () => {
  describe.each(['csv', 'jsonl', 'parquet'] as const)('%s', (format) => {
    it.each(sinkContract({ createSink: () => createSink({ format }, nodeDisk) }))('$name', ({ run }) => run());
  });

  describe('the sink of docs/library.md', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'readme-sink-'));
      await writeFile(join(folder, 'xml-sink.mjs'), documentedExample('xml-sink.mjs'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const cases = sinkContract({
      createSink: async () => {
        const module = (await import(pathToFileURL(join(folder, 'xml-sink.mjs')).href)) as { default: CreateSink };
        return module.default({});
      },
      readBack: readXml,
      sees: (value) => (typeof value === 'string' ? legal(value) : legalParts(value)),
    });
    // That bytes are the same each time costs most, and this sink has nothing that could change them.
    const some = cases.filter(({ name }) => !name.includes('the same bytes'));
    it.each(quickOrLong(some, cases))('$name', ({ run }) => run());

    longIt(
      'is tested by the test beside it, with the built package and another runner',
      async () => {
        await mkdir(join(folder, 'node_modules'));
        await symlink(join(import.meta.dirname, '../..'), join(folder, 'node_modules/rocketchat-export'));
        for (const name of ['xml-sink.mjs', 'xml-sink.test.mjs'])
          await writeFile(join(folder, name), documentedExample(name));
        // As a program and not with --test: its own processes would be told apart from this runner's by a variable only.
        const run = promisify(execFile)(process.execPath, ['xml-sink.test.mjs'], {
          cwd: folder,
          env: { PATH: process.env['PATH'] },
        });
        expect((await run).stdout).toMatch(/^(?:#|ℹ) pass 10$/m);
      },
      60_000,
    );

    it('is no longer than a page', () => {
      expect(documentedExample('xml-sink.mjs').split('\n').length).toBeLessThanOrEqual(40);
    });
  });

  it.each(wrongSinks())('finds out a sink that $does', async ({ create, fails }) => {
    const found = sinkContract({ createSink: create, readBack: readLines }).find(({ name }) => name.includes(fails));
    await expect(found?.run()).rejects.toThrow();
    for (const file of left.splice(0)) await file.close().catch(() => undefined);
  });

  it('finds nothing wrong with the sink that those are made from', async () => {
    for (const { run } of sinkContract({ createSink: () => lineSink({}), readBack: readLines })) await run();
  });
});

type CreateSink = (options: object) => PluginSink;

/** XML 1.0 has no place for these. */
function legal(text: string): string {
  return text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function legalParts(value: unknown): unknown {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value, (_key, part: unknown) => part)) as unknown);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#13': '\r' };

/** A reader of exactly this XML: no library of one is installed. */
async function readXml(path: string, columns: readonly ColumnSpec[]): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  const body = /^<rows table="messages">\n(.*)<\/rows>\n$/s.exec(text)?.[1];
  if (body === undefined) throw new Error('There is no <rows>');
  return [...body.matchAll(/<row>(.*?)<\/row>\n/gs)].map(([, row = '']) => {
    const cells = new Map([...row.matchAll(/<(\w+)>(.*?)<\/\1>/gs)].map(([, name, cell]) => [name, cell]));
    return Object.fromEntries(
      columns.map(({ name, type }) => {
        const cell = cells.get(name)?.replaceAll(/&(\w+|#13);/g, (_, entity: string) => entities[entity] ?? '?');
        if (cell === undefined) return [name, null];
        if (type.kind === 'string') return [name, cell];
        return [name, type.kind === 'timestamp' ? Date.parse(cell) : parseParts(cell)];
      }),
    );
  });
}

/** Timestamps in structs as milliseconds; half surrogates, which JSON escapes, as UTF-8 would have them. */
function parseParts(cell: string): unknown {
  return JSON.parse(cell, (key, value: unknown) => {
    if (key === 'first_at' && typeof value === 'string') return Date.parse(value);
    return typeof value === 'string' ? Buffer.from(value).toString() : value;
  });
}

async function readLines(path: string): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => {
    const row = parseParts(line) as Record<string, unknown>;
    for (const name of ['ts', 'edited_at']) if (typeof row[name] === 'string') row[name] = Date.parse(row[name]);
    return row;
  });
}

/** Files that wrong sinks leave open. */
const left: DiskFile[] = [];

/** A right sink, but for what is put in its place. */
function lineSink(wrong: {
  readonly format?: string;
  readonly head?: () => string;
  readonly line?: (row: object) => string;
  readonly sidePath?: (path: string) => string;
  readonly abort?: () => void;
  readonly close?: (close: () => Promise<void>) => unknown;
  readonly swallow?: boolean;
}): PluginSink {
  const { line = (row) => `${JSON.stringify(row)}\n`, head = () => '', swallow = false } = wrong;
  return {
    format: wrong.format ?? 'lines',
    extension: 'lines',
    async open(path) {
      const file = await nodeDisk.open(path, 'truncate');
      if (wrong.abort ?? wrong.close) left.push(file);
      if (wrong.sidePath) await writeFile(wrong.sidePath(path), '');
      const append = async (text: string): Promise<void> => {
        try {
          await file.write(Buffer.from(pending + text));
          pending = '';
        } catch (error) {
          if (!swallow) throw error;
        }
      };
      let pending = head();
      return {
        write: (rows) => append(rows.map(line).join('')),
        close: () => (wrong.close ? wrong.close(() => file.close()) : file.close()),
        abort: wrong.abort ?? (() => file.close()),
      };
    },
  };
}

/** What each does wrong, and the case that must find it. */
function wrongSinks(): { readonly does: string; readonly fails: string; readonly create: () => PluginSink }[] {
  let files = 0;
  return [
    { does: 'has no word for its format', fails: 'is called', create: () => lineSink({ format: 'My Format' }) },
    {
      does: 'numbers its files',
      fails: 'the same bytes',
      create: () => lineSink({ head: () => `{"id":${files++}}\n` }),
    },
    {
      does: 'loses a value',
      fails: 'every value',
      create: () => lineSink({ line: (row) => `${JSON.stringify({ ...row, tags: [] })}\n` }),
    },
    {
      does: 'changes the rows',
      fails: 'as they were',
      create: () =>
        lineSink({
          line: (row) => {
            const text = `${JSON.stringify(row)}\n`;
            Object.assign(row, { seen: text });
            return text;
          },
        }),
    },
    {
      does: 'changes the rows, once and for all',
      fails: 'as they were',
      create: () => lineSink({ line: (row) => `${JSON.stringify(Object.assign(row, { pinned: null }))}\n` }),
    },
    {
      does: 'writes another file',
      fails: 'nothing but',
      create: () => lineSink({ sidePath: (path) => `${path}.index` }),
    },
    { does: 'stays open when it is given up', fails: 'given up', create: () => lineSink({ abort: () => undefined }) },
    { does: 'stays open when it is closed', fails: 'nothing but', create: () => lineSink({ close: () => undefined }) },
    {
      does: 'tells a wrong size',
      fails: 'no wrong',
      create: () => lineSink({ close: (close) => close().then(() => ({ sizeBytes: 1 })) }),
    },
    { does: 'takes no notice of a full disk', fails: 'disk is full', create: () => lineSink({ swallow: true }) },
  ];
}
