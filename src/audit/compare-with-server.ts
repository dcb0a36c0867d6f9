import pLimit from 'p-limit';
import { readPurgeRules } from '../archive/purges/read-purges.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import { RoomError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { purgeCheck } from '../model/run/purge-rule.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { Room } from '../model/room.ts';
import { seenRooms } from '../plan/rooms/seen-rooms.ts';
import { look, serverOf, type LookOptions } from '../preview/look.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import type { SampledMessage } from './sampled-message.ts';
import { ComparisonTally } from './comparison-tally.ts';
import { readRoom } from './read-room.ts';
import { rowSteps } from './row-steps.ts';
import { sampleArchive } from './sample-archive.ts';
import type { ServerComparison } from './server-comparison.ts';

/** How much is compared, and what replaces parts of the environment. */
export interface CompareOptions extends LookOptions {
  /** Messages drawn at random. Default: 500. */
  readonly sample?: number;
  /** Whole number from 0 to 4,294,967,295. Default: by chance; the result names it. */
  readonly seed?: number;
  /** Called as rooms are read. */
  readonly onRoom?: (rooms: { readonly read: number; readonly of: number }) => void;
}

const defaultSample = 500;
/** A page of a room costs one request, however many of its messages are compared. */
const newestPerRoom = 10;

/**
 * Reads a random sample of an archive's messages, and the ten newest of each room, from the server that its job names, and
 * compares them value by value. Changes nothing, and takes no lock.
 *
 * @param job the one that fills the archive, whose login, rooms and steps are used
 * @returns what was edited or deleted since, which is no error, and what differs, which is none either: the caller decides
 * @throws UsageError when the archive lacks what tells messages apart; DifferenceError for a file that is not what its
 *   manifest says; JobError for a plug-in; AccessError, UnreachableError, StoppedError; the signal's reason when it is aborted
 */
export function compareWithServer(archive: string, job: Job, options: CompareOptions = {}): Promise<ServerComparison> {
  const { sample: size = defaultSample, onRoom } = options;
  return look(job, options, async ({ chat, disk, random }) => {
    const seed = options.seed ?? Math.floor(random() * 2 ** 32);
    const history = await readArchiveHistory(disk, archive);
    const state = await readStoredState(disk, archive);
    const steps = await rowSteps(job, history.runs);
    const sample = await sampleArchive(new TableReader(disk, archive, history), history, { seed, size, newestPerRoom });
    const seen = await seenRooms(chat, job.extract, state);
    // Steps that keep identities secret change the ids of direct rooms.
    const rooms = new Map(seen.rooms.map((room) => [steps.all.room(room).id, room]));
    const tally = new ComparisonTally(steps, state, purgeCheck(await readPurgeRules(disk, archive, state)));
    const limit = pLimit(job.concurrency);
    let read = 0;
    const compareRoom = async (roomId: string, wanted: readonly SampledMessage[]): Promise<void> => {
      try {
        const room = rooms.get(roomId) ?? (await findRoom(chat, roomId));
        tally.add(room, wanted, await readRoom(chat, room, wanted, sample.roomSizes.get(roomId) ?? 0));
      } catch (error) {
        if (!(error instanceof RoomError)) throw error;
        tally.addUncompared({ id: roomId, name: wanted[0]?.roomName ?? roomId }, error);
      }
      onRoom?.({ read: (read += 1), of: sample.rooms.size });
    };
    await Promise.all([...sample.rooms].map(([id, wanted]) => limit(() => compareRoom(id, wanted))));
    const { messages, sampled } = sample;
    return { server: await serverOf(chat), seed, messages, sampled, ...(await tally.finish(disk, archive)) };
  });
}

/** A room that is in none of the lists that the job needs. @throws RoomError */
async function findRoom(chat: Pick<RocketChat, 'room'>, id: string): Promise<Room> {
  const room = await chat.room(id);
  if (room !== undefined) return room;
  throw new RoomError('room-not-found', `The server has no room "${id}" that this login can read`);
}
