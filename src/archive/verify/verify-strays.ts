import { join } from 'node:path';
import { tableNames } from '../../model/table-name.ts';
import type { Disk } from '../../system/disk.ts';
import { archivePaths } from '../paths.ts';
import type { Difference, VerifyReport } from './verify-report.ts';
import { walkFiles } from '../walk-files.ts';

const ownNames: ReadonlySet<string> = new Set([
  archivePaths.state,
  archivePaths.lock,
  archivePaths.manifests,
  archivePaths.raw,
  archivePaths.attachments,
  archivePaths.work,
]);

/**
 * What lies in the archive that no manifest names: someone who reads `messages/*.csv` would take it for data. A file beside
 * the folders, or a hidden folder, is worth a note only. A folder of the archive that is a link is looked into: its readers are.
 *
 * @param isKnown whether a path below a folder belongs there
 * @param named paths in the archive of what the manifests name
 */
export async function findStrays(
  disk: Disk,
  archive: string,
  isKnown: (path: string) => boolean,
  named: Iterable<string>,
): Promise<Pick<VerifyReport, 'differences' | 'skipped' | 'notes'>> {
  const differences: Difference[] = [];
  const skipped: string[] = [];
  const notes: string[] = [];
  // Whoever queries a table looks behind a link of its name, also of one that this archive lacks.
  const folders = new Set<string>(tableNames);
  for (const path of named) if (path.includes('/')) folders.add(path.slice(0, path.indexOf('/')));
  for (const name of (await disk.list(archive)) ?? []) {
    if (name === archivePaths.work || name.startsWith('_lock.')) continue;
    // Snapshots, trash, lost+found: the file system's own, maybe huge or closed to us.
    const isHidden = name.startsWith('.') || name === 'lost+found';
    if (isHidden || (await disk.list(join(archive, name))) === undefined) {
      if (!ownNames.has(name) && !isKnown(name)) notes.push(`"${name}" is not part of the archive`);
      continue;
    }
    if (!folders.has(name) && (await disk.isLink(join(archive, name)))) {
      notes.push(`"${name}" is a symbolic link: what lies behind it beside the files of the archive is not looked at`);
      continue;
    }
    if (name === archivePaths.views) {
      skipped.push(name);
      continue;
    }
    for await (const file of walkFiles(disk, join(archive, name))) {
      const path = `${name}/${file.name}`;
      if (isKnown(path)) continue;
      differences.push({
        path,
        problem: 'stray',
        expected: 'no such file: no manifest names it',
        actual: `${file.sizeBytes} bytes`,
      });
    }
  }
  return { differences, skipped, notes };
}
