import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../../../src/job/job.ts';
import { loadJob } from '../../../src/job/load-job.ts';
import { sampleKey } from '../archives/sample-keys.ts';
import { inTemporaryFolder } from '../disk/temporary-folder.ts';
import { env } from './job-folder.ts';

const jobs = join(import.meta.dirname, '../../../jobs');

/** A job of jobs/, loaded in a folder that has the key it names, and where that folder was. */
export function shippedJob(name: string): Promise<{ readonly job: Job; readonly cwd: string }> {
  return inTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'compliance.key'), sampleKey(1).privatePem);
    return { job: await loadJob(join(jobs, name), env, cwd), cwd };
  });
}
