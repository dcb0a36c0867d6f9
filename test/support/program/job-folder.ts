import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Job } from '../../../src/job/job.ts';
import { loadJob } from '../../../src/job/load-job.ts';

/** What the two ROCKETCHAT_* variables of a token login and the address look like in tests. */
export const env = {
  ROCKETCHAT_URL: 'https://chat.example.org',
  ROCKETCHAT_USER_ID: 'uSeRiD',
  ROCKETCHAT_AUTH_TOKEN: 't0ken',
} as const;

/** The shortest job there is. */
export const shortest = ['extract: [{ endpoint: groups.messages, rooms: ["*"] }]', 'sinks: [{ format: csv }]', ''].join(
  '\n',
);

/** A temporary folder for the tests of one file, which is also the current folder of the jobs in it. */
export function jobFolder() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'job-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    path: (...names: string[]) => join(folder, ...names),
    write: (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content),
    /** Loads a job with this text; errors name the file `job.yaml`. */
    async load(text: string, variables: Readonly<Record<string, string | undefined>> = env): Promise<Job> {
      await writeFile(join(folder, 'job.yaml'), text);
      return loadJob('job.yaml', variables, folder);
    },
  };
}

/** The error that `work` ends with. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  const outcome: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`Expected an error, not ${String(outcome)}`);
}
