import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { OutputError, StoppedError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk, type Disk } from '../../src/system/disk.ts';
import { closeAfterEach } from '../support/close-after-each.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const afterwards = closeAfterEach();

/** A disk that refuses to open whatever has this name. */
function refusing(name: string): Disk {
  return {
    ...nodeDisk,
    open: (path, mode) =>
      path.endsWith(name) ? Promise.reject(new OutputError(`Cannot open "${path}": full`)) : nodeDisk.open(path, mode),
  };
}

it('a job keeps a transcript under _view after each run, which no manifest vouches for', () =>
  inTemporaryFolder(async (folder) => {
    const server = await serveWorkspace(createSmallWorkspace(20));
    afterwards(() => server.close());
    const archive = join(folder, 'archive');
    const job = jobFor(server.url, archive, { transcript: true, timezone: 'Europe/Berlin' });
    const pages = join(archive, '_view/transcript');

    // The run is published, and the program ends with the code that asks to run it again.
    await expect(runJob(job, { ...here, disk: refusing('START-HERE.html') })).rejects.toThrow(StoppedError);
    expect((await verifyArchive(archive)).runs).toBe(1);
    expect((await readdir(join(archive, '_view'))).filter((name) => name.startsWith('transcript'))).toEqual([]);

    await runJob(job, here);
    const cover = await readFile(join(pages, 'START-HERE.html'), 'utf8');
    expect(cover).toContain('Europe/Berlin');
    await runJob(job, here);
    expect((await readdir(join(archive, '_view'))).filter((name) => name.startsWith('transcript'))).toEqual([
      'transcript',
    ]);
    expect(await readFile(join(pages, 'START-HERE.html'), 'utf8')).not.toBe(cover);
    const { differences, runs } = await verifyArchive(archive);
    expect({ differences, runs }).toEqual({ differences: [], runs: 3 });
  }));

longIt('a job keeps a report under _view after each run, beside its transcript', () =>
  inTemporaryFolder(async (folder) => {
    const server = await serveWorkspace(createSmallWorkspace(20));
    afterwards(() => server.close());
    const archive = join(folder, 'archive');
    const database = join(folder, 'chat.db');
    const load = { kind: 'sqlite', path: database } as const;
    const job = jobFor(server.url, archive, { report: true, timezone: 'Europe/Berlin', load });
    const views = async (): Promise<readonly string[]> =>
      (await readdir(join(archive, '_view'))).filter((name) => name.startsWith('report'));

    await expect(runJob(job, { ...here, disk: refusing('report.html.tmp') })).rejects.toThrow(StoppedError);
    expect((await verifyArchive(archive)).runs).toBe(1);
    // What follows is done all the same.
    expect(await nodeDisk.sizeBytes(database)).toBeGreaterThan(0);
    expect(await views()).toEqual([]);

    await runJob(job, here);
    const first = await readFile(join(archive, '_view/report.html'), 'utf8');
    expect(first).toContain('at weekends (Europe/Berlin)');
    expect(first).not.toContain('START-HERE.html');
    await runJob({ ...job, transcript: true }, here);
    const second = await readFile(join(archive, '_view/report.html'), 'utf8');
    expect(second).toContain('href="transcript/START-HERE.html"');
    expect(await views()).toEqual(['report.html']);
    const { differences, runs } = await verifyArchive(archive);
    expect({ differences, runs }).toEqual({ differences: [], runs: 3 });
  }),
);
