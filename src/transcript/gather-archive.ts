import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { readArchiveHistory, type ArchiveHistory } from '../snapshot/archive-history.ts';
import { messageRowsIn } from '../snapshot/numbers/message-files.ts';
import { givenNumbers } from '../snapshot/numbers/number-ledger.ts';
import { Numbering } from '../snapshot/numbers/numbering.ts';
import { expectUsers } from '../snapshot/selection/expect-users.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import type { Disk } from '../system/disk.ts';
import { select, type SelectedGroup, type Selection } from './layout/selection.ts';
import { archiveFacts, type ArchiveFacts } from './read/archive-facts.ts';
import { gatherTrees } from './read/kept-trees.ts';
import { gatherRows } from './read/gather-rows.ts';
import { messageGroups } from './read/message-groups.ts';
import { Names } from './read/names.ts';
import { ExternalSort } from './sort/external-sort.ts';
import { ZonedTime } from './text/zoned-time.ts';
import { roomIds, type TranscriptRequest } from './transcript-request.ts';

/** How far the making of a transcript is: every row is read first, then every message written. */
export type TranscriptProgress =
  | { readonly kind: 'reading'; readonly rows: number; readonly of: number }
  | { readonly kind: 'writing'; readonly messages: number; readonly of: number };

/** How the work goes on. */
export interface GatherOptions extends TranscriptRequest {
  /** Aborting it ends the work; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TranscriptProgress) => void;
}

/** The messages of an archive, sorted and numbered, and what the chain says of it. */
interface GatheredArchive {
  readonly facts: ArchiveFacts;
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
  readonly zone: ZonedTime;
  readonly names: Names;
  readonly numbering: Numbering;
  /** The last one. */
  readonly numbers: number;
  /** Rows without a place. */
  readonly misplaced: number;
  /** Kept journals that are not read: they are not what their manifests say. */
  readonly damagedJournals: number;
  /** All messages in their order, as often as they are asked for, and which of them are shown. */
  readonly selected: () => AsyncIterable<SelectedGroup>;
}

/**
 * Reads every row of the messages of an archive.
 *
 * @param sortFolder absolute. What does not fit the memory is put there; whoever names it removes it
 * @param withTrees whether texts are shown by their syntax trees
 * @throws UsageError when nothing was published, or what was asked for is not there; DifferenceError for a file that is not
 *   what its manifest says
 */
export async function gatherArchive(
  disk: Disk,
  archive: string,
  sortFolder: string,
  options: GatherOptions,
  withTrees = false,
): Promise<GatheredArchive> {
  const { signal, onProgress } = options;
  const zone = new ZonedTime(options.zone ?? 'UTC');
  const history = await readArchiveHistory(disk, archive);
  const facts = await archiveFacts(disk, archive);
  if (facts === undefined) {
    throw new UsageError(`Cannot read "${archive}": no run has been published yet`, { hint: 'Run the job once more' });
  }
  const expected = messageRowsIn(history);
  const sort = new ExternalSort(disk, join(sortFolder, 'messages'));
  const [numbering, names] = [new Numbering(expected, await givenNumbers(disk, archive, history)), new Names()];
  const reader = new TableReader(disk, archive, history);
  const gathered = await gatherRows(reader, history, {
    sort,
    numbering,
    names,
    onRows: (rows) => {
      signal?.throwIfAborted();
      onProgress?.({ kind: 'reading', rows, of: expected });
    },
  });
  const damagedJournals = withTrees
    ? await gatherTrees(disk, archive, history, sort, () => signal?.throwIfAborted())
    : 0;
  const numbers = numbering.close();
  const { users = [] } = options.selection ?? {};
  await expectUsers(
    disk,
    archive,
    [...users].filter((user) => !names.senders.has(user)),
  );
  const selection: Selection = { ...options.selection, ...roomIds(options, names), context: options.context ?? 0 };
  return {
    facts,
    history,
    reader,
    zone,
    names,
    numbering,
    numbers,
    misplaced: gathered.misplaced,
    damagedJournals,
    selected: () => select(messageGroups(sort.sorted()), selection),
  };
}
