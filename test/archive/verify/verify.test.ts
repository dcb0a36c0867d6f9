import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { finishPublishing, publish } from '../../../src/archive/publish/publish.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { serializeState } from '../../../src/archive/state/state-schema.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { StoppedError, UsageError } from '../../../src/errors.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { runPlan, publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

const found = (report: VerifyReport): readonly string[] =>
  report.differences.map(({ path, problem }) => `${problem} ${path}`).sort();

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`Nothing to change in "${path}"`);
  await writeFile(path, after);
}

/** What one who knows the format would do after a change: make SHA256SUMS fit again. */
async function forgeSums(archive: string, path: string): Promise<void> {
  const hash = sha256(await readFile(join(archive, path)));
  await edit(join(archive, '_manifest/SHA256SUMS'), (text) =>
    text.replace(new RegExp(`^[0-9a-f]{64}  ${path}$`, 'm'), `${hash}  ${path}`),
  );
}

describe('verifyArchive', () => {
  let release: () => void;
  let published: string;
  let holding: Promise<void>;
  beforeAll(async () => {
    await new Promise<void>((ready) => {
      holding = inTemporaryFolder(async (folder) => {
        published = folder;
        await publishRuns(nodeDisk, folder, 3);
        const end = new Promise<void>((resolve) => (release = resolve));
        ready();
        await end;
      });
    });
  });
  afterAll(async () => {
    release();
    await holding;
  });

  /** The report on a copy of the archive to which something was done. */
  const after = (change: (archive: string) => Promise<unknown>): Promise<VerifyReport> =>
    inTemporaryFolder(async (archive) => {
      await cp(published, archive, { recursive: true });
      await change(archive);
      return verifyArchive(archive);
    });

  it('follows no link to a folder: not to the archive itself, over and over, and not to another place', async () => {
    const report = await after(async (archive) => {
      await symlink('..', join(archive, 'messages/loop'));
      await mkdir(join(archive, 'elsewhere'));
      await writeFile(join(archive, 'elsewhere/other'), 'x');
      await symlink('elsewhere', join(archive, 'linked'));
    });
    expect(found(report)).toEqual(['stray elsewhere/other', 'stray messages/loop']);
    expect(report.notes).toContainEqual(expect.stringContaining('"linked" is a symbolic link'));
  });

  it('counts what it checked and finds nothing in an archive as it was published', async () => {
    const report = await after(() => Promise.resolve());
    expect(report).toMatchObject({
      runs: 3,
      files: 18,
      rows: { mentions: 6, messages: 6 },
      differences: [],
      notes: ['_manifest/run-000003.json names 1 gap'],
    });
    expect(report.bytes).toBeGreaterThan(1000);
  });

  it('agrees with sha256sum', async () => {
    const check = () =>
      promisify(execFile)('sha256sum', ['--check', '--strict', '_manifest/SHA256SUMS'], { cwd: published });
    const { stdout } = await check();
    // 12 data files, 6 journals, 3 manifests.
    expect(stdout.match(/: OK$/gm)).toHaveLength(21);
  });

  it.each([
    ['messages/run-000001-0001.csv'],
    ['mentions/month=2024-01/run-000003-0002.parquet'],
    ['_raw/run-000002/groups.messages/a.jsonl'],
  ])('names %s when one bit is flipped, when it is cut, and when it is gone', async (path) => {
    const flipped = await after(async (archive) => {
      const bytes = await readFile(join(archive, path));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(join(archive, path), bytes);
    });
    expect(found(flipped)).toEqual([`sha256 ${path}`]);
    expect(found(await after((archive) => truncate(join(archive, path), 3)))).toEqual([`size ${path}`]);
    expect(found(await after((archive) => rm(join(archive, path))))).toEqual([`missing ${path}`]);
  });

  it('names a file that a folder has taken the place of', async () => {
    const report = await after(async (archive) => {
      await rm(join(archive, 'messages/run-000001-0001.csv'));
      await mkdir(join(archive, 'messages/run-000001-0001.csv'));
    });
    expect(report.differences.map(({ path }) => path)).toEqual(['messages/run-000001-0001.csv']);
  });

  it('names a manifest with a changed number, by SHA256SUMS and by the chain', async () => {
    const change = (archive: string) =>
      edit(join(archive, '_manifest/run-000002.json'), (text) => text.replace('"retries":0', '"retries":1'));
    expect(found(await after(change))).toEqual(['chain _manifest/run-000003.json', 'sums _manifest/SHA256SUMS']);
    const forged = await after(async (archive) => {
      await change(archive);
      await forgeSums(archive, '_manifest/run-000002.json');
    });
    expect(found(forged)).toEqual(['chain _manifest/run-000003.json']);
    expect(forged.differences[0]?.expected).toMatch(/^before it _manifest\/run-000002.json with SHA-256 [0-9a-f]{64}$/);
  });

  it('names rows that do not add up, even where all hashes fit', async () => {
    const report = await after(async (archive) => {
      await edit(join(archive, '_manifest/run-000003.json'), (text) => text.replace('"messages":3', '"messages":9'));
      await forgeSums(archive, '_manifest/run-000003.json');
    });
    expect(found(report)).toEqual(['rows _manifest/run-000003.json', 'rows _manifest/run-000003.json']);
  });

  it('names a Parquet file whose footer has another number of rows than its manifest', async () => {
    const report = await after(async (archive) => {
      await edit(join(archive, '_manifest/run-000003.json'), (text) =>
        text.replaceAll('"rows":2', '"rows":4').replace('"mentions":3,"messages":3', '"mentions":5,"messages":5'),
      );
      await forgeSums(archive, '_manifest/run-000003.json');
    });
    expect(found(report).filter((line) => line.endsWith('.parquet'))).toEqual([
      'rows mentions/month=2024-01/run-000003-0001.parquet',
      'rows messages/run-000003-0001.parquet',
    ]);
  });

  it.each([1, 2, 3])('names manifest %d when it is dropped', async (run) => {
    const path = `_manifest/run-00000${run}.json`;
    const report = await after((archive) => rm(join(archive, path)));
    const about = report.differences.filter(
      (it) => it.path === path || it.expected.includes(path) || it.actual.includes(path),
    );
    expect(about.length).toBeGreaterThan(0);
    expect(found(report)).toContain(run === 3 ? 'state _state.json' : `missing ${path}`);
  });

  it('names manifests that changed places', async () => {
    const report = await after(async (archive) => {
      const path = (run: number | string) => join(archive, `_manifest/run-00000${run}.json`);
      await rename(path(1), path('x'));
      await rename(path(2), path(1));
      await rename(path('x'), path(2));
    });
    expect(found(report)).toEqual(
      expect.arrayContaining(['unreadable _manifest/run-000001.json', 'unreadable _manifest/run-000002.json']),
    );
  });

  it('names a manifest that is no manifest, and goes on with the others', async () => {
    const report = await after(async (archive) => {
      await writeFile(join(archive, '_manifest/run-000001.json'), 'oops');
      await rm(join(archive, 'messages/run-000003-0001.csv'));
    });
    expect(found(report)).toEqual(
      expect.arrayContaining(['unreadable _manifest/run-000001.json', 'missing messages/run-000003-0001.csv']),
    );
  });

  it('names what lies among the tables, the manifests and the journals and belongs nowhere', async () => {
    const strays = [
      'messages/run-000009-0001.csv',
      'messages/deeper/x.csv',
      '_manifest/copy.json',
      '_raw/run-000001/c.jsonl',
      'reactions/run-000001-0001.csv',
    ];
    const report = await after(async (archive) => {
      await mkdir(join(archive, 'messages/deeper'));
      await mkdir(join(archive, 'reactions'));
      for (const path of strays) await writeFile(join(archive, path), 'x');
      await writeFile(join(archive, 'README.txt'), 'our archive');
    });
    expect(found(report)).toEqual(strays.map((path) => `stray ${path}`).sort());
    expect(report.notes).toContain('"README.txt" is not part of the archive');
  });

  it('names a SHA256SUMS that is gone, damaged, or says something else', async () => {
    const sums = '_manifest/SHA256SUMS';
    expect(found(await after((archive) => rm(join(archive, sums))))).toEqual([`missing ${sums}`]);
    expect(found(await after((archive) => appendFile(join(archive, sums), 'oops')))).toEqual([`unreadable ${sums}`]);
    const extra = await after((archive) => appendFile(join(archive, sums), `${'0'.repeat(64)}  messages/more.csv\n`));
    expect(found(extra)).toEqual([`sums ${sums}`]);
    const less = await after((archive) => edit(join(archive, sums), (text) => text.replace(/^.*\n/, '')));
    expect(found(less)).toEqual([`sums ${sums}`]);
  });

  it('names a chain that does not make the state its newest link vouches for', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      await runPlan(nodeDisk, archive, sampleRun(3));
      const { contents } = sampleRun(3);
      // As if the run had changed nothing.
      await publish(nodeDisk, archive, { ...contents, stateBefore: contents.state }, { keepRaw: false });
      expect(found(await verifyArchive(archive))).toEqual(['state _manifest/run-000003.json']);
      await expect(rebuildState(nodeDisk, archive)).rejects.toThrow(/does not add up to what the newest vouches for/);
    });
  });

  it('names a state that is gone, damaged, or not that of the newest manifest', async () => {
    const state = '_state.json';
    expect(found(await after((archive) => rm(join(archive, state))))).toEqual([`missing ${state}`]);
    expect(found(await after((archive) => writeFile(join(archive, state), '{}')))).toEqual([`unreadable ${state}`]);
    const older = await after((archive) =>
      writeFile(join(archive, state), serializeState(sampleRun(2).contents.state)),
    );
    expect(found(older)).toEqual([`state ${state}`]);
    const changed = await after((archive) =>
      edit(join(archive, state), (text) => text.replace('"offset":9', '"offset":8')),
    );
    expect(found(changed)).toEqual([`state ${state}`]);
  });

  it('notes an open run, and does not mind it', async () => {
    const report = await after((archive) => runPlan(nodeDisk, archive, sampleRun(4)));
    expect(report.differences).toEqual([]);
    expect(report.notes).toContain('A run is open: it is not part of the archive yet');
  });

  it('notes a publish that was cut, wherever that was, and does not mind it', async () => {
    const committed = new MemoryDisk();
    await publishRuns(committed, '/archive', 3);
    await runPlan(committed, '/archive', sampleRun(4));
    await prepare(committed, '/archive', sampleRun(4).contents, { keepRaw: true });
    let cuts = 0;
    for (let step = 1; cuts === step - 1; step += 1) {
      const memory = committed.copy();
      const broken = faultDisk(memory, 'dies-within', step);
      await finishPublishing(broken.disk, '/archive').catch(() => (cuts += 1));
      const report = await verifyArchive('/archive', { disk: memory });
      expect({ step, differences: report.differences }).toEqual({ step, differences: [] });
      if (report.runs === 3) expect(report.notes.join()).toMatch(/run-000004 is being published/);
    }
    expect(cuts).toBeGreaterThan(25);
  });

  it('says that there is no archive where there is none', async () => {
    await inTemporaryFolder(async (folder) => {
      await expect(verifyArchive(folder)).rejects.toThrow(UsageError);
      await expect(verifyArchive(join(folder, 'nowhere'))).rejects.toThrow(UsageError);
      await writeFile(join(folder, 'file'), '');
      await expect(verifyArchive(join(folder, 'file'))).rejects.toThrow(UsageError);
    });
  });

  it('reports no difference of its own making when a run is published meanwhile', async () => {
    await inTemporaryFolder(async (archive) => {
      await cp(published, archive, { recursive: true });
      let waiting = true;
      const disk: Disk = {
        ...nodeDisk,
        async *readChunks(path, fromByte) {
          if (waiting && !path.endsWith('_state.json')) {
            waiting = false;
            await runPlan(nodeDisk, archive, sampleRun(4));
            await prepare(nodeDisk, archive, sampleRun(4).contents, { keepRaw: true });
            await finishPublishing(nodeDisk, archive);
          }
          yield* nodeDisk.readChunks(path, fromByte);
        },
      };
      await expect(verifyArchive(archive, { disk })).rejects.toThrow(StoppedError);
      expect((await verifyArchive(archive, { disk })).runs).toBe(4);
    });
  });
});
