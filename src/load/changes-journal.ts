import type { Disk } from '../system/disk.ts';
import { readFrames } from '../journal/read-frames.ts';
import { parseChanges, type Change } from '../model/changes.ts';
import type { JsonValue } from '../model/json/json-value.ts';
import { isArray } from '../model/json/is-array.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { Message } from '../model/message.ts';
import type { ChangesRefusal, Hole } from '../model/stream.ts';
import { damagedAt } from '../journal/damaged-journal.ts';
import type { JournalContext } from './journal-context.ts';
import { journalPath } from '../plan/journal-path.ts';
import type { RunChanges } from '../plan/run-plan.ts';
import { pageMessages } from '../journal/page-messages.ts';
import { parseAnswer } from '../journal/parse-answer.ts';

/** What the journal of a room's changes says of itself, once it is closed. */
interface ChangesJournal {
  readonly path: string;
  /** Whether it ends in a gap: the next run reads all of it again, and a list that was read in part proves nothing. */
  readonly isGap: boolean;
  /** Set when its pages are those of another list. */
  readonly refusal: ChangesRefusal | null;
}

/** @throws LoadStopped when the extract half gives up; OutputError for a journal that is not as it was written */
export async function changesJournal(
  { disk, archive, feed }: Pick<JournalContext, 'disk' | 'archive' | 'feed'>,
  changes: RunChanges,
): Promise<ChangesJournal> {
  const path = journalPath(archive, changes);
  const { sizeBytes } = await feed.moreThan(changes.journal, Number.POSITIVE_INFINITY);
  let endByte = 0;
  let isGap = false;
  let refusal: ChangesRefusal | null = null;
  for await (const { frame, endByte: end } of readFrames(disk, path)) {
    if (frame.kind === 'refusal') refusal = { reason: frame.reason, instead: frame.instead };
    isGap = frame.kind === 'gap';
    endByte = end;
  }
  if (endByte < sizeBytes) throw damagedAt(path, endByte);
  return { path, isGap, refusal };
}

/** The changes that are new to some table of the room, in the order of the journal: deletions first. */
export async function* reportedChanges(disk: Disk, path: string): AsyncGenerator<Change> {
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page') continue;
    const skip = new Set(frame.record.skip);
    for (const [at, change] of journaledChanges(body).entries()) {
      if (!skip.has(at) && !isPurged(change)) yield change;
    }
  }
}

/** Of some messages those that the journal shows as they are now, in versions that were known or not. */
export async function aliveIds(disk: Disk, path: string, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const alive = new Set<string>();
  for await (const { frame, body } of readFrames(disk, path)) {
    if (ids.size === 0) break;
    if (frame.kind !== 'page') continue;
    for (const change of journaledChanges(body)) {
      if (change.kind === 'updated' && ids.has(change.id) && !isPurged(change)) alive.add(change.id);
    }
  }
  return alive;
}

/** What the messages that are compared are later than, in epoch milliseconds: of a room that is compared whole, all are. */
export function windowStartMs({ sinceMs }: { readonly sinceMs: number }): number {
  return sinceMs === 0 ? Number.NEGATIVE_INFINITY : sinceMs;
}

/** The messages of a room that were read once more in place of its changes, except for those before the window. */
export async function* rereadMessages(
  disk: Disk,
  path: string,
  instead: { readonly sinceMs: number },
): AsyncGenerator<Message> {
  const startMs = windowStartMs(instead);
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page' || frame.record.asked.kind !== 'offset') continue;
    for (const message of pageMessages(body, frame.record)) if (message.tsMs > startMs) yield message;
  }
}

/** The places of the room that this could not read: what is missing there is not gone. */
export async function journaledHoles(disk: Disk, path: string): Promise<readonly Hole[]> {
  const holes: Hole[] = [];
  for await (const { frame } of readFrames(disk, path)) if (frame.kind === 'hole') holes.push(frame.hole);
  return holes;
}

/** The changes on a page, by which its record counts: those of messages that were purged from the journal among them. */
function journaledChanges(body: Buffer): readonly Change[] {
  const answer = parseAnswer(body);
  const { result } = answer;
  const updated = isRecord(result) ? result['updated'] : undefined;
  if (!isRecord(result) || !isArray(updated)) return parseChanges(answer).changes;
  return parseChanges({ result: { ...result, updated: updated.map(standIn) } }).changes;
}

const never = new Date(0).toISOString();

/** A purge leaves nothing but the id. */
function standIn(row: JsonValue): JsonValue {
  return isRecord(row) && typeof row['purged'] === 'number' && row['ts'] === undefined
    ? { ...row, ts: never, _updatedAt: never }
    : row;
}

function isPurged(change: Change): boolean {
  return change.kind === 'updated' && typeof change.message.raw['purged'] === 'number';
}
