import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const archive = '/archive';
const state = '/archive/_state.json';
const published = new MemoryDisk();
let disk: MemoryDisk;
beforeEach(async () => {
  if ((await published.list(archive)) === undefined) await publishRuns(published, archive, 2);
  disk = published.copy();
});

async function write(path: string, text: string | Uint8Array): Promise<void> {
  const file = await disk.open(path, 'truncate');
  await file.write(Buffer.from(text));
  await file.close();
}

const report = () => verifyArchive(archive, { disk });

describe('the report of an archive', () => {
  it('counts it, and names its newest manifest', async () => {
    const { runs, files, rows, newest, signatures, expected, skipped, differences } = await report();
    expect({ runs, files, rows, signatures, expected, skipped, differences }).toEqual({
      ...{ runs: 2, files: 8, rows: { mentions: 3, messages: 3 }, signatures: null, expected: null, skipped: [] },
      differences: [],
    });
    const manifest = await disk.readFile('/archive/_manifest/run-000002.json');
    expect(newest).toEqual({ path: '_manifest/run-000002.json', sha256: sha256(manifest ?? Buffer.of()) });
    expect(Object.keys(rows)).toEqual(['mentions', 'messages']);
  });

  it('adds up the bytes of its files', async () => {
    const sizes = await Promise.all(
      (await readFileNames(disk)).map(async (path) => (await disk.sizeBytes(`${archive}/${path}`)) ?? 0),
    );
    expect((await report()).bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });
});

async function readFileNames(of: MemoryDisk): Promise<readonly string[]> {
  const sums = (await of.readFile('/archive/_manifest/SHA256SUMS'))?.toString() ?? '';
  return [...sums.matchAll(/^\w+ {2}(.+)$/gm)].flatMap(([, path = '']) => (path.startsWith('_manifest') ? [] : [path]));
}

describe('what is said of a state', () => {
  it('that is gone', async () => {
    await disk.remove(state);
    expect((await report()).differences).toEqual([
      { path: '_state.json', problem: 'missing', expected: 'the state after run-000002', actual: 'no such file' },
    ]);
  });

  it('that is another', async () => {
    const bytes = (await disk.readFile(state)) ?? Buffer.of();
    const other = `${bytes.toString().trimEnd()} \n`;
    await write(state, other);
    expect((await report()).differences).toEqual([
      {
        ...{ path: '_state.json', problem: 'state' },
        ...{ expected: `SHA-256 ${sha256(bytes)}`, actual: `SHA-256 ${sha256(other)}` },
      },
    ]);
  });

  it('that is none', async () => {
    await write(state, '{}');
    expect((await report()).differences).toEqual([
      { path: '_state.json', problem: 'unreadable', expected: 'a state', actual: expect.any(String) as unknown },
    ]);
  });
});

describe('what is said of work that is not done', () => {
  const notesOnWork = async () => (await report()).notes.filter((note) => !note.includes('names'));

  it('is nothing where there is none', async () => expect(await notesOnWork()).toEqual([]));

  it('of a run that is open', async () => {
    await runPlan(disk, archive, sampleRun(3));
    expect(await notesOnWork()).toEqual(['A run is open: it is not part of the archive yet']);
  });

  it('of what is left of something else', async () => {
    await disk.makeFolder('/archive/_work');
    expect(await notesOnWork()).toEqual([
      '"_work" holds what was not finished, and is no part of the archive: the next run or compaction removes it',
    ]);
  });

  it('of a run that is being published, which is left out', async () => {
    await runPlan(disk, archive, sampleRun(3));
    await prepare(disk, archive, sampleRun(3).contents, { keepRaw: true });
    expect((await report()).runs).toBe(2);
    expect(await notesOnWork()).toEqual([
      'run-000003 is being published, or was cut meanwhile: the next run or compaction finishes it; it is left out here',
    ]);
  });

  it('of a manifest there that is none', async () => {
    await disk.makeFolder('/archive/_work');
    await write('/archive/_work/manifest.json', 'oops');
    expect((await report()).differences).toEqual([
      {
        ...{ path: '_work/manifest.json', problem: 'unreadable', expected: 'a manifest' },
        actual: expect.any(String) as unknown,
      },
    ]);
  });

  it('of an archive of which no run is published', async () => {
    disk = new MemoryDisk();
    await runPlan(disk, archive, sampleRun(1));
    expect(await report()).toMatchObject({
      ...{ runs: 0, files: 0, bytes: 0, rows: {}, newest: null },
      differences: [
        {
          ...{ path: '_manifest', problem: 'missing' },
          ...{ expected: 'the manifest of a run', actual: 'none: no run is published' },
        },
      ],
    });
  });
});

interface State1 {
  readonly streams: Readonly<Record<string, { readonly endpoint: string; readonly roomId: string }>>;
}

/** As that program wrote it down: the room's lists stand at their beginning again. */
function withReset(state: State1, roomId: string): unknown {
  const cursor = { watermark: null, offset: 0, takenIds: [] };
  const streams = Object.entries(state.streams).map(([key, stream]) => {
    if (stream.roomId !== roomId) return [key, stream];
    const isOfChanges = stream.endpoint === 'chat.syncMessages';
    return [key, { ...stream, seen: null, ...(!isOfChanges && { cursor, complete: false }) }];
  });
  return { ...state, streams: Object.fromEntries(streams) as unknown };
}

describe('what is said of the state of an archive of the first program', () => {
  const after = (change: (text: string) => string) =>
    inTemporaryFolder(async (folder) => {
      await cp(join(import.meta.dirname, '../../fixtures/version-1/published'), folder, { recursive: true });
      const path = join(folder, '_state.json');
      await writeFile(path, change(await readFile(path, 'utf8')));
      const { differences, notes } = await verifyArchive(folder);
      return { differences, notes: notes.filter((note) => note.includes('_state.json')) };
    });

  it('is nothing where it is as the newest manifest says', async () =>
    expect(await after((text) => `${text.trimEnd()} \n`)).toEqual({ differences: [], notes: [] }));

  it('is a note where rooms were reset, which that program did without a trace', async () =>
    expect(await after((text) => JSON.stringify(withReset(JSON.parse(text) as State1, 'alpha-id')))).toEqual({
      differences: [],
      notes: ['_state.json was changed: the next run reads rooms again from the beginning'],
    }));

  it('is a difference where it says something else', async () =>
    expect((await after((text) => text.replace(/"messages": (\d+)/, '"messages": 9$1'))).differences).toEqual([
      {
        ...{ path: '_state.json', problem: 'state' },
        ...{ expected: 'what _manifest/run-000003.json says', actual: 'other lists, cursors or counts' },
      },
    ]));
});
