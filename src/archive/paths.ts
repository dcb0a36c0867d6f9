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
  /** Numbers of messages, see numbersPath. */
  numbers: '_numbers',
  /** Files of messages, each in a folder of its own. */
  attachments: '_files',
  /** What was made of the archive for its readers: in no manifest and no list of sums, and may be removed at any time. */
  views: '_view',
  /** Pages that people read; the other is where they are made. */
  transcript: '_view/transcript',
  transcriptInMaking: '_view/transcript.tmp',
  report: '_view/report.html',
  work: '_work',
  /** What the open run set out to do. */
  runPlan: '_work/run.json',
  journal: '_work/journal',
  parts: '_work/parts',
  /** Journals that are kept, compressed, until the run is published. */
  keptJournals: '_work/raw',
  /** Rows of earlier runs made once more of kept journals, for formats that lack them: made anew whenever a run is resumed. */
  replayed: '_work/replayed',
  /** Files of messages that wait for the run to be published. */
  savedAttachments: '_work/files',
  /** Those of which a part has come. */
  partialAttachments: '_work/partial',
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

/** Where the answer of a time stamping authority lies (RFC 3161). */
export function timestampPath(run: number): string {
  return `${manifestPath(run)}.tsr`;
}

/** Where a link that takes rows out writes down the numbers of messages, which would else follow from the rows. */
export function numbersPath(run: number): string {
  return `${archivePaths.numbers}/${runName(run)}.jsonl`;
}

/** Where a run's journals are kept when the job says `raw: keep`. */
export function rawPath(run: number): string {
  return `${archivePaths.raw}/${runName(run)}`;
}

/** The folders a path lies in, the nearest first, relative to the archive. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

/** Where a data file, or a file of a message, waits, closed and whole, until its run is published. */
export function partPath(file: string): string {
  const prefix = `${archivePaths.attachments}/`;
  // Not among the parts: those are made anew whenever a run is resumed.
  if (file.startsWith(prefix)) return `${archivePaths.savedAttachments}/${file.slice(prefix.length)}`;
  return `${archivePaths.parts}/${file}`;
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
