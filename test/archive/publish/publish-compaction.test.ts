import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { emptyState } from '../../../src/archive/state/state.ts';
import { replaceFile } from '../../../src/system/disk.ts';
import { memoryCopy } from '../../support/disk/memory-copy.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';

const archive = '/archive';
/** Three runs of the first program: their manifests are of format version 1. */
const firstProgram = join(import.meta.dirname, '../../fixtures/version-1/published');

/** Three runs, and the parts of a compaction of them. */
async function opened() {
  const disk = new MemoryDisk();
  await disk.makeFolder(archive);
  await publishRuns(disk, archive, 3);
  return { disk, contents: await openCompaction(disk, archive) };
}

describe('publishCompaction', () => {
  it('publishes a link that names its files and those it replaces in the order of their names, and nothing else changes', async () => {
    const { disk, contents } = await opened();
    const shuffled = {
      ...contents,
      files: contents.files.toReversed(),
      replaces: contents.replaces.toReversed(),
    };
    const before = await readStoredState(disk, archive);
    const manifest = await publishCompaction(disk, archive, shuffled);
    expect(manifest).toMatchObject({ version: 3, run: 4, kind: 'compaction', keeps: 'all' });
    expect(manifest).not.toHaveProperty('signer');
    for (const named of [manifest.files, manifest.replaces]) {
      expect(named.length).toBeGreaterThan(2);
      expect(named.map(({ path }) => path)).toEqual(named.map(({ path }) => path).toSorted());
    }
    expect(manifest.replaces.every((file) => Object.keys(file).toSorted().join() === 'path,sha256')).toBe(true);
    expect(await readStoredState(disk, archive)).toEqual({ ...before, run: 4 });
    expect(await disk.list(`${archive}/messages`)).toEqual(['run-000004-0001.csv', 'run-000004-0001.parquet']);
    expect((await verifyArchive(archive, { disk })).differences).toEqual([]);
    // Only what changed: the state after a run can be told from those before it.
    expect(JSON.stringify(manifest.state).length).toBeLessThan(JSON.stringify(before).length);
  });

  it('takes away the pages that show what it drops, also those in the making, and only those', async () => {
    const left = async (keeps: 'all' | 'latest') => {
      const { disk, contents } = await opened();
      for (const name of ['transcript', 'transcript.tmp', 'current']) {
        await disk.makeFolder(`${archive}/_view/${name}`);
        await replaceFile(disk, `${archive}/_view/${name}/page.html`, name);
      }
      await publishCompaction(disk, archive, { ...contents, keeps });
      return disk.list(`${archive}/_view`);
    };
    expect(await left('all')).toEqual(['current', 'transcript', 'transcript.tmp']);
    expect(await left('latest')).toEqual(['current']);
  });

  it('is signed as the runs before it are', async () => {
    const disk = new MemoryDisk();
    const { signer, publicPem: publicKey } = sampleKey(1);
    await publishRuns(disk, archive, 2, true, signer);
    const manifest = await publishCompaction(disk, archive, await openCompaction(disk, archive), signer);
    expect(manifest.signer).toEqual(signer.says);
    expect((await verifyArchive(archive, { disk, publicKey })).differences).toEqual([]);
  });

  it('says all of the state behind a run of the first program, of which none can be replayed', async () => {
    const disk = await memoryCopy(firstProgram, archive);
    const manifest = await publishCompaction(disk, archive, await openCompaction(disk, archive));
    expect(manifest.state.base).toBe('empty');
    expect((await verifyArchive(archive, { disk })).differences).toEqual([]);
  });

  it('publishes nothing that does not add up, which is a bug of whoever made it', async () => {
    const { disk, contents } = await opened();
    const before = disk.tree();
    const [first, ...others] = contents.files;
    const files = [...(first ? [{ ...first, rows: first.rows + 1 }] : []), ...others];
    await expect(publishCompaction(disk, archive, { ...contents, files })).rejects.toThrow(
      /^A compaction does not add up: .+, but .+/,
    );
    const unknown = contents.replaces.slice(1);
    await expect(publishCompaction(disk, archive, { ...contents, replaces: unknown })).rejects.toThrow(
      /does not add up/,
    );
    expect(disk.tree()).toEqual(before);
  });

  it('has nothing to compact in an archive without runs', async () => {
    const { contents } = await opened();
    const disk = new MemoryDisk();
    await disk.makeFolder(archive);
    await expect(publishCompaction(disk, archive, { ...contents, state: emptyState })).rejects.toThrow(
      'An archive without runs has nothing to compact',
    );
  });
});
