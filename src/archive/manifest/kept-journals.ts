import type { Disk } from '../../system/disk.ts';
import { keptJournalPlace, type KeptJournalPlace } from '../paths/kept-journal-path.ts';
import type { HashedFile } from './manifest.ts';
import { readChain } from './read-chain.ts';

/** A journal under `_raw`, and whose it is. */
export interface KeptJournal extends HashedFile {
  readonly place: KeptJournalPlace;
}

/** What an archive keeps of the server's responses. */
export interface KeptJournals {
  /** In the order of their runs. */
  readonly journals: readonly KeptJournal[];
  /** All runs of the archive, whether or not they kept any. */
  readonly runs: readonly number[];
  /** Whether a compaction has kept current rows only: then they hold more than the tables. */
  readonly isMoreThanTables: boolean;
  /** Number of the newest link; 0: none. */
  readonly newest: number;
}

/**
 * The journals that an archive keeps, as they are now: those that no purge has replaced.
 *
 * @throws OutputError for a chain that is damaged
 */
export async function keptJournals(disk: Disk, archive: string): Promise<KeptJournals> {
  const journals = new Map<string, KeptJournal>();
  const runs: number[] = [];
  let newest = 0;
  let isMoreThanTables = false;
  for await (const { manifest } of readChain(disk, archive)) {
    newest = manifest.run;
    if (manifest.kind === 'export') runs.push(manifest.run);
    if (manifest.kind === 'compaction' && manifest.keeps === 'latest') isMoreThanTables = true;
    if ('replaces' in manifest) for (const { path } of manifest.replaces) journals.delete(path);
    for (const file of 'raw' in manifest ? manifest.raw : []) {
      const place = keptJournalPlace(file.path);
      if (place !== undefined) journals.set(file.path, { ...file, place });
    }
  }
  const sorted = [...journals.values()].toSorted((a, b) => a.place.run - b.place.run);
  return { journals: sorted, runs, newest, isMoreThanTables };
}
