import { dirname, join } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { encodeFrame, type Frame } from '../journal/frame.ts';
import { keptEnding, writeGzip } from '../journal/kept/compress-journals.ts';
import { readKeptJournal } from '../journal/kept/read-kept-journal.ts';
import { parseExactJson, stringifyExact } from '../model/json/exact-json.ts';
import { isRecord } from '../model/json/is-record.ts';
import { parseTimeMs } from '../model/message.ts';
import { unknownMember, type Member } from '../model/people/member.ts';
import { textOrNull } from '../model/text/text-or-null.ts';
import type { PurgeCheck } from '../model/run/purge-rule.ts';

interface JournalPurge {
  readonly check: PurgeCheck;
  /** Number of the purge, or of the run that leaves out the same. */
  readonly run: number;
  /** How rows show a room and a person: rules, and what a job holds, may know them by these only. Absent: as the server. */
  readonly shown?: ((member: Member) => Member) | undefined;
}

/**
 * Writes a journal anew with `{_id, purged: run}` in place of each message that a rule is about, wherever it stands: on a page,
 * as the last message of a room in a list of rooms. Other frames stay as they are byte for byte, other messages value by value.
 *
 * @param path of the journal, compressed or not
 * @param target where to write it, compressed if its name says so; made only if anything is to be removed
 * @param purging with the name that the run gave the journal: rows of users and members are people, and a message that lacks
 *   its room is in that of its list
 * @returns whether it was written
 */
export async function purgeJournal(
  disk: Disk,
  path: string,
  target: string,
  purging: JournalPurge & { readonly name: string },
): Promise<boolean> {
  const people = isOfPeople(purging.name);
  const listedRoom = roomOfList(purging.name);
  const isMeant = (record: Readonly<Record<string, unknown>>): boolean =>
    (people && isPerson(record, purging)) || isMessage(record, purging, listedRoom);
  const purge = (body: Buffer): Buffer => purgedBody(body, isMeant, purging.run);
  if (!(await hasAny(disk, path, purge))) return false;
  await writeFrames(disk, purgedFrames(disk, path, purge), target);
  return true;
}

/** The same for the journal of files: those that are removed lose their names, which people have typed. */
export async function purgeFilesJournal(
  disk: Disk,
  path: string,
  target: string,
  paths: ReadonlySet<string>,
): Promise<boolean> {
  const isRemoved = (frame: Frame): boolean =>
    frame.kind === 'file' && frame.outcome.path !== null && paths.has(frame.outcome.path);
  let hasAny = false;
  for await (const { frame } of readKeptJournal(disk, path)) hasAny ||= isRemoved(frame);
  if (!hasAny) return false;
  const frames = async function* (): AsyncGenerator<Buffer> {
    for await (const { frame, body } of readKeptJournal(disk, path)) {
      const isNameless = frame.kind === 'file' && isRemoved(frame);
      yield encodeFrame(isNameless ? { ...frame, outcome: { ...frame.outcome, path: null } } : frame, body);
    }
  };
  await writeFrames(disk, frames(), target);
  return true;
}

/** Compressed if the name of the file says so. */
async function writeFrames(disk: Disk, frames: AsyncIterable<Buffer>, target: string): Promise<void> {
  await disk.makeFolder(dirname(target));
  await (target.endsWith(keptEnding) ? writeGzip(disk, frames, target) : writePlain(disk, frames, target));
  await disk.syncFolder(dirname(target));
}

/** Removes the same from all journals of a folder, in place. Each is whole before and after, however often it is begun anew. */
export async function purgeJournals(disk: Disk, folder: string, purge: JournalPurge): Promise<void> {
  for (const name of (await disk.list(folder)) ?? []) {
    if (!name.endsWith('.pages')) continue;
    const path = join(folder, name);
    const temporary = join(folder, `${name}.tmp`);
    if (!(await purgeJournal(disk, path, temporary, { ...purge, name }))) continue;
    await disk.rename(temporary, path);
    await disk.syncFolder(folder);
  }
}

function isOfPeople(name: string): boolean {
  return name === '0000-users.pages' || name === '0000-members.pages';
}

async function* purgedFrames(disk: Disk, path: string, purge: (body: Buffer) => Buffer): AsyncGenerator<Buffer> {
  for await (const { frame, body } of readKeptJournal(disk, path)) yield encodeFrame(frame, purge(body));
}

async function writePlain(disk: Disk, frames: AsyncIterable<Buffer>, path: string): Promise<void> {
  const file = await disk.open(path, 'truncate');
  try {
    for await (const frame of frames) await file.write(frame);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hasAny(disk: Disk, path: string, purge: (body: Buffer) => Buffer): Promise<boolean> {
  for await (const { body } of readKeptJournal(disk, path)) if (purge(body) !== body) return true;
  return false;
}

/** The same buffer where nothing is to be removed. */
function purgedBody(
  body: Buffer,
  isPurged: (record: Readonly<Record<string, unknown>>) => boolean,
  run: number,
): Buffer {
  if (body.length === 0) return body;
  let value: unknown;
  try {
    value = parseExactJson(body.toString());
  } catch {
    // What came in place of a page that could not be read may be no JSON.
    return body;
  }
  let removed = 0;
  const without = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(without);
    if (!isRecord(part)) return part;
    if (isPurged(part)) {
      removed += 1;
      return { ...('_id' in part && { _id: part['_id'] }), purged: run };
    }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, without(value)]));
  };
  const kept = without(value);
  return removed > 0 ? Buffer.from(stringifyExact(kept)) : body;
}

/** The id of the room of whose messages a journal is, as planned journals are named; undefined: of none. */
function roomOfList(name: string): string | undefined {
  const [, place, room] = /^(\d+)-[^-]+-(.+)\.pages$/.exec(name) ?? [];
  if (room === undefined || Number(place) === 0) return undefined;
  try {
    return decodeURIComponent(room);
  } catch {
    return undefined;
  }
}

function isPerson({ _id: id }: Readonly<Record<string, unknown>>, { check, shown = asRead }: JournalPurge): boolean {
  return typeof id === 'string' && (check.user(id) || check.user(shown(memberOf('', id, null)).userId));
}

/** Also of one that the server gave without its id, its room or its time: it makes no row, and says what it says all the same. */
function isMessage(
  record: Readonly<Record<string, unknown>>,
  { check, shown = asRead }: JournalPurge,
  listedRoom: string | undefined,
): boolean {
  const { _id: id, rid, u, parent } = record;
  // Of what has an id only messages have a room, too.
  const isWhole = typeof id === 'string' && typeof rid === 'string' && u !== undefined;
  if (!isWhole && (listedRoom === undefined || (!isRecord(u) && typeof record['msg'] !== 'string'))) return false;
  const { _id: userId, username } = isRecord(u) ? u : {};
  const read = memberOf(textOrNull(rid) ?? listedRoom ?? '', textOrNull(userId) ?? '', textOrNull(username));
  const names = [read, shown(read)];
  return check.message({
    id: textOrNull(id) ?? '',
    versionOf: typeof parent === 'string' && record['_hidden'] === true ? parent : null,
    roomIds: names.map(({ roomId }) => roomId),
    userIds: typeof userId === 'string' ? names.map((one) => one.userId) : [],
    usernames: names.flatMap((one) => one.username ?? []),
    tsMs: parseTimeMs(record['ts']) ?? parseTimeMs(record['_updatedAt']) ?? Number.NEGATIVE_INFINITY,
  });
}

const asRead = (member: Member): Member => member;

/** Of a direct room: no other has another id in rows, and none has the pseudonym that this would give it. */
function memberOf(roomId: string, userId: string, username: string | null): Member {
  return { ...unknownMember({ id: roomId, type: 'direct' }, userId), username };
}
