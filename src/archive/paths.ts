import { sha256 } from './hash-file.ts';

/**
 * Every name inside an archive, relative to its root, with `/` between the parts: the same strings stand in manifests
 * and in SHA256SUMS. `path.join(archive, …)` makes a path for the disk.
 */
export const archivePaths = {
  state: '_state.json',
  lock: '_lock.json',
  manifests: '_manifest',
  sums: '_manifest/SHA256SUMS',
  raw: '_raw',
  work: '_work',
  /** What the open run set out to do. */
  openRun: '_work/run.json',
  journal: '_work/journal',
  parts: '_work/parts',
  /** The state after the run that `pendingManifest` commits, until it takes its place. */
  pendingState: '_work/state.json',
  /** While this file is there, a run is committed but not wholly published. */
  pendingManifest: '_work/manifest.json',
} as const;

/** `run-000001`: sorts as text, a million runs long. */
export function runName(run: number): string {
  return `run-${String(run).padStart(6, '0')}`;
}

export function manifestPath(run: number): string {
  return `${archivePaths.manifests}/${runName(run)}.json`;
}

/** Where a run's journals are kept when the job says `raw: keep`. */
export function rawPath(run: number): string {
  return `${archivePaths.raw}/${runName(run)}`;
}

/**
 * `messages/run-000001-0001.csv.gz`, `messages/month=2026-11/run-000001-0001.parquet`; parts of a folder count from 1.
 *
 * @param partition of `partitionFolder`; none: the files lie in the table's folder
 */
export function dataFilePath(table: string, run: number, part: number, extension: string, partition?: string): string {
  const folder = partition === undefined ? table : `${table}/${partition}`;
  return `${folder}/${runName(run)}-${String(part).padStart(4, '0')}.${extension}`;
}

/** What Hive and all who read its layout take for null: where a table without rows keeps its columns. */
const nullValue = '__HIVE_DEFAULT_PARTITION__';

/**
 * `room=GENERAL`, `month=2026-11`, as Hive lays out tables: readers take the column from the path. What a file name may
 * not hold everywhere is percent-encoded, which they decode. Of a value that is too long for a file name they get its
 * beginning and a fingerprint: the rows themselves have all of it.
 */
export function partitionFolder(key: 'room' | 'month', value: string | null): string {
  if (value === null) return `${key}=${nullValue}`;
  const encoded = encodeURIComponent(value).replaceAll(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${key}=${fittingName(encoded)}`;
}

/** File systems allow 255 bytes; a prefix and an ending must have room, too. */
export const longestEncoded = 200;

/**
 * A percent-encoded name, cut to a length that every file system takes. Two of them that begin alike stay apart. Room ids
 * are 17 or 24 characters on the servers we know, but nothing bounds what an import or a bridge makes.
 */
export function fittingName(encoded: string): string {
  return encoded.length <= longestEncoded ? encoded : fingerprintedName(encoded);
}

/** The beginning of a percent-encoded name and a fingerprint of all of it: at most `longestEncoded` characters. */
export function fingerprintedName(encoded: string): string {
  // Half a character could not be decoded.
  const cut = encoded.slice(0, longestEncoded - 20).replace(/(?:%[0-9A-F]{2})*(?:%[0-9A-F]?)?$/, '');
  return `${cut}%7E${sha256(encoded).slice(0, 16)}`;
}

/** The folders a path lies in, the nearest first, relative to the archive. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

/** Where a data file waits, closed and whole, until its run is published. */
export function partPath(dataFile: string): string {
  return `${archivePaths.parts}/${dataFile}`;
}

/** The run of a file name in `_manifest`; undefined for any other name. */
export function runOfManifestName(name: string): number | undefined {
  const digits = /^run-(\d{6,15})\.json$/.exec(name)?.[1];
  const run = Number(digits);
  return digits !== undefined && run > 0 && `${runName(run)}.json` === name ? run : undefined;
}

/**
 * A name that stays below the archive on every file system, and that `sha256sum` writes without escapes. Manifests may
 * have been edited: their paths are followed only when this holds.
 */
export function isArchivePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\p{Cc}]/u.test(part));
}

const tableName = /^[a-z][a-z0-9_]*$/;

/** What follows the table's folder in the path of a data file: partition, run, part, extension. */
const dataFileName = /^((?:room|month)=[\w.%-]+\/)?run-(\d{6,15})-(\d{4,15})\.([a-z0-9]+(?:\.[a-z0-9]+)*)$/;

/** What the path of a data file says. */
export interface DataFilePlace {
  readonly table: string;
  /** The folder it lies in, relative to the archive. */
  readonly folder: string;
  readonly run: number;
  /** From 1 within a run and folder. */
  readonly part: number;
  /** Without the dot: `csv.gz`. */
  readonly extension: string;
}

/** Reads what `dataFilePath` made; undefined for any other path. */
export function dataFilePlace(path: string): DataFilePlace | undefined {
  const [table = ''] = path.split('/', 1);
  const [, partition = '', digits, part, extension] = dataFileName.exec(path.slice(table.length + 1)) ?? [];
  if (!isArchivePath(path) || !tableName.test(table) || digits === undefined || extension === undefined)
    return undefined;
  const run = Number(digits);
  if (`run-${digits}` !== runName(run)) return undefined;
  return { table, folder: `${table}/${partition}`.slice(0, -1), run, part: Number(part), extension };
}

/** Whether a data file lies in its table's folder under a name of its run: nothing else may be published. */
export function isDataFilePath(path: string, table: string, run: number): boolean {
  const place = dataFilePlace(path);
  return place?.table === table && place.run === run;
}

/** Whether a path is that of a data file of an earlier run: nothing else may be replaced. */
export function isEarlierDataFilePath(path: string, run: number): boolean {
  const place = dataFilePlace(path);
  return place !== undefined && place.run > 0 && place.run < run;
}
