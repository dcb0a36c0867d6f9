import { join } from 'node:path';
import { messageRowsIn } from '../snapshot/numbers/message-files.ts';
import { givenNumbers } from '../snapshot/numbers/number-ledger.ts';
import { Numbering } from '../snapshot/numbers/numbering.ts';
import { expectUsers } from '../snapshot/selection/expect-users.ts';
import type { Disk } from '../system/disk.ts';
import { select, type SelectedGroup, type Selection } from './layout/selection.ts';
import { readParts, type ArchiveParts } from './read/archive-parts.ts';
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
  /** Called with what several archives lack together, and what was left behind where the disk refuses, in sentences. */
  readonly onNote?: (note: string) => void;
}

/** The messages of archives, sorted and numbered, and what the chains say of them. */
interface GatheredArchives extends ArchiveParts {
  readonly zone: ZonedTime;
  readonly names: Names;
  readonly numbering: Pick<Numbering, 'numberOf'>;
  /** How many messages have one. */
  readonly numbered: number;
  /** null: no message has one. */
  readonly numbers: { readonly first: number; readonly last: number } | null;
  /** Rows without a place. */
  readonly misplaced: number;
  /** Kept journals that are not read: they are not what their manifests say. */
  readonly damagedJournals: number;
  /** All messages in their order, as often as they are asked for, and which of them are shown. */
  readonly selected: () => AsyncIterable<readonly SelectedGroup[]>;
}

/**
 * Reads every row of the messages of an archive, or of several that are read as one: see readParts.
 *
 * @param archives absolute
 * @param sortFolder absolute. What does not fit the memory is put there; whoever names it removes it
 * @param withTrees whether texts are shown by their syntax trees
 * @throws UsageError when nothing was published, or what was asked for is not there; DifferenceError for a file that is not
 *   what its manifest says
 */
export async function gatherArchive(
  disk: Disk,
  archives: readonly string[],
  sortFolder: string,
  options: GatherOptions,
  withTrees = false,
): Promise<GatheredArchives> {
  const { signal, onProgress } = options;
  const zone = new ZonedTime(options.zone ?? 'UTC');
  const { parts, ...union } = await readParts(disk, archives);
  for (const note of union.notes) options.onNote?.(note);
  const expected = parts.reduce((sum, { history }) => sum + messageRowsIn(history), 0);
  const sort = new ExternalSort(disk, join(sortFolder, 'messages'));
  const names = new Names();
  const numberings: { readonly of: Numbering; readonly from: (number: number) => number }[] = [];
  let [rowsBefore, misplaced, damagedJournals, numbered] = [0, 0, 0, 0];
  const ends: number[] = [];
  for (const part of parts) {
    const { archive, history, reader, rankOf, numberFrom } = part;
    const numbering = new Numbering(messageRowsIn(history), await givenNumbers(disk, archive, history));
    const before = rowsBefore;
    const gathered = await gatherRows(reader, history, {
      sort,
      numbering,
      names,
      // One archive's rows have their own runs already.
      ...(part.label !== null && { rankOf }),
      onRows: (rows) => {
        signal?.throwIfAborted();
        onProgress?.({ kind: 'reading', rows: before + rows, of: expected });
      },
    });
    rowsBefore += gathered.rows;
    misplaced += gathered.misplaced;
    if (withTrees) damagedJournals += await gatherTrees(disk, part, sort, () => signal?.throwIfAborted());
    const last = numbering.close();
    numbered += last;
    if (last > 0) ends.push(numberFrom(1), numberFrom(last));
    numberings.push({ of: numbering, from: numberFrom });
  }
  const { users = [] } = options.selection ?? {};
  await expectUsers(
    disk,
    archives,
    [...users].filter((user) => !names.senders.has(user)),
  );
  const selection: Selection = { ...options.selection, ...roomIds(options, names), context: options.context ?? 0 };
  return {
    parts,
    ...union,
    zone,
    names,
    numbering: { numberOf: (id) => firstNumber(numberings, id) },
    numbered,
    numbers: ends.length === 0 ? null : { first: Math.min(...ends), last: Math.max(...ends) },
    misplaced,
    damagedJournals,
    selected: () => select(messageGroups(sort.batches()), selection),
  };
}

/** A message that several archives have is cited by the number of the first of them. */
function firstNumber(
  numberings: readonly { readonly of: Numbering; readonly from: (number: number) => number }[],
  id: string,
): number | undefined {
  for (const { of, from } of numberings) {
    const number = of.numberOf(id);
    if (number !== undefined) return from(number);
  }
  return undefined;
}
