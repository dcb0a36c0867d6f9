import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { verifyArchive, verifyLinks } from '../../../src/archive/verify/verify.ts';
import type { Disk } from '../../../src/system/disk.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { publishRows } from '../../support/archives/rows-archive.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { newMessages } from '../../support/databases/load-contract.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

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
/** The same disk, of which single functions can be replaced. */
const plain = (of: MemoryDisk): Disk => faultDisk(of, 'fails', Infinity).disk;

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

describe('the report of more than its own files', () => {
  it('names the newest manifest of many, and tables in their order', async () => {
    await publishRuns(disk, archive, 3, true, undefined, 3);
    expect((await report()).newest?.path).toBe('_manifest/run-000003.json');
    await publishRows(archive, [{ table: 'attachments', rows: [] }], [{ format: 'jsonl' }], disk);
    expect(Object.keys((await report()).rows)).toEqual(['attachments', 'mentions', 'messages']);
  });

  it('names no newest manifest where that cannot be read', async () => {
    await write('/archive/_manifest/run-000002.json', 'oops');
    expect((await report()).newest).toBeNull();
  });

  it('says that no manifest has the hash that was kept elsewhere', async () => {
    const kept = '0'.repeat(64);
    const { expected, differences } = await verifyArchive(archive, { disk, expect: kept });
    expect({ expected, differences }).toEqual({
      expected: null,
      differences: [
        {
          ...{ path: '_manifest', problem: 'expected' },
          ...{ expected: `a manifest with SHA-256 ${kept}`, actual: 'none of 2 has it' },
        },
      ],
    });
  });

  it('says where there is no archive what cannot be done there', async () =>
    await expect(verifyArchive('/nowhere', { disk })).rejects.toThrow('Cannot verify "/nowhere": there is no archive'));

  it('compares no sums and no state that an open push has yet to replace, and says so', async () => {
    await write('/archive/_manifest/SHA256SUMS', 'older');
    await write(state, 'older');
    const { differences, notes } = await verifyLinks(archive, { disk }, { shown: 's3://there', areListsBehind: true });
    expect(differences).toEqual([]);
    expect(notes).toContain(
      'A push is open, or was cut: SHA256SUMS and the state may be those of an earlier run, and are not compared',
    );
  });

  it('finds a time stamp that was being written down, and by no other name', async () => {
    for (const [path, problems] of [
      ['_manifest/run-000002.json.tsr.tmp', []],
      ['_manifest/run-000009.json.tsr.tmp', ['stray']],
      ['_manifest/run-000002.json.tsr.tmp.tmp', ['stray']],
      ['messages/_manifest/run-000002.json.tsr.tmp', ['stray']],
    ] as const) {
      disk = published.copy();
      await disk.makeFolder('/archive/messages/_manifest');
      await write(`/archive/${path}`, 'x');
      const { differences } = await report();
      expect([path, differences.map(({ problem }) => problem)]).toEqual([path, problems]);
    }
  });

  it('takes nothing else beside a signed manifest for a time stamp that was being written down', async () => {
    disk = new MemoryDisk();
    await publishRuns(disk, archive, 1, true, sampleKey(1).signer);
    await write('/archive/_manifest/run-000001.json.tsr.tmp.sig', 'x');
    expect((await report()).differences).toMatchObject([
      { path: '_manifest/run-000001.json.tsr.tmp.sig', problem: 'stray' },
    ]);
  });
});

describe('an archive that changes while it is looked at', () => {
  /** Publishes another run while the first file is read. */
  const publishing = (): Disk => {
    let isPublished = false;
    return {
      ...plain(disk),
      async *readChunks(path, fromByte) {
        if (!isPublished) {
          isPublished = true;
          await publishRuns(disk, archive, 3, true, undefined, 3);
        }
        yield* disk.readChunks(path, fromByte);
      },
    };
  };

  it('is what it is where nothing differs', async () => {
    let looks = 0;
    const committing: Disk = {
      ...plain(disk),
      sizeBytes: (path) =>
        path.endsWith('_work/manifest.json') ? Promise.resolve((looks += 1)) : disk.sizeBytes(path),
    };
    expect(await verifyArchive(archive, { disk: committing })).toMatchObject({ runs: 2, differences: [] });
    expect(looks).toBeGreaterThan(1);
  });

  it('is looked at again by whoever asked, where something differs', async () => {
    const pushed = verifyLinks(archive, { disk: publishing() }, { shown: 's3://there', areListsBehind: false });
    await expect(pushed).rejects.toMatchObject({
      message: 'Cannot verify "s3://there": a run was published meanwhile',
      hint: 'Run the same command again',
    });
    disk = published.copy();
    const own = verifyArchive(archive, { disk: publishing() });
    await expect(own).rejects.toThrow('Cannot verify "/archive": a run was published meanwhile');
  });
});

describe('files that a compaction replaces while it is cut', () => {
  it('may be there or not when all of it is in its place, and are what they were until then', async () => {
    disk = new MemoryDisk();
    for (const run of [1, 2]) await publishRows(archive, newMessages(run, 2), [{ format: 'jsonl' }], disk);
    const before = disk;
    const left = new Set<number>();
    for (let step = 1, isCut = true; isCut; step += quickOrLong(2, 1)) {
      disk = before.copy();
      const broken = faultDisk(disk, 'dies-before', step).disk;
      isCut = await compactHere(archive, {}, { disk: broken }).then(
        () => false,
        () => true,
      );
      const { differences, notes } = await report();
      expect({ step, differences }).toEqual({ step, differences: [] });
      const replaced = ['messages/run-000001-0001.jsonl', 'messages/run-000002-0001.jsonl'];
      const sizes = await Promise.all(replaced.map((path) => disk.sizeBytes(`${archive}/${path}`)));
      if (!notes.some((note) => note.startsWith('run-000003 is being published'))) continue;
      left.add(sizes.filter((size) => size !== undefined).length);
      if (sizes[1] === undefined) continue;
      if ((await disk.sizeBytes(`${archive}/_manifest/run-000003.json`)) === undefined) {
        const lost = disk;
        disk = disk.copy();
        await disk.remove(`${archive}/messages/run-000001-0001.jsonl`);
        expect((await report()).differences).toMatchObject([{ problem: 'missing' }]);
        disk = lost;
      }
      await write(`${archive}/messages/run-000002-0001.jsonl`, 'x');
      expect((await report()).differences).toMatchObject([{ path: 'messages/run-000002-0001.jsonl', problem: 'size' }]);
    }
    expect(left).toEqual(new Set([2, 1, 0]));
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

describe('what is said of a state of the first program', () => {
  it('is that it is another, where the archive is none of its', async () => {
    await write(state, JSON.stringify({ version: 1, run: 2, streams: {}, longestPage: {} }));
    expect((await report()).differences).toMatchObject([
      { path: '_state.json', problem: 'state', expected: expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/) as unknown },
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

  it('is what went wrong where it could not be read', async () => {
    const bug = new TypeError('a bug');
    const failing: Disk = {
      ...plain(disk),
      readFile: (path) => (path.endsWith('_work/manifest.json') ? Promise.reject(bug) : disk.readFile(path)),
    };
    await expect(verifyArchive(archive, { disk: failing })).rejects.toBe(bug);
  });

  it('of an archive that has lost all manifests, and kept its sums and its state', async () => {
    for (const run of [1, 2]) await disk.remove(`/archive/_manifest/run-00000${run}.json`);
    const problems = (await report()).differences.map(({ path, problem }) => `${problem} ${path}`);
    expect(problems).toContain('missing _manifest');
    expect(problems.filter((one) => one === 'sums _manifest/SHA256SUMS').length).toBeGreaterThan(8);
    expect(problems.filter((one) => one.endsWith('_state.json'))).toEqual([]);
  });

  it('of an archive of which no run is published', async () => {
    disk = new MemoryDisk();
    await runPlan(disk, archive, sampleRun(2));
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

  it('is a difference where it is of another run', async () =>
    expect((await after((text) => text.replace(/"run": ?3/, '"run": 2'))).differences).toMatchObject([
      { path: '_state.json', problem: 'state', expected: expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/) as unknown },
    ]));

  it('is a difference where it says something else', async () =>
    expect((await after((text) => text.replace(/"messages": (\d+)/, '"messages": 9$1'))).differences).toEqual([
      {
        ...{ path: '_state.json', problem: 'state' },
        ...{ expected: 'what _manifest/run-000003.json says', actual: 'other lists, cursors or counts' },
      },
    ]));
});
