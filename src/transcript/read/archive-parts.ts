import { noRunPublished } from '../../archive/no-run-published.ts';
import { readUnion } from '../../archive/union/read-union.ts';
import { UsageError } from '../../errors.ts';
import { tableNames } from '../../model/table-name.ts';
import { shardText } from '../../model/run/shard.ts';
import { readArchiveHistory, type ArchiveHistory } from '../../snapshot/archive-history.ts';
import { readableHistory } from '../../snapshot/foreign-rows.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import type { Disk } from '../../system/disk.ts';
import { archiveFacts, type ArchiveFacts } from './archive-facts.ts';

/** One of the archives that a transcript is made of. */
export interface ArchivePart {
  /** Absolute. */
  readonly archive: string;
  /** `shard 0 of 3`; null: it is the only one. */
  readonly label: string | null;
  readonly facts: ArchiveFacts;
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
  /** What a run of it counts as among the runs of all: they are in the order in which they were finished. */
  readonly rankOf: (run: number) => number;
  /** What a number of a message in it is among those of all. */
  readonly numberFrom: (number: number) => number;
}

/** Archives that a transcript is made of. */
export interface ArchiveParts {
  /** In the order of the shards. */
  readonly parts: readonly ArchivePart[];
  /** A run for people, by its rank: `3`, `3 of shard 0 of 2`. */
  readonly runName: (rank: number) => string;
  /** What they lack together, and what cannot be read of them, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads what the chains of one archive say, or of several: shards of one workspace, split by the same count.
 *
 * @param archives absolute, one or more
 * @throws UsageError when there is no archive, nothing was published, or they are no such shards; OutputError for a chain
 *   that is broken
 */
export async function readParts(disk: Disk, archives: readonly string[]): Promise<ArchiveParts> {
  const [only = '', ...others] = archives;
  if (others.length === 0) {
    const same = (number: number): number => number;
    const { notes, ...part } = await readPart(disk, only);
    return { parts: [{ ...part, label: null, rankOf: same, numberFrom: same }], runName: String, notes };
  }
  const { archives: named, notes: together } = await readUnion(disk, archives);
  const shards = named.flatMap(({ path, shard, finishedMs }) => (shard ? [{ path, shard, finishedMs }] : []));
  const [first] = shards;
  for (const { path, shard } of named) {
    const same = shards.find((other) => other.path !== path && other.shard.index === shard?.index);
    if (first !== undefined && shard?.count === first.shard.count && same === undefined) continue;
    const have = named.map((one) => `"${one.path}" (${one.shard === undefined ? 'all rooms' : shardText(one.shard)})`);
    throw new UsageError(
      `Cannot make one transcript of ${have.join(' and ')}: expected different shards of one split`,
      {
        hint: 'Only there a message has the same number in every transcript: make one of each archive',
      },
    );
  }
  shards.sort((a, b) => a.shard.index - b.shard.index);
  const runs = shards.flatMap(({ shard, finishedMs }, at) =>
    [...finishedMs].map(([run, ms]) => ({ at, run, ms, name: `${run} of shard ${shardText(shard)}` })),
  );
  runs.sort((a, b) => a.ms - b.ms || a.at - b.at || a.run - b.run);
  const ranks = shards.map(() => new Map<number, number>());
  for (const [rank, { at, run }] of runs.entries()) ranks[at]?.set(run, rank + 1);
  const notes = [...together];
  const parts: ArchivePart[] = [];
  for (const [at, { path, shard }] of shards.entries()) {
    const label = `shard ${shardText(shard)}`;
    const { notes: own, ...part } = await readPart(disk, path);
    notes.push(...own.map((note) => `${label}: ${note}`));
    parts.push({
      ...part,
      label,
      rankOf: (run) => ranks[at]?.get(run) ?? 0,
      numberFrom: (number) => (number - 1) * shard.count + shard.index + 1,
    });
  }
  return { parts, runName: (rank) => runs[rank - 1]?.name ?? '', notes };
}

async function readPart(
  disk: Disk,
  archive: string,
): Promise<Pick<ArchivePart, 'archive' | 'facts' | 'history' | 'reader'> & Pick<ArchiveParts, 'notes'>> {
  const { history, notes: unread } = readableHistory(await readArchiveHistory(disk, archive), tableNames);
  const facts = await archiveFacts(disk, archive);
  if (facts === undefined) throw noRunPublished('read', archive);
  const notes = unread.map((note) => `${note}.`);
  return { archive, facts, history, notes, reader: new TableReader(disk, archive, history) };
}
