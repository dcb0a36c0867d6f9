import { join, resolve } from 'node:path';
import { archivePaths } from '../../../archive/paths.ts';
import { UsageError } from '../../../errors.ts';
import { nodeDisk } from '../../../system/disk.ts';

/**
 * What stands behind an archive are words to search for: the folder of another archive is meant otherwise.
 *
 * @throws UsageError where one of them is an archive
 */
export async function expectOneArchive(cwd: string, archive: string, words: readonly string[]): Promise<void> {
  for (const word of words) {
    const manifests = await nodeDisk.list(join(resolve(cwd, word), archivePaths.manifests)).catch(() => undefined);
    if (manifests === undefined) continue;
    throw new UsageError(`Cannot search "${archive}" and "${word}" together: a search reads one archive`, {
      hint: 'Search each by itself, or make one transcript of them, whose search page finds messages of all',
    });
  }
}
