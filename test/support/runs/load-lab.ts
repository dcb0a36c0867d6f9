import { dirname, join } from 'node:path';
import { archivePaths } from '../../../src/archive/paths.ts';
import { SharedTail } from '../../../src/journal/shared/shared-tail.ts';
import { OutputError } from '../../../src/errors.ts';
import { ArchivedMessages } from '../../../src/load/archived/archived-messages.ts';
import { ArchivedWindows } from '../../../src/load/archived/archived-windows.ts';
import { ExportedVersions } from '../../../src/load/exported-versions.ts';
import { MessageRows } from '../../../src/parts/message-rows.ts';
import { PartitionFolders } from '../../../src/parts/partition-folders.ts';
import type { LoadContext } from '../../../src/load/load-stream.ts';
import { MetPeople } from '../../../src/load/met-people.ts';
import { JournalFeed } from '../../../src/journal/journal-feed.ts';
import { StreamJournal } from '../../../src/journal/stream-journal.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import type { PageRecord } from '../../../src/model/stream.ts';
import type { MessageTableName, TableName } from '../../../src/model/table-name.ts';
import { journalPath } from '../../../src/plan/journal-path.ts';
import type { Journaled, RunPlan } from '../../../src/plan/run-plan.ts';
import { messageTables } from '../../../src/tables/tables.ts';
import { StepChain } from '../../../src/transforms/steps/step-chain.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { publishRows, rowOf } from '../archives/rows-archive.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { sampleRunPlan } from '../plans/sample-run-plan.ts';
import { readTo } from '../plans/sample-stream.ts';

export const archive = '/archive';

/** When the messages of these tests were posted, and when they were edited. */
export const postedMs = Date.UTC(2024, 0, 1);
export const editedMs = Date.UTC(2024, 0, 2);

/** A message of the table `messages` as an earlier run wrote it. */
export interface ArchivedMessage {
  readonly id: string;
  readonly roomId?: string;
  readonly tsMs?: number;
  readonly updatedMs?: number;
  readonly op?: 'upsert' | 'delete';
}

export interface LoadSetting {
  readonly plan?: Partial<RunPlan>;
  readonly tables?: readonly TableName[];
  readonly steps?: readonly Step[];
  /** What the one earlier run wrote; none: there was none. */
  readonly archived?: readonly ArchivedMessage[];
  /** Of the table `messages`, as after `dropColumns`. */
  readonly columns?: readonly string[];
  /** The disk is full as soon as rows are written. */
  readonly isFull?: true;
}

/** What loading the journals of a second run needs, over an archive in memory, and what it has written. */
export async function loadLab({
  plan,
  tables = ['messages'],
  steps = [],
  archived = [],
  columns,
  isFull,
}: LoadSetting = {}) {
  const disk = new MemoryDisk();
  await disk.makeFolder(archive);
  if (archived.length > 0) {
    const rows = archived.map(({ id, roomId = 'r1', tsMs = postedMs, updatedMs = tsMs, op = 'upsert' }) =>
      rowOf('messages', {
        ...{ message_id: id, room_id: roomId, ts: new Date(tsMs), updated_at: new Date(updatedMs), op, run: 1 },
      }),
    );
    await publishRows(archive, [{ table: 'messages', rows, ...(columns && { columns }) }], [{ format: 'jsonl' }], disk);
  }
  const runPlan = sampleRunPlan(plan);
  const feed = new JournalFeed();
  const written: (readonly [MessageTableName, FlatMessage])[] = [];
  const made = messageTables({ md: false });
  const parts = {
    sharedJournal: new SharedTail(disk, join(archive, archivePaths.journal)),
    ...{ disk, archive, runPlan, feed, steps: new StepChain(steps), tables: new Set(tables), badFields: new Map() },
    damaged: new Set<string>(),
    rows: new MessageRows('none', new PartitionFolders(), (table, batch) => {
      if (isFull) return Promise.reject(new OutputError('The disk is full'));
      for (const message of batch) written.push([table, message]);
      return Promise.resolve();
    }),
    ...{ seen: { encryptedMessages: 0, files: 0, discussions: {} }, versions: new ExportedVersions(runPlan) },
    ...{ met: new MetPeople(), rowsOf: (name: MessageTableName, message: FlatMessage) => made[name].rows([message]) },
  };
  const windows = new ArchivedWindows(parts);
  const load: LoadContext = { ...parts, archived: new ArchivedMessages(parts, windows), versionIds: new Set() };
  return {
    ...{ disk, feed, load, windows, written },
    /** What was written, in short. */
    said: () => written.map(([table, { op, id }]) => `${op} ${id} in ${table}`),
    /** Writes a journal of the run, closed or not by `write`, and reports it as closed. @returns its path */
    async journal(of: Journaled, write: (journal: StreamJournal) => Promise<void>): Promise<string> {
      const path = journalPath(archive, of);
      await disk.makeFolder(dirname(path));
      const { journal } = await StreamJournal.open(disk, path, () => 0);
      await write(journal);
      await journal.close();
      feed.update(of.journal, { sizeBytes: journal.sizeBytes, isClosed: true });
      return path;
    },
  };
}

export type LoadLab = Awaited<ReturnType<typeof loadLab>>;

/** A page of the changes of a room: `updated` as the server would show the messages, ids of deleted ones by their time. */
export function changesPage(
  updated: readonly object[],
  deleted: Readonly<Record<string, number>> = {},
  skip: readonly number[] = [],
): readonly [PageRecord, Buffer] {
  const deletions = Object.entries(deleted).map(([id, atMs]) => ({
    _id: id,
    _deletedAt: new Date(atMs).toISOString(),
  }));
  const rows = updated.length + deletions.length;
  const record: PageRecord = {
    asked: { kind: 'changes', list: 'both', afterMs: 0, count: 100 },
    ...{ rows, total: null, from: 0, to: rows, skip, versions: 0, first: null, last: null, repaired: 0 },
    cursor: readTo(0),
  };
  return [record, Buffer.from(JSON.stringify({ result: { updated, deleted: deletions }, success: true }))];
}

/** A page of a list of messages. */
export function listPage(messages: readonly object[], fields: Partial<PageRecord> = {}): readonly [PageRecord, Buffer] {
  const record: PageRecord = {
    asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
    ...{ rows: messages.length, total: null, from: 0, to: messages.length, skip: [], versions: 0 },
    ...{ first: null, last: null, repaired: 0, cursor: readTo(0) },
    ...fields,
  };
  return [record, Buffer.from(JSON.stringify({ messages, success: true }))];
}

/** A message as the server shows it. */
export function rawMessage(id: string, updatedMs = postedMs, fields: object = {}): object {
  const [ts, _updatedAt] = [postedMs, updatedMs].map((ms) => new Date(ms).toISOString());
  return { _id: id, rid: 'r1', ts, _updatedAt, msg: id, ...fields };
}
