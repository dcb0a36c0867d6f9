import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'rocketchat-export-test-'));
const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Gives `use` an empty folder, and removes it afterwards. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeFolder();
  try {
    return await use(folder);
  } finally {
    await removeFolder(folder);
  }
}

/** Gives `use` a folder that does not exist yet, in a temporary one. */
export function withArchive<T>(use: (archive: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder((folder) => use(join(folder, 'archive')));
}

/** A folder for the tests of the block it is called in; returns what makes a path in it. */
export function temporaryFolder(): (...names: readonly string[]) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await makeFolder();
  });
  afterAll(() => removeFolder(folder));
  return (...names) => join(folder, ...names);
}
