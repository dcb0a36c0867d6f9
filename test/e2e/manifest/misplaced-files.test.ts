import { mkdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { findMisplaced } from '../../../src/archive/verify/find-misplaced.ts';
import { runReport } from '../../../src/cli/report/run/run-report.ts';
import { publishedResult } from '../../../src/cli/result/run-result.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

/** No test changes it. */
const workspace = createSampleWorkspace();

/** An archive after its first run, by room, and the next run into it. */
async function withArchive(use: (archive: string, run: () => Promise<Manifest>) => Promise<void>): Promise<void> {
  const served = await serveWorkspace(workspace);
  try {
    await inTemporaryFolder(async (archive) => {
      const settings = { transform: { tables: ['messages', 'mentions'] }, partition: 'room' } as const;
      const job = jobFor(served.url, archive, {
        ...settings,
        extract: [{ rooms: ['postmortem-ledger-outage', 'project-lantern'] }],
      });
      const run = (): Promise<Manifest> => runJob(job, here);
      await run();
      await use(archive, run);
    });
  } finally {
    await served.close();
  }
}

const filesIn = async (archive: string): Promise<readonly string[]> =>
  (await readFile(join(archive, '_manifest', 'SHA256SUMS'), 'utf8'))
    .split('\n')
    .flatMap((line) => line.split('  ')[1] ?? []);

/** A disk that takes down which folders it lists. */
function listing(changes: Partial<Disk> = {}): { readonly disk: Disk; readonly folders: string[] } {
  const folders: string[] = [];
  const list: Disk['list'] = (folder) => {
    folders.push(folder);
    return (changes.list ?? nodeDisk.list)(folder);
  };
  return { disk: { ...nodeDisk, list }, folders };
}

describe('a run into an archive whose files of earlier runs are gone', () => {
  it('says so, and not that all is in every table', async () => {
    await withArchive(async (archive, run) => {
      const gone = (await filesIn(archive)).filter((path) => path.startsWith('messages/'));
      await rm(join(archive, 'messages'), { recursive: true });
      const manifest = await run();
      const misplacedFiles = { count: gone.length, first: gone.map((path) => ({ path, problem: 'missing' })) };
      expect(gone.length).toBeGreaterThan(0);
      expect(manifest.coverage?.misplacedFiles).toEqual(misplacedFiles);
      expect(manifest.notes.join()).toContain(`${gone.length} files of earlier runs are missing (messages/`);
      const report = runReport(manifest, { archive, cwd: archive, tookMs: 0 });
      expect(report).toContain(`earlier runs: ${gone.length} files missing (verify names them`);
      expect(report).not.toContain('all is in every table');
      const result = publishedResult({ name: 'job', output: archive }, { manifest, exitCode: 0, tookMs: 0 });
      expect(result.coverage?.misplacedFiles).toEqual(misplacedFiles);
    });
  });

  it('says nothing once they are back', async () => {
    await withArchive(async (archive, run) => {
      await rename(join(archive, 'messages'), join(archive, '.elsewhere'));
      await run();
      await rename(join(archive, '.elsewhere'), join(archive, 'messages'));
      expect((await run()).coverage).not.toHaveProperty('misplacedFiles');
    });
  });

  it('says that one of the run before was cut short', async () => {
    await withArchive(async (archive, run) => {
      const path = (await filesIn(archive)).findLast((one) => one.startsWith('messages/')) ?? '';
      await truncate(join(archive, path), 1);
      expect((await run()).coverage?.misplacedFiles).toEqual({ count: 1, first: [{ path, problem: 'size' }] });
    });
  });
});

describe('whether files are in their place', () => {
  it('is found out by listing each folder once', async () => {
    await withArchive(async (archive) => {
      const { disk, folders } = listing();
      expect(await findMisplaced(disk, archive)).toEqual([]);
      expect(new Set(folders).size).toBe(folders.length - 1); // The manifests also for the newest of them.
      expect(folders.length).toBeLessThan((await filesIn(archive)).length + 6);
    });
  });

  it('is known of all files in a folder that is gone, and that folder is not listed', async () => {
    await withArchive(async (archive) => {
      const paths = (await filesIn(archive)).filter((path) => path.startsWith('mentions/'));
      await rm(join(archive, 'mentions'), { recursive: true });
      const { disk, folders } = listing();
      expect(await findMisplaced(disk, archive)).toEqual(paths.map((path) => ({ path, problem: 'missing' })));
      expect(folders.filter((folder) => folder.includes('mentions'))).toEqual([]);
    });
  });

  it('is not known of a folder that cannot be listed, which is said', async () => {
    await withArchive(async (archive) => {
      const { disk } = listing({
        list: (folder) =>
          folder === join(archive, 'mentions')
            ? Promise.reject(new OutputError('Cannot list "mentions": permission denied'))
            : nodeDisk.list(folder),
      });
      const problems = await findMisplaced(disk, archive);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every(({ path, problem }) => path.startsWith('mentions/') && problem === 'unreadable')).toBe(
        true,
      );
    });
  });

  it('is no question where nothing has been published', async () => {
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'archive'));
      expect(await findMisplaced(nodeDisk, join(folder, 'archive'))).toEqual([]);
    });
  });
});
