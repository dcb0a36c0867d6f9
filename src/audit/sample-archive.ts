import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import type { Row } from '../model/column.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { expectColumns } from '../snapshot/expect-columns.ts';
import { currentFilter, findVersions } from '../snapshot/versions/find-versions.ts';
import { tableFiles } from '../snapshot/table-files.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import { storedColumns } from '../tables/stored-columns.ts';
import type { SampledMessage } from './sampled-message.ts';

/** What of an archive is to be compared with the server. */
interface ArchiveSample {
  /** By room id as the archive has it: newest first, each message once. */
  readonly rooms: ReadonlyMap<string, readonly SampledMessage[]>;
  /** Current messages by room. */
  readonly roomSizes: ReadonlyMap<string, number>;
  readonly messages: number;
  readonly sampled: number;
}

interface Ranked {
  readonly rank: number;
  readonly message: SampledMessage;
}

/** Without these a row does not say which message it is of, or where it stands. */
const neededColumns = ['message_id', 'room_id', 'ts', 'op', 'run'];

/**
 * Draws `size` current messages of an archive at random, and takes the newest few of each room. Which are drawn follows
 * from the seed and the ids alone: a message is drawn when its keyed hash is among the smallest. Memory grows with what
 * is taken.
 *
 * @throws UsageError when the archive lacks what tells messages apart; DifferenceError for a file that is not what its
 *   manifest says
 */
export async function sampleArchive(
  reader: TableReader,
  history: ArchiveHistory,
  { seed, size, newestPerRoom }: { readonly seed: number; readonly size: number; readonly newestPerRoom: number },
): Promise<ArchiveSample> {
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, 'messages'))) {
    throw new UsageError('Cannot compare with the server: the archive has no table "messages"', {
      hint: 'Add "messages" to the tables of the job',
    });
  }
  const isCurrent = currentFilter(await findVersions(reader, history, 'messages'));
  const known = (storedColumns.get('messages') ?? []).map((column) => ({ ...column, nullable: true }));
  const needed = known.filter(({ name }) => neededColumns.includes(name));
  let drawn: Ranked[] = [];
  let highestRank = Number.POSITIVE_INFINITY;
  const newest = new Map<string, SampledMessage[]>();
  const roomSizes = new Map<string, number>();
  const keepSmallest = (): void => {
    drawn = drawn.toSorted((a, b) => a.rank - b.rank).slice(0, size);
    if (drawn.length === size) highestRank = drawn.at(-1)?.rank ?? highestRank;
  };
  for (const file of tableFiles(history, 'messages')) {
    await expectColumns(reader, file, needed);
    const names = await reader.columns(file);
    const columns = new Set(names ?? known.map(({ name }) => name));
    for await (const batch of reader.rows(file, known)) {
      for (const row of batch) {
        if (!isCurrent(row)) continue;
        const message = sampledMessage(row, columns);
        if (message === undefined) continue;
        roomSizes.set(message.roomId, (roomSizes.get(message.roomId) ?? 0) + 1);
        const rank = rankOf(seed, message.id);
        if (rank <= highestRank) drawn.push({ rank, message });
        if (drawn.length >= 2 * size + 1) keepSmallest();
        const ofRoom = newest.get(message.roomId);
        if (ofRoom === undefined) newest.set(message.roomId, [message]);
        else keepNewest(ofRoom, message, newestPerRoom);
      }
    }
  }
  keepSmallest();
  const chosen = new Map([...newest].map(([id, ofRoom]) => [id, new Map(ofRoom.map((one) => [one.id, one]))]));
  for (const { message } of drawn) chosen.get(message.roomId)?.set(message.id, message);
  return {
    rooms: new Map([...chosen].map(([id, ofRoom]) => [id, [...ofRoom.values()].sort((a, b) => b.tsMs - a.tsMs)])),
    roomSizes,
    messages: [...roomSizes.values()].reduce((sum, rows) => sum + rows, 0),
    sampled: drawn.length,
  };
}

function sampledMessage(row: Row, columns: ReadonlySet<string>): SampledMessage | undefined {
  const { message_id: id, room_id: roomId, room_name: roomName, ts, run } = row;
  if (typeof id !== 'string' || typeof roomId !== 'string' || !(ts instanceof Date) || typeof run !== 'number') {
    return undefined;
  }
  const name = typeof roomName === 'string' ? roomName : roomId;
  return { id, roomId, roomName: name, tsMs: ts.getTime(), run, row, columns };
}

/** 48 bits of a hash: as good as random, and the same whatever the order of the rows. */
function rankOf(seed: number, id: string): number {
  return createHash('sha256').update(`${seed} ${id}`).digest().readUIntBE(0, 6);
}

function keepNewest(ofRoom: SampledMessage[], message: SampledMessage, most: number): void {
  const oldest = ofRoom.at(-1);
  if (ofRoom.length >= most && oldest !== undefined && oldest.tsMs >= message.tsMs) return;
  const at = ofRoom.findIndex(({ tsMs }) => tsMs < message.tsMs);
  ofRoom.splice(at < 0 ? ofRoom.length : at, 0, message);
  ofRoom.length = Math.min(ofRoom.length, most);
}
