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
 * @param people whether the journal is one of users or members, whose rows are people
 * @returns whether it was written
 */
export async function purgeJournal(
  disk: Disk,
  path: string,
  target: string,
  { check, run, people, shown }: JournalPurge & { readonly people: boolean },
): Promise<boolean> {
  const purge = (body: Buffer): Buffer => purgedBody(body, (record) => isMeant(record, check, people, shown), run);
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
    if (!(await purgeJournal(disk, path, temporary, { ...purge, people: isOfPeople(name) }))) continue;
    await disk.rename(temporary, path);
    await disk.syncFolder(folder);
  }
}

/** Of a journal's name. */
export function isOfPeople(name: string): boolean {
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
      return { _id: part['_id'], purged: run };
    }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, without(value)]));
  };
  const kept = without(value);
  return removed > 0 ? Buffer.from(stringifyExact(kept)) : body;
}

function isMeant(
  record: Readonly<Record<string, unknown>>,
  check: PurgeCheck,
  people: boolean,
  shown: JournalPurge['shown'] = (member) => member,
): boolean {
  const { _id: id, rid, u, ts, parent } = record;
  if (typeof id !== 'string') return false;
  if (people && (check.user(id) || check.user(shown(memberOf('', id, null)).userId))) return true;
  // Of what has an id only messages have a room, too.
  if (typeof rid !== 'string' || u === undefined) return false;
  const { _id: userId, username } = isRecord(u) ? u : {};
  const read = memberOf(rid, textOrNull(userId) ?? '', textOrNull(username));
  const names = [read, shown(read)];
  return check.message({
    id,
    versionOf: typeof parent === 'string' && record['_hidden'] === true ? parent : null,
    roomIds: names.map(({ roomId }) => roomId),
    userIds: typeof userId === 'string' ? names.map((one) => one.userId) : [],
    usernames: names.flatMap((one) => one.username ?? []),
    tsMs: parseTimeMs(ts) ?? Number.POSITIVE_INFINITY,
  });
}

/** Of a direct room: no other has another id in rows, and none has the pseudonym that this would give it. */
function memberOf(roomId: string, userId: string, username: string | null): Member {
  return { ...unknownMember({ id: roomId, type: 'direct' }, userId), username };
}
