import { archivePaths, isArchivePath, runName } from '../paths.ts';

/** What the path of a kept journal says. */
export interface KeptJournalPlace {
  /** Whose journal it is. */
  readonly run: number;
  /** As the run named it. */
  readonly name: string;
  /** The purge that wrote it anew; undefined: it is as the run wrote it. */
  readonly purge: number | undefined;
}

/** Earlier builds did not compress them. */
const keptJournal = /^_raw\/run-(\d{6,15})\/([^/]+?)(?:\.purged-(\d{6,15}))?\.pages(?:\.gz)?$/;

/** undefined for any other path. */
export function keptJournalPlace(path: string): KeptJournalPlace | undefined {
  const [, digits, stem, purge] = keptJournal.exec(path) ?? [];
  const run = Number(digits);
  if (digits === undefined || stem === undefined || !isArchivePath(path) || `run-${digits}` !== runName(run)) {
    return undefined;
  }
  return { run, name: `${stem}.pages`, purge: purge === undefined ? undefined : Number(purge) };
}

/** Where a purge puts the journal that it has written anew: no name is ever used twice. */
export function purgedJournalPath({ run, name }: Pick<KeptJournalPlace, 'run' | 'name'>, purge: number): string {
  const number = runName(purge).slice('run-'.length);
  return `${archivePaths.raw}/${runName(run)}/${name.slice(0, -'.pages'.length)}.purged-${number}.pages.gz`;
}
