import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { headReader } from '../../../src/archive/manifest/parts/manifest-readers.ts';
import { readChain, readChainBack, walkChain, type ChainFault } from '../../../src/archive/manifest/read-chain.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { finishPublishing } from '../../../src/archive/publish/publish.ts';
import { rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runPlan, publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

describe('walkChain', () => {
  it('reads on behind a manifest that is missing or damaged, and blames only that one', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 6);
      await rm(manifest(archive, 1));
      await rm(manifest(archive, 2));
      await writeFile(manifest(archive, 5), 'oops');
      expect(await walk(archive, [3, 4, 5, 6])).toEqual({
        links: [3, 4, 6],
        faults: [
          { kind: 'missing', run: 1, lastRun: 2 },
          { kind: 'unreadable', run: 5, error: expect.objectContaining({ kind: 'output' }) },
        ],
      });
    });
  });

  it('compares each link with the one before it, and the first with none', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      await change(manifest(archive, 2), '"retries":0', '"retries":1');
      const { links, faults } = await walk(archive, [1, 2, 3]);
      expect(links).toEqual([1, 2, 3]);
      expect(faults).toMatchObject([{ kind: 'unlinked', run: 3, expected: { path: '_manifest/run-000002.json' } }]);
    });
  });
});

describe('readChain', () => {
  it('stops at the first fault, whichever it is', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      expect(await read(archive)).toEqual([1, 2, 3]);
      expect(await read(archive, 2)).toEqual([1, 2]);
      await change(manifest(archive, 3), '"retries":0', '"retries":1');
      await expect(read(archive)).rejects.toThrow(/run-000003.json": its SHA-256 is .*, and SHA256SUMS says/);
      await change(manifest(archive, 1), '"retries":0', '"retries":1');
      await expect(read(archive)).rejects.toThrow(/run-000001.json": its SHA-256 is .*, and the next one says/);
      await rm(manifest(archive, 1));
      await expect(read(archive)).rejects.toThrow(/run-000001.json": there is no such file/);
    });
  });

  it('keeps SHA256SUMS from being made anew out of a manifest that was changed', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      await change(manifest(archive, 1), '"retries":0', '"retries":1');
      await rm(join(archive, '_manifest/SHA256SUMS'));
      await runPlan(nodeDisk, archive, sampleRun(3));
      await prepare(nodeDisk, archive, sampleRun(3).contents, { keepRaw: false });
      await expect(finishPublishing(nodeDisk, archive)).rejects.toThrow(/run-000001.json": its SHA-256 is/);
    });
  });

  it('is what a state is rebuilt from: of a chain with a hole there is none', async () => {
    await inTemporaryFolder(async (archive) => {
      await expect(rebuildState(nodeDisk, archive)).rejects.toThrow(/there is no manifest to make it from/);
      await publishRuns(nodeDisk, archive, 3);
      await rm(manifest(archive, 2));
      await expect(rebuildState(nodeDisk, archive)).rejects.toThrow(/run-000002.json": there is no such file/);
    });
  });
});

describe('readChainBack', () => {
  it('begins with the newest link, and stops at the first fault that it meets, not at those before', async () => {
    await inTemporaryFolder(async (archive) => {
      expect(await readBack(archive)).toEqual([]);
      await publishRuns(nodeDisk, archive, 4);
      expect(await readBack(archive)).toEqual([4, 3, 2, 1]);
      await change(manifest(archive, 2), '"retries":0', '"retries":1');
      expect(await readBack(archive, 2)).toEqual([4, 3]);
      await expect(readBack(archive)).rejects.toThrow(/run-000002.json": its SHA-256 is .*, and the next one says/);
      await rm(manifest(archive, 2));
      await expect(readBack(archive)).rejects.toThrow(/run-000002.json": there is no such file/);
      await change(manifest(archive, 4), '"retries":0', '"retries":1');
      await expect(readBack(archive)).rejects.toThrow(/run-000004.json": its SHA-256 is .*, and SHA256SUMS says/);
    });
  });
});

function manifest(archive: string, run: number): string {
  return join(archive, `_manifest/run-00000${run}.json`);
}

async function change(path: string, from: string, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

async function walk(archive: string, runs: readonly number[]) {
  const links: number[] = [];
  const faults: ChainFault[] = [];
  for await (const link of walkChain(nodeDisk, archive, runs, headReader, (fault) => faults.push(fault))) {
    links.push(link.manifest.run);
  }
  return { links, faults };
}

async function read(archive: string, upTo?: number): Promise<readonly number[]> {
  const runs: number[] = [];
  for await (const link of readChain(nodeDisk, archive, upTo)) runs.push(link.manifest.run);
  return runs;
}

async function readBack(archive: string, most = Number.POSITIVE_INFINITY): Promise<readonly number[]> {
  const runs: number[] = [];
  for await (const link of readChainBack(nodeDisk, archive)) {
    runs.push(link.manifest.run);
    if (runs.length === most) break;
  }
  return runs;
}
