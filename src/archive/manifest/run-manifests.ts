import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import type { AnyManifest } from './manifest.ts';
import { JsonShapeError } from '../json-shape.ts';
import { parseManifest } from './manifest-json.ts';
import { archivePaths, manifestPath, runOfManifestName } from '../paths.ts';

/** A manifest with its bytes as they stand on the disk: those are what the chain hashes. */
export interface StoredManifest {
  readonly bytes: Buffer;
  /** As of the present version, whatever that of the file. */
  readonly manifest: AnyManifest;
  readonly formatVersion: number;
}

/** Numbers of the published runs, ascending. */
export async function publishedRuns(disk: Disk, archive: string): Promise<readonly number[]> {
  const names = (await disk.list(join(archive, archivePaths.manifests))) ?? [];
  return names.flatMap((name) => runOfManifestName(name) ?? []).sort((a, b) => a - b);
}

/** Number of the newest link of the chain; 0: nothing has been published. */
export async function newestRun(disk: Disk, archive: string): Promise<number> {
  return (await publishedRuns(disk, archive)).at(-1) ?? 0;
}

/** By path, what manifests said when they were last read: a run looks at each link of its chain a dozen times. */
const parsed = new Map<string, StoredManifest>();
let parsedBytes = 0;
/** Of a year of nights; the manifest of a large workspace alone is longer. */
const mostParsedBytes = 4 << 20;

/** To check its shape takes ten times as long as to see that it is what it was. @throws JsonShapeError */
function parsedManifest(path: string, bytes: Buffer): StoredManifest {
  const before = parsed.get(path);
  if (before?.bytes.equals(bytes) === true) return before;
  const stored = { bytes, ...parseManifest(bytes) };
  if (bytes.length > mostParsedBytes) return stored;
  if (parsedBytes + bytes.length > mostParsedBytes) {
    parsed.clear();
    parsedBytes = 0;
  }
  parsed.set(path, stored);
  parsedBytes += bytes.length;
  return stored;
}

/** @throws OutputError with the hint for a file that cannot be read as a manifest; undefined when there is none */
async function readManifestFile(
  disk: Disk,
  archive: string,
  relativePath: string,
  hint: string,
): Promise<StoredManifest | undefined> {
  const path = join(archive, relativePath);
  const bytes = await disk.readFile(path);
  if (bytes === undefined) return undefined;
  try {
    return parsedManifest(path, bytes);
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot read the manifest "${path}": ${cause.message}`, {
      cause,
      hint: cause.newer ? 'A newer version of this program wrote it: update the program' : hint,
    });
  }
}

const hint = 'Restore the file from a backup; `verify` names every file that is not what it was';

export function missingManifest(archive: string, run: number): OutputError {
  return new OutputError(`Cannot read the manifest "${join(archive, manifestPath(run))}": there is no such file`, {
    hint,
  });
}

/** @throws OutputError when it is missing or damaged */
export async function readRunManifest(disk: Disk, archive: string, run: number): Promise<StoredManifest> {
  const stored = await readManifestFile(disk, archive, manifestPath(run), hint);
  if (stored === undefined) throw missingManifest(archive, run);
  if (stored.manifest.run !== run) {
    const claimed = `it says it is of run ${stored.manifest.run}`;
    throw new OutputError(`Cannot use the manifest "${join(archive, manifestPath(run))}": ${claimed}`, { hint });
  }
  return stored;
}

/** The manifest of a run that is committed but not wholly published. */
export async function readPendingManifest(disk: Disk, archive: string): Promise<StoredManifest | undefined> {
  const path = archivePaths.pendingManifest;
  return readManifestFile(
    disk,
    archive,
    path,
    `Remove "${join(archive, path)}" and run the job again: its tables are made again`,
  );
}
