import { writeFile } from 'node:fs/promises';
import type { Job } from '../../../src/job/job.ts';
import { loadJob } from '../../../src/job/load-job.ts';
import { temporaryFolder } from '../disk/temporary-folder.ts';

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
  const inFolder = temporaryFolder();
  return {
    path: inFolder,
    write: (name: string, content: string | Uint8Array) => writeFile(inFolder(name), content),
    /** Loads a job with this text; errors name the file `job.yaml`. */
    async load(text: string, variables: Readonly<Record<string, string | undefined>> = env): Promise<Job> {
      await writeFile(inFolder('job.yaml'), text);
      return loadJob('job.yaml', variables, inFolder());
    },
  };
}
