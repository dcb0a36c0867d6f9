import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import type { AnyManifest } from './manifest.ts';
import { JsonShapeError } from '../json-shape.ts';
import { hashed, sha256 } from '../hash-file.ts';
import type { LinkHead } from './parts/link-head.ts';
import { parseManifest, parseManifestParts } from './manifest-json.ts';
import { headReader, type ManifestReader } from './parts/manifest-readers.ts';
import { archivePaths, manifestPath, runOfManifestName } from '../paths.ts';

/** A manifest as it stands on the disk. */
export interface StoredManifest<M = LinkHead> {
  /** As of the present version, whatever that of the file. */
  readonly manifest: M;
  readonly formatVersion: number;
  /** Of its bytes: by that the chain names it. */
  readonly sha256: string;
  /** For whoever compares them with a signature: those of a large one are read anew. @throws OutputError */
  readonly bytes: () => Promise<Buffer>;
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

/** One that is larger is read piece by piece. */
const mostWholeBytes = 1 << 20;

/** By path, what manifests said when they were last read: a run looks at each link of its chain a dozen times. */
const parsed = new Map<string, { readonly bytes: Buffer; readonly stored: StoredManifest<AnyManifest> }>();
let parsedBytes = 0;
/** Of a year of nights. */
const mostParsedBytes = 4 << 20;

/** To check its shape takes ten times as long as to see that it is what it was. @throws JsonShapeError */
function parsedManifest(path: string, bytes: Buffer): StoredManifest<AnyManifest> {
  const before = parsed.get(path);
  if (before?.bytes.equals(bytes) === true) return before.stored;
  const stored = { ...parseManifest(bytes), sha256: sha256(bytes), bytes: () => Promise.resolve(bytes) };
  if (bytes.length > mostParsedBytes) return stored;
  if (parsedBytes + bytes.length > mostParsedBytes) {
    parsed.clear();
    parsedBytes = 0;
  }
  parsed.set(path, { bytes, stored });
  parsedBytes += bytes.length;
  return stored;
}

/** @returns undefined for one to be read as a whole: it is small, of an earlier version, or something is wrong with it */
async function readInParts<M>(
  disk: Disk,
  path: string,
  reader: ManifestReader<M>,
): Promise<StoredManifest<M> | undefined> {
  const sizeBytes = await disk.sizeBytes(path);
  if (sizeBytes === undefined || sizeBytes <= mostWholeBytes) return undefined;
  const { chunks, digest } = hashed(disk.readChunks(path));
  const read = await parseManifestParts(chunks, reader);
  if (read === undefined) return undefined;
  const hash = digest();
  const bytes = async (): Promise<Buffer> => {
    const again = await disk.readFile(path);
    if (again !== undefined && sha256(again) === hash) return again;
    throw new OutputError(`Cannot read the manifest "${path}": it was changed meanwhile`, { hint });
  };
  return { ...read, sha256: hash, bytes };
}

/** @throws OutputError with the hint for a file that cannot be read as a manifest; undefined when there is none */
async function readManifestFile<M>(
  disk: Disk,
  archive: string,
  relativePath: string,
  reader: ManifestReader<M>,
  hint: string,
): Promise<StoredManifest<M> | undefined> {
  const path = join(archive, relativePath);
  const inParts = await readInParts(disk, path, reader);
  if (inParts !== undefined) return inParts;
  const bytes = await disk.readFile(path);
  if (bytes === undefined) return undefined;
  try {
    const stored = parsedManifest(path, bytes);
    return { ...stored, manifest: reader.ofWhole(stored.manifest) };
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

/** Without what it says of each room. @throws OutputError when it is missing or damaged */
export function readRunManifest(disk: Disk, archive: string, run: number): Promise<StoredManifest> {
  return readLinkOf(disk, archive, run, headReader);
}

/** @throws OutputError when it is missing or damaged */
export async function readLinkOf<M extends LinkHead>(
  disk: Disk,
  archive: string,
  run: number,
  reader: ManifestReader<M>,
): Promise<StoredManifest<M>> {
  const stored = await readManifestFile(disk, archive, manifestPath(run), reader, hint);
  if (stored === undefined) throw missingManifest(archive, run);
  if (stored.manifest.run !== run) {
    const claimed = `it says it is of run ${stored.manifest.run}`;
    throw new OutputError(`Cannot use the manifest "${join(archive, manifestPath(run))}": ${claimed}`, { hint });
  }
  return stored;
}

/** The manifest of a run that is committed but not wholly published, without what it says of each room. */
export function readPendingManifest(disk: Disk, archive: string): Promise<StoredManifest | undefined> {
  return readPendingLink(disk, archive, headReader);
}

/** The same, with what is asked for. */
export async function readPendingLink<M>(
  disk: Disk,
  archive: string,
  reader: ManifestReader<M>,
): Promise<StoredManifest<M> | undefined> {
  const path = archivePaths.pendingManifest;
  return readManifestFile(
    disk,
    archive,
    path,
    reader,
    `Remove "${join(archive, path)}" and run the job again: its tables are made again`,
  );
}
