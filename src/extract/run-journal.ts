import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import type { Job } from '../job/job.ts';
import { jobWithoutSecrets } from '../job/job-without-secrets.ts';
import { encodeFrame } from '../journal/frame.ts';
import type { RunAnswer } from '../rocketchat/connect.ts';

/** Sorts before the journals of streams, which count from 1. */
const fileName = '0000-run.pages';

/**
 * Writes down what tables are made from beside the pages: the job and the answers that are no pages. Only for journals
 * that are kept, for a list of many rooms has megabytes. A run that was cut has it already.
 */
export async function writeRunJournal(disk: Disk, job: Job, answers: readonly RunAnswer[]): Promise<void> {
  const path = join(job.output, archivePaths.journal, fileName);
  if ((await disk.sizeBytes(path)) !== undefined) return;
  const frames = [
    encodeFrame({ kind: 'job', job: jobWithoutSecrets(job) }, Buffer.of()),
    ...answers.map(({ endpoint, params, body }) => encodeFrame({ kind: 'answer', endpoint, params }, body)),
  ];
  await replaceFile(disk, path, Buffer.concat(frames));
}
