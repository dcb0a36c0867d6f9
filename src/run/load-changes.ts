import { isNewer } from '../extractors/page.ts';
import { readFrames } from '../journal/read-frames.ts';
import { changeKey, parseChanges, type Change } from '../rocketchat/changes.ts';
import { isRecord, type RawMessage } from '../rocketchat/message.ts';
import type { MessageTableName } from '../tables/tables.ts';
import { flatten } from '../transforms/flatten.ts';
import { tombstone } from '../transforms/tombstone.ts';
import { damagedAt } from './damaged-journal.ts';
import { acceptedBy, contextOf, elementTables, messageTable, type Load } from './load-stream.ts';
import { changesPath, type PlannedChanges } from './open-run.ts';
import { parseAnswer } from './parse-answer.ts';

/**
 * Turns the changes of a room into rows: new versions of messages that earlier runs exported, messages that were imported
 * among them since, tombstones. What this run's walks brought is left out: one row a message and run, so that the run
 * tells which row is the newest. Where such a message has changed already, the next run writes it.
 */
export async function loadChanges(
  load: Load,
  index: number,
): Promise<{ readonly changes: number; readonly isDeferred: boolean }> {
  const { openRun, steps, rows, badFields, versions } = load;
  const planned = openRun.changes[index];
  if (planned === undefined) throw new Error(`The run reads no changes number ${index}`);
  const { room, revised } = planned;
  const made = (names: readonly MessageTableName[]): readonly MessageTableName[] =>
    names.filter((name) => load.tables.has(name));
  const context = contextOf(room, openRun);
  const targets = revised.map((stream) => ({
    table: messageTable(stream.endpoint),
    accepts:
      messageTable(stream.endpoint) === 'mentioned_messages' ? mentions(openRun.server.user) : acceptedBy(stream),
    isWalked: walkedBy(stream),
  }));
  let changes = 0;
  let isDeferred = false;
  const newest = await newestChanges(load, index);
  for await (const change of takenChanges(load, index)) {
    const key = changeKey(change);
    if (newest.get(change.id) !== key) {
      versions.changed(room.id, key);
      continue;
    }
    if (change.kind === 'deleted') {
      if (versions.hasWalked(room.id, change.id)) {
        isDeferred = true;
        continue;
      }
      versions.changed(room.id, key);
      const names = made([...new Set(targets.map(({ table }) => table))]);
      await rows.add(steps.tombstone(tombstone(change.id, change.atMs, context)), names, true);
      changes += 1;
      continue;
    }
    const { message } = change;
    const wanting = targets.filter(({ accepts }) => !message.hidden && accepts(message.raw));
    const tables = wanting.filter(({ isWalked }) => !isWalked(message)).map(({ table }) => table);
    if (tables.length < wanting.length) {
      // The walk brings it; this version of it, if nothing has happened to it since.
      if (versions.hasWalked(room.id, change.id) && !versions.has(room.id, key)) isDeferred = true;
      if (tables.length === 0) continue;
    }
    versions.changed(room.id, key);
    if (tables.length === 0) continue;
    const read = flatten(message, context);
    for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
    const flat = steps.message(read);
    if (flat === null) continue;
    changes += 1;
    await rows.add(flat, made([...tables, ...elementTables]), true);
  }
  await rows.flush();
  return { changes, isDeferred };
}

/** A message that the stream's own walk brings, in this run or the next. */
function walkedBy({
  cursor,
}: PlannedChanges['revised'][number]): (row: { readonly id: string; readonly tsMs: number }) => boolean {
  const taken = new Set(cursor.takenIds);
  return (row) => isNewer(row, cursor.watermark) && !taken.has(row.id);
}

/** What chat.getMentionedMessages answers: mentions of the user by name. */
function mentions({ username }: { readonly username: string }): (raw: RawMessage) => boolean {
  return ({ mentions: list }) =>
    Array.isArray(list) && list.some((mention) => isRecord(mention) && mention['username'] === username);
}

/** Of each message the last of its changes: a message may change again while its changes are read. */
async function newestChanges(load: Load, index: number): Promise<ReadonlyMap<string, string>> {
  const newest = new Map<string, string>();
  for await (const change of takenChanges(load, index)) newest.set(change.id, changeKey(change));
  return newest;
}

/** In the order of the journal; none when it ends in a gap: the next run reads them all. */
async function* takenChanges({ disk, archive, openRun, feed }: Load, index: number): AsyncGenerator<Change> {
  const path = changesPath(archive, openRun, index);
  const { sizeBytes } = await feed.moreThan(openRun.streams.length + index, Number.POSITIVE_INFINITY);
  let endByte = 0;
  let isGap = false;
  for await (const stored of readFrames(disk, path)) {
    endByte = stored.endByte;
    isGap = stored.frame.kind === 'gap';
  }
  if (endByte < sizeBytes) throw damagedAt(path, endByte);
  if (isGap) return;
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page') continue;
    const skip = new Set(frame.record.skip);
    for (const [at, change] of parseChanges(parseAnswer(body)).changes.entries()) if (!skip.has(at)) yield change;
  }
}
