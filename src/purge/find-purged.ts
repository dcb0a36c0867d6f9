import { counted } from '../model/text/counted.ts';
import { ownCopy } from '../model/text/own-copy.ts';
import { UsageError } from '../errors.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import type { HeldNames } from './holds/held-names.ts';
import { OwnedRows } from './owned-rows.ts';
import type { PurgeTarget } from './purge-target.ts';
import { addSamePeople, isTold, PersonNotes } from './same-people.ts';

/** What a purge finds in the tables. */
export interface Purged {
  readonly messageIds: ReadonlySet<string>;
  /** Of the person whose messages are purged. */
  readonly userIds: ReadonlySet<string>;
  /**
   * Of their messages those that the person's id and the time of the purge do not tell in the server's responses: dated by a clock
   * that is ahead, or imported, or not; or as a step of one's own wrote who sent them.
   */
  readonly untoldIds: ReadonlySet<string>;
  /** Those by which rows know the person. */
  readonly usernames: ReadonlySet<string>;
  /** Ids of what is held; of a purge by time these messages stay. */
  readonly heldRooms: ReadonlySet<string>;
  readonly heldUsers: ReadonlySet<string>;
  /** Of these people and direct rooms the ids are pseudonyms: fingerprints of the keys. */
  readonly pseudonymKeys: ReadonlyMap<string, string>;
  /** Names that are held, and that nothing in the archive has: rooms, then people. */
  readonly unmetHolds: readonly string[];
  /** What may be left of the person, in sentences without a name. */
  readonly notes: readonly string[];
  /** Messages that stay because they are held. */
  readonly heldIds: ReadonlySet<string>;
}

const peopleTables = ['users', 'room_members'];

/** As pseudonymize writes the ids of users and of direct rooms. */
const pseudonym = /^[ud]_[0-9a-f]{12}$/;

/** Without these it is unknown which rows are meant. */
const neededColumns: Readonly<Record<PurgeTarget['kind'], readonly string[]>> = {
  messages: ['message_id'],
  user: ['message_id', 'user_id'],
  before: ['message_id', 'ts'],
};

/**
 * Finds the messages that a purge is about, in every version that any run wrote.
 *
 * @param nowMs when the purge begins, epoch milliseconds
 * @param held what rows have of the names is noted here
 * @throws UsageError for what the archive does not have, and for tables without the columns that tell
 */
export async function findPurged(
  reader: TableReader,
  history: ArchiveHistory,
  target: PurgeTarget,
  held: HeldNames,
  nowMs: number,
): Promise<Purged> {
  const messageIds = new Set<string>();
  /** Ids of whoever has the id or had the username that is to be purged. */
  const people = new Set<string>();
  const heldIds = new Set<string>();
  const untoldIds = new Set<string>();
  const keyOf = pseudonymKeysByRun(history);
  const pseudonymKeys = new Map<string, string>();
  const archived = new OwnedRows(reader, history);
  for await (const row of target.kind === 'user' || !held.isEmpty ? archived.ofNames() : []) {
    held.noteRow(row);
    const { room_id: roomId, user_id: userId, username, run } = row;
    const key = typeof run === 'number' ? keyOf.get(run) : undefined;
    if (key !== undefined) {
      for (const id of [roomId, userId]) if (typeof id === 'string' && pseudonym.test(id)) pseudonymKeys.set(id, key);
    }
    if (typeof userId !== 'string') continue;
    if (target.kind !== 'user' || (userId !== target.name && username !== target.name)) continue;
    people.add(ownCopy(userId));
  }
  const userIds = onePerson(target, people);
  const usernames = new Set<string>();
  const heldRooms = held.roomIds;
  const heldUsers = new Set(held.userIds);
  if (target.kind === 'user' || !held.isEmpty) {
    await addSamePeople(history, () => archived.ofMessages([]), [userIds, heldUsers]);
  }
  const person = new PersonNotes(history);
  const ids = new Set(target.kind === 'messages' ? target.ids : []);
  const changedRuns = new Set(history.everyRun.filter((one) => !isTold(one)).map(({ run }) => run));
  const unknown = await archived.ofFilesAlone();
  for await (const row of archived.ofMessages(neededColumns[target.kind])) {
    const { message_id: id, room_id: roomId, user_id: userId, ts, run } = row;
    if (typeof id !== 'string') continue;
    unknown.delete(id);
    if (typeof userId === 'string') person.note(row, userIds.has(userId));
    if (typeof userId === 'string' && userIds.has(userId) && typeof row['username'] === 'string') {
      usernames.add(ownCopy(row['username']));
    }
    const isMeant =
      (target.kind === 'messages' && ids.has(id)) ||
      (target.kind === 'user' && typeof userId === 'string' && userIds.has(userId)) ||
      (target.kind === 'before' && ts instanceof Date && ts.getTime() < target.beforeMs);
    if (!isMeant) continue;
    const isHeld =
      (typeof roomId === 'string' && heldRooms.has(roomId)) || (typeof userId === 'string' && heldUsers.has(userId));
    (isHeld ? heldIds : messageIds).add(ownCopy(id));
    if (target.kind !== 'user') continue;
    const isPlain = ts instanceof Date && ts.getTime() <= nowMs && !(typeof run === 'number' && changedRuns.has(run));
    if (!isPlain) untoldIds.add(ownCopy(id));
  }
  for (const [id, roomId] of unknown) {
    if (target.kind === 'messages' && !ids.has(id)) continue;
    // Who sent it is not known either.
    if (target.kind !== 'messages' || heldUsers.size > 0) refuseFilesAlone(unknown.size);
    (heldRooms.has(roomId) ? heldIds : messageIds).add(id);
  }
  for (const id of heldIds) messageIds.delete(id);
  const unmetHolds = held.unmet;
  for (const table of target.kind === 'user' ? peopleTables : []) {
    for await (const row of archived.of(table, [])) {
      const { user_id: userId, username } = row;
      if (typeof userId !== 'string') continue;
      person.note(row, userIds.has(userId));
      if (userIds.has(userId) && typeof username === 'string') usernames.add(ownCopy(username));
    }
  }
  const notes = target.kind === 'user' ? person.notes : [];
  return {
    messageIds,
    userIds,
    untoldIds,
    usernames,
    heldRooms,
    heldUsers,
    pseudonymKeys,
    unmetHolds,
    notes,
    heldIds,
  };
}

/**
 * A username is somebody else's once its owner is called otherwise: nobody is purged for having had the name of another.
 *
 * @param people ids of whoever has the id or had the username that is to be purged
 * @returns ids, here one at most
 * @throws UsageError where several people had the username
 */
function onePerson(target: PurgeTarget, people: ReadonlySet<string>): Set<string> {
  if (target.kind !== 'user') return new Set();
  const ids = people.has(target.name) ? [target.name] : [...people].sort();
  if (ids.length > 1) {
    throw new UsageError(
      `Cannot purge: ${ids.length} people have had the username "${target.name}": ${ids.join(', ')}`,
      {
        hint: 'Nothing was changed. Give the id of the one to purge: rows of the messages have it beside the name',
      },
    );
  }
  return new Set(ids);
}

/** Of the runs that pseudonymized. */
function pseudonymKeysByRun({ everyRun }: ArchiveHistory): ReadonlyMap<number, string> {
  const keys = new Map<number, string>();
  for (const { run, steps } of everyRun) {
    const fingerprint = steps.find(({ step }) => step === 'pseudonymize')?.settings['keyFingerprint'];
    if (typeof fingerprint === 'string') keys.set(run, fingerprint);
  }
  return keys;
}

function refuseFilesAlone(messages: number): never {
  throw new UsageError(
    `Cannot purge: of ${counted(messages, 'message')} with saved files no table says who sent them, and when`,
    { hint: 'Nothing was changed. Add the table "messages" to `transform.tables` of the job, and run it once' },
  );
}
