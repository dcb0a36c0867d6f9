import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';

/** Nobody listens there: a run that asked the server would end with another error. */
const deadUrl = 'http://127.0.0.1:9';

describe('an output folder that cannot be made', () => {
  it('ends the run before it asks the server, and says what to do', async () => {
    await withArchive(async (archive) => {
      await writeFile(archive, 'a file');
      for (const output of [archive, join(archive, 'below')]) {
        const error: unknown = await runJob(fullJob(deadUrl, output), newProcess()).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(OutputError);
        expect(error).toHaveProperty('hint', expect.stringMatching(/name another place|^Name a folder as the output/));
      }
    });
  });

  it('leaves no second archive in the folder of another, whose queries would count its rows', async () => {
    await withArchive(async (archive) => {
      await mkdir(join(archive, '_manifest'), { recursive: true });
      await writeFile(join(archive, '_manifest', 'run-000001.json'), '{}');
      for (const output of [join(archive, 'messages'), dirname(archive)]) {
        await expect(runJob(fullJob(deadUrl, output), newProcess())).rejects.toMatchObject({
          exitCode: 73,
          message: expect.stringMatching(/it lies in the archive|it holds the archive "archive"/),
          hint: expect.stringContaining('Name a folder'),
        });
      }
      expect(await readdir(archive)).toEqual(['_manifest']);
      expect(await readdir(dirname(archive))).toEqual(['archive']);
    });
  });

  // Node's own recursive mkdir never returns there.
  (process.platform === 'linux' ? it : it.skip)('ends the run under /proc, too (Linux only)', async () => {
    const run = runJob(fullJob(deadUrl, '/proc/rocketchat-export/archive'), newProcess());
    await expect(run).rejects.toMatchObject({
      exitCode: 73,
      message: expect.stringContaining('"/proc/rocketchat-export'),
      hint: expect.stringContaining('where nothing can be made'),
    });
  });
});
