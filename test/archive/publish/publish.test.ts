import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseManifest, serializeManifest } from '../../../src/archive/manifest/manifest-json.ts';
import { finishPublishing, publish } from '../../../src/archive/publish/publish.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { faultDisk, type Fault } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { runPlan, publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

// Thousands of small steps: a busy machine may need longer than the default five seconds.

const disk = nodeDisk;

/** Every file and folder of an archive, with the bytes of the files. */
async function tree(archive: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(archive, { recursive: true })).sort();
  const entries = names.map(async (name) => {
    const path = join(archive, name);
    return [name, (await stat(path)).isDirectory() ? 'folder' : await readFile(path, 'base64')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What a run does: finish what was cut; if this run is not published then, make its parts (again) and publish it. */
async function bringToRun(on: Disk, archive: string, run: number, keepRaw: boolean): Promise<void> {
  await finishPublishing(on, archive);
  if ((await readStoredState(on, archive)).run >= run) return;
  await runPlan(on, archive, sampleRun(run));
  await publish(on, archive, sampleRun(run).contents, { keepRaw });
}

describe('publish', () => {
  const deaths: readonly Fault[] = ['dies-before', 'dies-within'];
  it.each([
    { fault: 'fails' as const, power: 'on' },
    // What lies there when the power stays on is more than what is left when it goes.
    ...deaths.flatMap((fault) => [...quickOrLong([], [{ fault, power: 'on' }]), { fault, power: 'cut' }]),
    // Of all that was not flushed, only the removal of the commit mark may have reached the disk.
    { fault: 'dies-before' as const, power: 'cut, mark gone' },
  ])('gives the same tree as an unbroken run, whichever step $fault (power: $power)', async (theCase) => {
    for (const keepRaw of [true, false]) {
      const unbroken = new MemoryDisk();
      await unbroken.makeFolder('/archive');
      // Where the journals go is the same in every run: one is enough without them.
      for (let run = 1; run <= (keepRaw ? 3 : 1); run += 1) {
        unbroken.settle();
        const before = unbroken.copy();
        await bringToRun(unbroken, '/archive', run, keepRaw);
        // In the quick suite each run tries other steps.
        let step = quickOrLong(run, 1);
        for (let reached = true; reached; step += quickOrLong(11, 1)) {
          const memory = before.copy();
          const broken = faultDisk(memory, theCase.fault, step);
          reached = await bringToRun(broken.disk, '/archive', run, keepRaw).then(
            () => false,
            (error: unknown) => {
              if (error instanceof OutputError) return true;
              throw error;
            },
          );
          if (theCase.power === 'cut') memory.cutPower();
          if (theCase.power === 'cut, mark gone') memory.cutPower('manifest.json');
          await bringToRun(memory, '/archive', run, keepRaw);
          // Compared by hand first: a matcher looks at every byte, for every step.
          const isSame = (): boolean => isDeepStrictEqual(memory.tree(), unbroken.tree());
          if (!isSame()) expect({ keepRaw, run, step, tree: memory.tree() }).toEqual({ tree: unbroken.tree() });
          // What is reported as done is done for good; only an empty `_work` may come back, and goes at the next start.
          memory.cutPower();
          expect(await finishPublishing(memory, '/archive')).toBeUndefined();
          if (!isSame()) expect({ keepRaw, run, step, tree: memory.tree() }).toEqual({ tree: unbroken.tree() });
        }
        // So many steps has the smallest run: the loop has not ended early.
        expect(step).toBeGreaterThan(25);
      }
    }
  });

  it('has committed a run for good when prepare resolves', async () => {
    const memory = new MemoryDisk();
    await memory.makeFolder('/archive');
    memory.settle();
    await runPlan(memory, '/archive', sampleRun(1));
    const manifest = await prepare(memory, '/archive', sampleRun(1).contents, { keepRaw: true });
    memory.cutPower();
    expect(await finishPublishing(memory, '/archive')).toEqual(
      parseManifest(Buffer.from(serializeManifest(manifest))).manifest,
    );
    expect((await verifyArchive('/archive', { disk: memory })).differences).toEqual([]);
  });

  it('finishes a publish that is cut again and again', async () => {
    await inTemporaryFolder(async (unbroken) => {
      await publishRuns(disk, unbroken, 3);
      await inTemporaryFolder(async (archive) => {
        for (const run of [1, 2, 3]) {
          await runPlan(disk, archive, sampleRun(run));
          await prepare(disk, archive, sampleRun(run).contents, { keepRaw: true });
          for (let step = 1; step < 100; step += 1) {
            const broken = faultDisk(nodeDisk, 'dies-before', step);
            const done = await finishPublishing(broken.disk, archive).then(
              () => true,
              () => false,
            );
            if (done) break;
          }
        }
        expect(await tree(archive)).toEqual(await tree(unbroken));
      });
    });
  });

  it('leaves only what the layout names, and an archive that verifies', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(disk, archive, 3);
      expect((await readdir(archive)).sort()).toEqual(['_manifest', '_raw', '_state.json', 'mentions', 'messages']);
      expect((await readdir(join(archive, 'messages'))).sort()).toEqual([
        'run-000001-0001.csv',
        'run-000001-0001.parquet',
        'run-000003-0001.csv',
        'run-000003-0001.parquet',
        'run-000003-0002.csv',
        'run-000003-0002.parquet',
      ]);
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('removes the journals unless they are to be kept', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(disk, archive, 3, false);
      expect(await readdir(archive)).not.toContain('_raw');
      const { manifest } = parseManifest(await readFile(join(archive, '_manifest/run-000001.json')));
      expect(manifest).toMatchObject({ kind: 'export', raw: [] });
    });
  });

  it('chains the manifests and tells the gaps of the streams again', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(disk, archive, 3);
      const read = async (run: number) =>
        parseManifest(await readFile(join(archive, `_manifest/run-00000${run}.json`))).manifest;
      expect((await read(1)).previous).toBeNull();
      expect((await read(3)).previous?.path).toBe('_manifest/run-000002.json');
      expect(await read(3)).toMatchObject({
        gaps: [
          {
            endpoint: 'groups.messages',
            room: { id: 'id-ops', name: 'ops', type: 'private' },
            reason: 'not-allowed',
            message: 'The server says no',
          },
        ],
        lists: [{ room: { name: 'dev' } }, { room: { name: 'ops' } }],
      });
    });
  });

  it('never overwrites a file: before the commit nothing is touched', async () => {
    await inTemporaryFolder(async (archive) => {
      await runPlan(disk, archive, sampleRun(1));
      await mkdir(join(archive, 'messages'));
      await writeFile(join(archive, 'messages/run-000001-0001.csv'), 'somebody else');
      await expect(publish(disk, archive, sampleRun(1).contents, { keepRaw: false })).rejects.toThrow(
        /name is taken by another file/,
      );
      expect(await readFile(join(archive, 'messages/run-000001-0001.csv'), 'utf8')).toBe('somebody else');
      expect(await readdir(archive)).not.toContain('_manifest');
    });
  });

  it('never overwrites a file that appeared after the commit', async () => {
    await inTemporaryFolder(async (archive) => {
      await runPlan(disk, archive, sampleRun(1));
      await prepare(disk, archive, sampleRun(1).contents, { keepRaw: false });
      await mkdir(join(archive, 'messages'));
      await writeFile(join(archive, 'messages/run-000001-0001.csv'), 'somebody else');
      await expect(finishPublishing(disk, archive)).rejects.toThrow(OutputError);
      expect(await readFile(join(archive, 'messages/run-000001-0001.csv'), 'utf8')).toBe('somebody else');
      await rm(join(archive, 'messages/run-000001-0001.csv'));
      await finishPublishing(disk, archive);
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('does not commit a run whose part is cut', async () => {
    await inTemporaryFolder(async (archive) => {
      await runPlan(disk, archive, sampleRun(1));
      await writeFile(join(archive, '_work/parts/messages/run-000001-0001.csv'), 'te');
      await expect(publish(disk, archive, sampleRun(1).contents, { keepRaw: false })).rejects.toThrow(/has 2 bytes/);
      expect(await readdir(join(archive, '_work'))).not.toContain('manifest.json');
    });
  });

  it('does not commit contents that contradict themselves', async () => {
    await inTemporaryFolder(async (archive) => {
      const { contents } = sampleRun(1);
      await runPlan(disk, archive, sampleRun(1));
      const attempt = (changed: object) => publish(disk, archive, { ...contents, ...changed }, { keepRaw: false });
      await expect(attempt({ tables: { ...contents.tables, messages: 4 } })).rejects.toThrow(/has 4 rows/);
      await expect(attempt({ tables: { ...contents.tables, links: 1 } })).rejects.toThrow(/"links" has 1 rows/);
      await expect(attempt({ state: { ...contents.state, run: 7 } })).rejects.toThrow(/Run 7 cannot follow run/);
      await expect(attempt({ schemaVersion: -1 })).rejects.toThrow(/"schemaVersion" is -1/);
    });
  });

  it('does not build on a manifest that was changed', async () => {
    await inTemporaryFolder(async (archive) => {
      await runPlan(disk, archive, sampleRun(1));
      await publish(disk, archive, sampleRun(1).contents, { keepRaw: false });
      const path = join(archive, '_manifest/run-000001.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('archivist', 'somebody'));
      await runPlan(disk, archive, sampleRun(2));
      await expect(publish(disk, archive, sampleRun(2).contents, { keepRaw: false })).rejects.toThrow(
        /SHA256SUMS says/,
      );
    });
  });

  it('makes a lost SHA256SUMS again from the manifests', async () => {
    await inTemporaryFolder(async (unbroken) => {
      await publishRuns(disk, unbroken, 3);
      await inTemporaryFolder(async (archive) => {
        await publishRuns(disk, archive, 2);
        await rm(join(archive, '_manifest/SHA256SUMS'));
        await runPlan(disk, archive, sampleRun(3));
        await publish(disk, archive, sampleRun(3).contents, { keepRaw: true });
        expect(await tree(archive)).toEqual(await tree(unbroken));
      });
    });
  });
});
