import { join } from 'node:path';
import type { Disk } from '../disk.ts';
import { OutputError } from '../errors.ts';
import { compareText } from './canonical-json.ts';
import { sha256 } from './hash-file.ts';
import type { ManifestFile } from './manifest.ts';
import { dataFilePlace, manifestPath, type DataFilePlace } from './paths.ts';
import { checkAgainstSums } from './read-state.ts';
import { publishedRuns, readRunManifest } from './run-manifests.ts';

/** A data file that is part of the archive as it stands: no compaction has replaced it. */
export interface LiveFile extends ManifestFile {
  readonly place: DataFilePlace;
  /** Version of the columns of the run, or the compaction, that wrote it. */
  readonly schemaVersion: number;
}

/**
 * The data files of an archive as it stands, in the order of their rows: by run, folder, part. Reads every manifest;
 * half published runs are left out.
 *
 * @throws OutputError when a manifest is missing or damaged, or does not follow the one before it
 */
export async function liveFiles(disk: Disk, archive: string): Promise<readonly LiveFile[]> {
  const files = new Map<string, LiveFile>();
  let previous: string | undefined;
  const runs = await publishedRuns(disk, archive);
  // From 1 on, not only those that are there: a file of a missing manifest would be left out without a word.
  for (let run = 1; run <= (runs.at(-1) ?? 0); run += 1) {
    const { bytes, manifest } = await readRunManifest(disk, archive, run);
    if (manifest.previous?.sha256 !== previous) {
      throw new OutputError(
        `Cannot use "${join(archive, manifestPath(run))}": it does not follow the manifest before it`,
        {
          hint: 'Run `verify`: it names what was changed',
        },
      );
    }
    previous = sha256(bytes);
    if (run === runs.at(-1)) await checkAgainstSums(disk, archive, run, bytes);
    const replaced = manifest.kind === 'compaction' ? manifest.replaces : [];
    for (const { path } of replaced) files.delete(path);
    for (const file of manifest.files) {
      const place = dataFilePlace(file.path);
      // Manifests with other paths are not read at all.
      if (place !== undefined) files.set(file.path, { ...file, place, schemaVersion: manifest.schemaVersion });
    }
  }
  return [...files.values()].sort(
    ({ place: a }, { place: b }) => a.run - b.run || compareText(a.folder, b.folder) || a.part - b.part,
  );
}
