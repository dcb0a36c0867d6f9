import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { compareText } from './canonical-json.ts';
import { commit, newestLink } from './commit.ts';
import { hashFile } from './hash-file.ts';
import type { HashedFile, Manifest } from './manifest.ts';
import { archivePaths, rawPath } from './paths.ts';
import { rowDifferences } from './row-sums.ts';
import { walkFiles } from './walk-files.ts';

/** What the caller knows of a run. The rest of the manifest follows from it and from the archive. */
export type RunContents = Omit<Manifest, 'version' | 'kind' | 'gaps' | 'raw' | 'previous'>;

/**
 * Makes the manifest of an open run and commits it: see `commit`.
 *
 * Each of the run's files must be closed and flushed at `_work/parts/<path>`, the journals at `_work/journal`.
 *
 * @throws OutputError when a part is missing or cut, or a final name is taken by other bytes; Error for contents that
 *   contradict themselves, which is a bug of the caller
 */
export async function prepare(
  disk: Disk,
  archive: string,
  contents: RunContents,
  { keepRaw }: { readonly keepRaw: boolean },
): Promise<Manifest> {
  const run = contents.run;
  const manifest: Manifest = {
    ...contents,
    version: 1,
    kind: 'export',
    files: contents.files.toSorted((a, b) => compareText(a.path, b.path)),
    streams: contents.streams.toSorted(
      (a, b) =>
        compareText(a.endpoint, b.endpoint) ||
        compareText(a.room.name, b.room.name) ||
        compareText(a.room.id, b.room.id),
    ),
    gaps: contents.streams.flatMap(({ endpoint, room, gap }) => (gap === null ? [] : [{ endpoint, room, ...gap }])),
    raw: keepRaw ? await hashJournals(disk, archive, run) : [],
    previous: await newestLink(disk, archive, run),
  };
  const [wrong] = rowDifferences(manifest);
  if (wrong !== undefined) {
    throw new Error(
      `Table "${wrong.table}" has ${wrong.tableRows} rows, but its ${wrong.format} files ${wrong.fileRows}`,
    );
  }
  await commit(disk, archive, manifest);
  return manifest;
}

async function hashJournals(disk: Disk, archive: string, run: number): Promise<readonly HashedFile[]> {
  const files: HashedFile[] = [];
  for await (const { name, path, sizeBytes } of walkFiles(disk, join(archive, archivePaths.journal))) {
    files.push({ path: `${rawPath(run)}/${name}`, sizeBytes, sha256: await hashFile(disk, path) });
  }
  return files;
}
