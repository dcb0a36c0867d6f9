import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { finishPublishing } from '../../../src/archive/publish/publish.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { UsageError } from '../../../src/errors.ts';
import { runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const found = (report: VerifyReport): readonly string[] =>
  report.differences.map(({ path, problem }) => `${problem} ${path}`).sort();

/** What is said of an archive after each step in which the publishing of its run may be cut. */
async function cutPublishes(committed: MemoryDisk, run: number): Promise<readonly string[]> {
  const said: string[] = [];
  for (let isCut = true, step = 1; isCut; step += 1) {
    isCut = false;
    const memory = committed.copy();
    const broken = faultDisk(memory, 'dies-within', step);
    await finishPublishing(broken.disk, '/archive').catch(() => (isCut = true));
    said.push(
      await verifyArchive('/archive', { disk: memory }).then(
        ({ runs, differences }) =>
          runs === run && differences.length === 0 ? 'complete' : JSON.stringify(differences),
        (error: unknown) => (error instanceof Error ? error.constructor.name : String(error)),
      ),
    );
  }
  return said;
}

describe('an archive that has no manifest', () => {
  it('does not take a first run that is at work, or was cut, for an archive that was changed', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder('/archive/_work/journal');
    await expect(verifyArchive('/archive', { disk })).rejects.toThrow(/no run has been published yet/);
    await runPlan(disk, '/archive', sampleRun(1));
    const refused = verifyArchive('/archive', { disk });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow('Cannot verify "/archive": no run has been published yet');
    await prepare(disk, '/archive', sampleRun(1).contents, { keepRaw: true });
    const before = await cutPublishes(disk, 1);
    expect(before.length).toBeGreaterThan(25);
    expect([...new Set(before)]).toEqual(['UsageError', 'complete']);
  });

  it('proves nothing where no run is published and more is there, or something else was expected', async () => {
    const open = async (run: number, change?: (disk: MemoryDisk) => Promise<void>) => {
      const disk = new MemoryDisk();
      await runPlan(disk, '/archive', sampleRun(run));
      await change?.(disk);
      return disk;
    };
    const put = (path: string, text: string) => async (disk: MemoryDisk) => {
      await disk.makeFolder(dirname(`/archive/${path}`));
      const file = await disk.open(`/archive/${path}`, 'truncate');
      await file.write(Buffer.from(text));
      await file.close();
    };
    const first = 'missing _manifest';
    for (const [disk, expected] of [
      [await open(4), [first]],
      [await open(1, put('_state.json', '{}')), [first]],
      [await open(1, put('_work/run.json', 'oops')), [first]],
      [await open(1, put('messages/run-000001-0001.csv', 'x')), [first, 'stray messages/run-000001-0001.csv']],
      [await open(1, put('_manifest/SHA256SUMS', 'x')), [first, 'unreadable _manifest/SHA256SUMS']],
    ] as const) {
      expect(found(await verifyArchive('/archive', { disk }))).toEqual(expected);
    }
    // A first run makes the folder of manifests when it is published, and views are made of what was published.
    const emptied = new MemoryDisk();
    await emptied.makeFolder('/archive/_manifest');
    for (const disk of [
      emptied,
      await open(1, (disk) => disk.makeFolder('/archive/_manifest')),
      await open(1, put('_view/report.html', 'x')),
    ]) {
      expect(found(await verifyArchive('/archive', { disk }))).toEqual([first]);
    }
    const report = await verifyArchive('/archive', { disk: await open(1), expect: '0'.repeat(64) });
    expect(found(report)).toEqual(['expected _manifest', first]);
  });
});
