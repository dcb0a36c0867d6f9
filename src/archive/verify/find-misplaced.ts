import { basename, join } from 'node:path';
import { OutputError } from '../../errors.ts';
import { compareText } from '../../model/text/compare-text.ts';
import type { Disk } from '../../system/disk.ts';
import type { MisplacedFile } from '../manifest/coverage.ts';
import type { HashedFile } from '../manifest/manifest.ts';
import { publishedFilesOf } from '../manifest/link-files.ts';
import { newestRun, readRunManifest } from '../manifest/run-manifests.ts';
import { archivePaths, foldersOf } from '../paths.ts';
import { parseSums } from '../sha256-sums.ts';

/** So many folders are listed: with a partition per room there may be tens of thousands. */
const mostFolders = 2_000;

/**
 * Files of earlier links that are not in their place, as far as a glance shows, sorted by path: of all that SHA256SUMS names
 * whether it is there, by listing folders, and of those of the newest link the size. No file is opened: that is for
 * `verify`. Beyond `mostFolders` folders, the outermost first, only whole ones that are gone are found. Nothing is
 * found where SHA256SUMS is gone, which the next run to publish makes again.
 *
 * @throws OutputError for a newest manifest that cannot be read
 */
export async function findMisplaced(disk: Disk, archive: string): Promise<readonly MisplacedFile[]> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const paths = [...((list && parseSums(list))?.keys() ?? [])];
  const folders = await problemsByName(disk, archive, paths);
  const found = new Map<string, MisplacedFile['problem']>();
  for (const path of paths) {
    const place = [path, ...foldersOf(path)].find((one) => folders.has(one));
    const problem = place === undefined ? undefined : folders.get(place);
    if (problem !== undefined) found.set(path, problem);
  }
  for (const { path, sizeBytes } of await filesOfNewest(disk, archive)) {
    if (found.has(path)) continue;
    const actual = await disk.sizeBytes(join(archive, path));
    if (actual !== undefined && actual !== sizeBytes) found.set(path, 'size');
  }
  return [...found].map(([path, problem]) => ({ path, problem })).sort((a, b) => compareText(a.path, b.path));
}

async function filesOfNewest(disk: Disk, archive: string): Promise<readonly HashedFile[]> {
  const run = await newestRun(disk, archive);
  return run === 0 ? [] : publishedFilesOf((await readRunManifest(disk, archive, run)).manifest);
}

/** Of these paths and the folders above them those that are missing from the folder they are in, and folders that cannot be listed. */
async function problemsByName(
  disk: Disk,
  archive: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, MisplacedFile['problem']>> {
  /** By folder: what is to be in it. */
  const expected = new Map<string, Set<string>>();
  for (const path of paths) {
    let within = path;
    for (const folder of [...foldersOf(path), '']) {
      const names = expected.get(folder);
      if (names === undefined) expected.set(folder, new Set([within]));
      else names.add(within);
      within = folder;
    }
  }
  const problems = new Map<string, MisplacedFile['problem']>();
  for (const folder of [...expected.keys()].sort((a, b) => depth(a) - depth(b)).slice(0, mostFolders)) {
    if ([folder, ...foldersOf(folder)].some((one) => problems.has(one))) continue;
    try {
      const present = new Set(((await disk.list(join(archive, folder))) ?? []).map(composed));
      for (const path of expected.get(folder) ?? []) {
        if (!present.has(composed(basename(path)))) problems.set(path, 'missing');
      }
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      problems.set(folder, 'unreadable');
    }
  }
  return problems;
}

function depth(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

/** Some file systems list the letters of a name taken apart: ä as a and its dots. */
function composed(name: string): string {
  return name.normalize('NFC');
}
