import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/disk.ts';
import { OutputError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { faultDisk, type Fault } from '../archive/fault-disk.ts';
import { CrashLab } from './crash-lab.ts';
import { newProcess } from './run-here.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const faults: readonly Fault[] = ['fails', 'fails-within', 'dies-before', 'dies-within'];

/** Prime to the number of faults, so that each of them meets all kinds of steps; test/long tries every step. */
const stride = quickOrLong(17, 5);

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
  }, 30_000);
});
