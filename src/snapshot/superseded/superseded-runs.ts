import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../archive/manifest/manifest.ts';

/** A step of a job, without secrets. */
export type StepSettings = Pick<Manifest['steps'][number], 'step' | 'settings'>;

/** A run as far as it matters here. */
interface RunSteps {
  readonly run: number;
  readonly steps: readonly StepSettings[];
}

/** The runs of which no row is current any more. */
interface Superseded {
  readonly runs: ReadonlySet<number>;
  /** Number of the newest run that made some so; 0: there are none. */
  readonly since: number;
}

/** Whether rows made by these steps show people by the same pseudonyms, or by none. */
export function haveSamePseudonyms(some: readonly StepSettings[], others: readonly StepSettings[]): boolean {
  return isDeepStrictEqual(pseudonymsOf(some), pseudonymsOf(others));
}

/** Whether a step, with the same options, is among those. */
export function hasStep(steps: readonly StepSettings[], { step, settings }: StepSettings): boolean {
  return steps.some((one) => one.step === step && isDeepStrictEqual(one.settings, settings));
}

function pseudonymsOf(steps: readonly StepSettings[]): readonly unknown[] {
  return steps.filter(({ step }) => step === 'pseudonymize').map(({ settings }) => settings);
}

/**
 * Once every room was read again, rows with other pseudonyms than those of the run that did so, or with names, are no
 * versions of what it wrote: an id made of people is another now, and what a message said before would show who wrote it.
 *
 * @param runs oldest first
 * @param resets numbers of the links that had every room read again
 */
export function supersededRuns(runs: readonly RunSteps[], resets: readonly number[]): Superseded {
  const superseded = new Set<number>();
  let since = 0;
  for (const reset of resets) {
    const next = runs.find(({ run }) => run > reset);
    if (next === undefined) continue;
    for (const { run, steps } of runs) {
      if (run > reset || superseded.has(run) || haveSamePseudonyms(steps, next.steps)) continue;
      superseded.add(run);
      since = next.run;
    }
  }
  return { runs: superseded, since };
}

/** Of superseded rows that are still stored, in a sentence of the manifest. */
export const supersededBecause =
  'they show people by name or by other pseudonyms: every room was read again since, so they are not current any more, nor is what was gone by then, and `compact --latest` removes them';

/** What is needed to tell which files hold superseded rows. */
export interface SupersededRows {
  readonly superseded: Superseded;
  /** Number of the newest compaction that kept current rows only, and left no file as it was; 0: none. */
  readonly compactedToLatest: number;
}

/** A data file, as far as it matters here: see ArchiveFile. */
interface StoredFile {
  readonly place: { readonly run: number };
  readonly isOfOthers: boolean;
  readonly rows: number;
}

/** Whether a file may hold superseded rows: of one with rows of several runs nobody can tell. */
export function mayHoldSuperseded(
  { place, isOfOthers, rows }: StoredFile,
  { superseded, compactedToLatest }: SupersededRows,
): boolean {
  if (rows === 0 || superseded.runs.size === 0) return false;
  if (!isOfOthers) return superseded.runs.has(place.run);
  return compactedToLatest < superseded.since && place.run > Math.min(...superseded.runs);
}

/** Of files those with rows that may be current, and of which runs they are to be read; absent: of all. @param runs that are not superseded */
export function withoutSuperseded<File extends StoredFile>(
  files: readonly File[],
  { runs, ...rows }: SupersededRows & { readonly runs: readonly { readonly run: number }[] },
): readonly (File & { readonly onlyRuns?: ReadonlySet<number> })[] {
  if (rows.superseded.runs.size === 0) return files;
  const current = new Set(runs.map(({ run }) => run));
  return files.flatMap((file): readonly (File & { readonly onlyRuns?: ReadonlySet<number> })[] => {
    if (!mayHoldSuperseded(file, rows)) return [file];
    return file.isOfOthers ? [{ ...file, onlyRuns: current }] : [];
  });
}
