import { execFile } from 'node:child_process';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { AnyManifest } from '../../../src/archive/manifest/manifest.ts';
import { JsonShapeError } from '../../../src/archive/json-shape.ts';
import { parseManifest, serializeManifest } from '../../../src/archive/manifest/manifest-json.ts';
import { finishPublishing, publish } from '../../../src/archive/publish/publish.ts';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { faultDisk, type Fault } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { openCompaction, publishCompacted } from '../../support/archives/sample-compaction.ts';
import { runPlan, publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

/** What a compaction does: finish what was cut; if it is not published then, make its parts (again) and publish it. */
async function bringToCompaction(disk: Disk, archive: string): Promise<void> {
  await finishPublishing(disk, archive);
  if ((await readStoredState(disk, archive)).run === 4) return;
  await disk.remove(`${archive}/_work`);
  await publishCompaction(disk, archive, await openCompaction(disk, archive));
}

describe('publishCompaction', () => {
  it('replaces the files, and leaves an archive that verifies and goes on', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const before = await verifyArchive(archive);
      const state = await readStoredState(nodeDisk, archive);
      await publishCompaction(nodeDisk, archive, await openCompaction(nodeDisk, archive));
      expect(await readdir(join(archive, 'messages'))).toEqual(['run-000004-0001.csv', 'run-000004-0001.parquet']);
      expect(await readdir(join(archive, 'mentions/month=2024-01'))).toHaveLength(2);
      // 4 data files, 6 journals.
      expect(await verifyArchive(archive)).toMatchObject({
        runs: 4,
        files: 10,
        rows: before.rows,
        differences: [],
      });
      expect(await readStoredState(nodeDisk, archive)).toEqual({ ...state, run: 4 });
      const { stdout } = await promisify(execFile)('sha256sum', ['--check', '--strict', '_manifest/SHA256SUMS'], {
        cwd: archive,
      });
      expect(stdout.match(/: OK$/gm)).toHaveLength(14);
      await runPlan(nodeDisk, archive, sampleRun(5));
      const stateBefore = await readStoredState(nodeDisk, archive);
      await publish(nodeDisk, archive, { ...sampleRun(5).contents, stateBefore }, { keepRaw: false });
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  const deaths: readonly Fault[] = ['dies-before', 'dies-within'];
  it.each([
    { fault: 'fails' as const, power: 'on' },
    ...deaths.flatMap((fault) => [
      { fault, power: 'on' },
      { fault, power: 'cut' },
    ]),
    { fault: 'dies-before' as const, power: 'cut, mark gone' },
  ])('gives the same tree as an unbroken one, whichever step $fault (power: $power)', async ({ fault, power }) => {
    const before = new MemoryDisk();
    await publishRuns(before, '/archive', 3, false);
    before.settle();
    const rowsBefore = (await verifyArchive('/archive', { disk: before })).rows;
    const unbroken = before.copy();
    await bringToCompaction(unbroken, '/archive');
    let step = 1;
    for (let reached = true; reached; step += 1) {
      const memory = before.copy();
      reached = await bringToCompaction(faultDisk(memory, fault, step).disk, '/archive').then(
        () => false,
        (error: unknown) => {
          if (error instanceof OutputError) return true;
          throw error;
        },
      );
      if (power === 'cut') memory.cutPower();
      if (power === 'cut, mark gone') memory.cutPower('manifest.json');
      // Whatever the moment: all that is missing or left over is what the cut compaction is about to do.
      if (fault === 'dies-within') {
        const { differences, rows } = await verifyArchive('/archive', { disk: memory });
        expect({ step, differences, rows }).toEqual({ step, differences: [], rows: rowsBefore });
      }
      await bringToCompaction(memory, '/archive');
      const isSame = (): boolean => isDeepStrictEqual(memory.tree(), unbroken.tree());
      if (!isSame()) expect({ step, tree: memory.tree() }).toEqual({ tree: unbroken.tree() });
      memory.cutPower();
      expect(await finishPublishing(memory, '/archive')).toBeUndefined();
      if (!isSame()) expect({ step, tree: memory.tree() }).toEqual({ tree: unbroken.tree() });
    }
    expect(step).toBeGreaterThan(25);
  });

  it('makes a lost SHA256SUMS again without the files that were replaced', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishCompacted(archive);
      const path = join(archive, '_manifest/SHA256SUMS');
      const sums = await readFile(path, 'utf8');
      await rm(path);
      await runPlan(nodeDisk, archive, sampleRun(5));
      await publish(nodeDisk, archive, sampleRun(5).contents, { keepRaw: false });
      const again = await readFile(path, 'utf8');
      expect(again.split('\n')).toEqual(expect.arrayContaining(sums.split('\n')));
      expect(again).not.toContain('run-000001-0001.csv');
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('does not commit a compaction that does not add up', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const contents = await openCompaction(nodeDisk, archive);
      const attempt = (changed: object) => publishCompaction(nodeDisk, archive, { ...contents, ...changed });
      const [first, ...others] = contents.compacted;
      const fewer = { ...first, rowsAfter: (first?.rowsAfter ?? 0) - 1 };
      await expect(attempt({ compacted: [fewer, ...others] })).rejects.toThrow(/does not add up/);
      await expect(attempt({ compacted: others })).rejects.toThrow(/nothing about files of mentions csv/);
      await expect(attempt({ replaces: contents.replaces.slice(1) })).rejects.toThrow(/rows of .* before/);
      await expect(attempt({ dropped: { messages: 1 } })).rejects.toThrow(/no rows of "messages" dropped/);
      await expect(attempt({ state: sampleRun(2).contents.state })).rejects.toThrow(/Run 3 cannot follow run 3/);
      expect((await verifyArchive(archive)).runs).toBe(3);
    });
  });
});

describe('verifyArchive, after a compaction', () => {
  const after = (change: (archive: string) => Promise<unknown>): Promise<VerifyReport> =>
    inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const before = `${archive}-before`;
      try {
        await cp(archive, before, { recursive: true });
        await publishCompaction(nodeDisk, archive, await openCompaction(nodeDisk, archive));
        await change(archive);
      } finally {
        await rm(before, { recursive: true });
      }
      return verifyArchive(archive);
    });
  const found = ({ differences }: VerifyReport) => differences.map(({ path, problem }) => `${problem} ${path}`);

  it('takes a replaced file that is still there for a stray', async () => {
    const path = 'messages/run-000001-0001.csv';
    expect(found(await after((archive) => cp(join(`${archive}-before`, path), join(archive, path))))).toEqual([
      `stray ${path}`,
    ]);
  });

  it('names a new file that is gone, and a manifest that was changed', async () => {
    expect(found(await after((archive) => rm(join(archive, 'messages/run-000004-0001.csv'))))).toEqual([
      'missing messages/run-000004-0001.csv',
    ]);
    const forged = await after(async (archive) => {
      const path = join(archive, '_manifest/run-000004.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('"rowsBefore":6', '"rowsBefore":7'));
    });
    expect(found(forged)).toEqual(
      expect.arrayContaining(['rows _manifest/run-000004.json', 'sums _manifest/SHA256SUMS']),
    );
  });

  it('names a compaction that replaced what no manifest knew, or knew with other bytes', async () => {
    for (const [from, to] of [
      ['"path":"messages/run-000003-0002.csv"', '"path":"messages/run-000003-0003.csv"'],
      [/("replaces": \[[^\]]*"sha256":")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`],
    ] as const) {
      const report = await after(async (archive) => {
        const path = join(archive, '_manifest/run-000004.json');
        const text = await readFile(path, 'utf8');
        const changed = text.replace(from, to);
        expect(changed).not.toBe(text);
        await writeFile(path, changed);
      });
      expect(found(report)).toContain('chain _manifest/run-000004.json');
    }
  });

  it('adds up tables that are fewer by the rows dropped', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const contents = await openCompaction(nodeDisk, archive);
      // Every row of both tables went, and each stood in two formats.
      const files = contents.files.map((file) => ({ ...file, rows: 0 }));
      const compacted = contents.compacted.map((one) => ({ ...one, rowsAfter: 0 }));
      const dropped = { messages: 6, mentions: 6 };
      await publishCompaction(nodeDisk, archive, { ...contents, keeps: 'latest', files, compacted, dropped });
      const report = await verifyArchive(archive);
      expect(report.rows).toEqual({ messages: 0, mentions: 0 });
      // The bytes of the sample are those of all rows: their footers say so.
      expect(found(report)).toEqual([
        'rows mentions/month=2024-01/run-000004-0001.parquet',
        'rows messages/run-000004-0001.parquet',
      ]);
    });
  });
});

describe('the manifest of a compaction', () => {
  let text = '';
  const parse = (json: string): AnyManifest => parseManifest(Buffer.from(json)).manifest;
  const made = inTemporaryFolder(async (archive) => {
    await publishCompacted(archive);
    text = await readFile(join(archive, '_manifest/run-000004.json'), 'utf8');
  });

  it('is read back as it was written', async () => {
    await made;
    expect(serializeManifest(parse(text))).toBe(text);
    expect(parse(text)).toMatchObject({
      kind: 'compaction',
      keeps: 'all',
      run: 4,
      previous: { path: '_manifest/run-000003.json' },
    });
  });

  it('refuses any field that is missing', async () => {
    await made;
    const whole = JSON.parse(text) as Record<string, unknown>;
    for (const key of Object.keys(whole)) {
      const less = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));
      expect(() => parse(JSON.stringify(less))).toThrow(JsonShapeError);
    }
  });

  it.each([
    '_state.json',
    '_manifest/run-000001.json',
    '_raw/run-000001/b.jsonl',
    'messages',
    'messages/../run-000001-0001.csv',
    '../../messages/run-000001-0001.csv',
    'messages/run-000004-0001.csv',
    'messages/run-000005-0001.csv',
    'messages/notes.txt',
  ])('never names %s as a file to remove', async (path) => {
    await made;
    const changed = text.replace('"path":"messages/run-000001-0001.csv"', `"path":"${path}"`);
    expect(changed).not.toBe(text);
    expect(() => parse(changed)).toThrow(/expected a (data file from before run 4|path inside the archive)/);
  });
});
