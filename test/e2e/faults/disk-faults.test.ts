import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk, type Fault } from '../../support/disk/fault-disk.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const faults: readonly Fault[] = ['fails', 'fails-within', 'dies-before', 'dies-within'];

/** Prime to the number of faults, so that each of them meets all kinds of steps; test/long tries every step. */
const stride = quickOrLong(80, 5);

describe('a run on a disk that fails', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([30, 14, 8], { transform: { tables: ['messages', 'mentions'] } });
  });
  afterAll(() => lab.close());

  it('is gone on with as if nothing had happened', async () => {
    for (let step = 1; ; step += stride) {
      const fault = faults[step % faults.length] ?? 'fails';
      const reached = await lab.withArchive(async (archive) => {
        const broken = faultDisk(nodeDisk, fault, step);
        const cut = await runJob(lab.job(archive), newProcess({ disk: broken.disk })).catch((error: unknown) => error);
        if (broken.steps() < step) return false;
        if (cut instanceof Error) expect(cut).toBeInstanceOf(OutputError);
        await lab.expectResumes(nodeDisk, archive);
        return true;
      });
      if (!reached) break;
    }
  });

  it('is noted in the manifest, once, where the file system lacks something', async () => {
    await lab.withArchive(async (archive) => {
      const asked: string[] = [];
      const shortcomings = (folder: string): readonly string[] => {
        asked.push(folder);
        return ['Its file system cannot flush folders (EINVAL)'];
      };
      const { notes } = await runJob(lab.job(archive), newProcess({ disk: { ...nodeDisk, shortcomings } }));
      expect(notes.filter((note) => note.includes('cannot flush folders'))).toHaveLength(1);
      expect(new Set(asked)).toEqual(new Set([archive]));
    });
  });

  it('goes on nowhere behind a planted link, and says so', async () => {
    await lab.withArchive(async (archive) => {
      const elsewhere = `${archive}-elsewhere`;
      await mkdir(elsewhere);
      // An archive: a folder that is none and holds something is refused for that alone.
      await mkdir(join(archive, '_manifest'), { recursive: true });
      await symlink(elsewhere, join(archive, 'messages'));
      await expect(runJob(lab.job(archive), newProcess())).rejects.toMatchObject({
        exitCode: 73,
        message: expect.stringContaining(`"${join(archive, 'messages')}": it is a symbolic link`),
      });
      expect(await readdir(elsewhere)).toEqual([]);
      await rm(join(archive, 'messages'));
      await lab.expectResumes(nodeDisk, archive);
    });
  });
});
