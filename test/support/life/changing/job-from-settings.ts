import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import type { Job } from '../../../../src/job/job.ts';
import { resolveJob } from '../../../../src/job/resolve-job.ts';
import { pseudonymKey, type JobSettings } from './job-settings.ts';

/** The job that a file with these settings is. @throws when such a file is refused */
export function jobFromSettings(settings: JobSettings, url: string, output: string): Job {
  const isHiding = pseudonymKey(settings) !== null;
  const { extract, tables, steps, formats, partition, md, raw, backfill, attachments, excelSafe, rowsPerFile } =
    settings;
  const written = {
    server: { url, userId: sampleLogin.userId, authToken: sampleLogin.authToken },
    extract,
    transform: { tables, steps, ...(md && { md: 'json' }) },
    sinks: formats.map((format) => ({ format, ...(format === 'csv' && excelSafe && { excelSafe }) })),
    partition,
    ...(rowsPerFile !== null && { rowsPerFile }),
    // Neither goes with `pseudonymize`.
    ...(raw && !isHiding && { raw: 'keep' }),
    ...(attachments && !isHiding && { attachments: 'download' }),
    ...(backfill && { backfill }),
    output,
  };
  const resolution = resolveJob(written, { env: {}, cwd: '/', defaultName: 'changing', writtenAt: () => undefined });
  if (resolution.kind === 'job') return resolution.job;
  throw new Error(`No such job: ${JSON.stringify([written, resolution.problems])}`);
}
