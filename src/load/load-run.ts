import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { Disk } from '../system/disk.ts';
import { listTableNames, type ListTableName, type TableName, type MessageTableName } from '../model/table-name.ts';
import { loadSink } from '../sinks/load-sink.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import type { RowBatch } from '../model/row-batch.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import { purgeCheck } from '../model/run/purge-rule.ts';
import type { ExportedRoom } from '../tables/rooms.ts';
import { listTables, messageTables } from '../tables/tables.ts';
import { loadSteps } from '../transforms/steps/load-steps.ts';
import { StepChain } from '../transforms/steps/step-chain.ts';
import { ArchivedMessages } from './archived/archived-messages.ts';
import { ExportedVersions } from './exported-versions.ts';
import { SharedTail } from '../journal/shared/shared-tail.ts';
import type { JournalFeed } from '../journal/journal-feed.ts';
import { completeEarlier } from './completion/complete-earlier.ts';
import { refillRows, WrittenKeys } from './completion/refill-rows.ts';
import { loadRereads } from './completion/load-rereads.ts';
import { loadChanges } from './changes/load-changes.ts';
import type { Balance } from '../model/run/balance.ts';
import type { LoadPlan } from './load-plan.ts';
import type { Completion, LoadedPeople, LoadResult, Uncompared } from '../model/run/load-result.ts';
import { writeGoneRows } from './gone/gone-rows.ts';
import { writeLeftRows } from './gone/left-rows.ts';
import { BadColumns } from '../parts/bad-columns.ts';
import { loadStream } from './load-stream.ts';
import { loadPeople } from './people/load-people.ts';
import { MetPeople } from './met-people.ts';
import { MessageRows } from '../parts/message-rows.ts';
import { OpenParts } from '../parts/open-parts.ts';
import { PartitionFolders } from '../parts/partition-folders.ts';
import { partitionOf } from '../parts/partition-of.ts';
import { ArchivedWindows } from './archived/archived-windows.ts';
import { ShownFiles } from '../parts/shown-files.ts';
import { TableOutput, type Place, type TableOutputOptions } from '../parts/table-output.ts';

/**
 * Turns the journals of a run into files under `_work/parts`: stream by stream in the order of the run, then the changes
 * of rooms, which are compared with the rows of the published archive. A pure function of the journals and that archive:
 * however often it is begun anew, the same pages over the same archive give the same bytes.
 *
 * @throws LoadStopped when the extract half gives up; OutputError when the disk does; either or JobError when a plug-in
 *   fails
 */
export async function loadRun(disk: Disk, plan: LoadPlan, feed: JournalFeed): Promise<LoadResult> {
  const { archive, runPlan, transform } = plan;
  const { run } = runPlan;
  const purge = purgeCheck(plan.purges, plan.held);
  const ofJob = await loadSteps(transform.steps ?? []);
  const steps = new StepChain(ofJob, plan.purges.length === 0 ? undefined : purge);
  const tables = messageTables({ md: transform.md === 'json', without: steps.droppedColumns });
  const lists = listTables(steps.droppedColumns);
  const formats = await formatsOf(disk, plan);
  const outputs = new Map<TableName, readonly TableOutput[]>(
    transform.tables.map((name) => [name, outputsOf(disk, plan, formats, { ...tables, ...lists }[name])]),
  );
  const rowCounts: Record<string, number> = Object.fromEntries(transform.tables.map((name) => [name, 0]));
  const badFields = new Map<string, number>();
  const badColumns = new BadColumns();
  const seen = { encryptedMessages: 0, files: 0, discussions: {} };
  const versions = new ExportedVersions(runPlan);

  const written = plan.refill === undefined ? undefined : new WrittenKeys();
  const putRows = async (name: TableName, batch: RowBatch, place: Place): Promise<void> => {
    rowCounts[name] = (rowCounts[name] ?? 0) + batch.length;
    for (const output of outputs.get(name) ?? []) await output.write(batch, place);
  };
  const writeRows = (name: TableName, batch: RowBatch, place: Place): Promise<void> => {
    written?.note(name, batch);
    return putRows(name, batch, place);
  };
  const writeListRows = (name: ListTableName, batch: RowBatch): Promise<void> =>
    writeRows(name, batch, { partition: undefined, mayReplace: false });
  const folders = await PartitionFolders.ofArchive(disk, archive, plan.partition === 'room' ? transform.tables : []);
  const shown = plan.savesFiles ? new ShownFiles(steps.droppedColumns) : undefined;
  const rows = new MessageRows(
    plan.partition,
    folders,
    (name, messages, place) => {
      badColumns.note(tables[name], messages);
      return writeRows(name, tables[name].batch(messages), place);
    },
    shown,
  );
  const sharedJournal = new SharedTail(disk, join(archive, archivePaths.journal));
  const parts = {
    disk,
    archive,
    runPlan,
    feed,
    sharedJournal,
    steps,
    rows,
    badFields,
    damaged: new Set<string>(),
    seen,
    versions,
    tables: new Set(transform.tables),
    met: new MetPeople(),
    rowsOf: (name: MessageTableName, message: FlatMessage) => tables[name].rows([message]),
  };

  const stored = new ArchivedWindows(parts);
  const context = { ...parts, archived: new ArchivedMessages(parts, stored), versionIds: new Set<string>() };
  const exported: Record<string, number> = {};
  const deferred = new Map<string, number>();
  const balances = new Map<string, Balance>();
  const unread: string[] = [];
  let unlooked: Uncompared | null = null;
  let uncomparedRooms: readonly string[] = [];
  let people: LoadedPeople;
  let completion: Completion;
  try {
    const { isNew, ...earlier } = await completeEarlier(
      disk,
      plan,
      steps.counts(),
      [...outputs.values()].flat(),
      parts.met,
    );
    completion = earlier;
    for (const stream of runPlan.streams) exported[stream.journal] = await loadStream(context, stream);
    for (const changes of runPlan.changes) {
      const { room, journal } = changes;
      const loaded = await loadChanges(context, changes, stored);
      exported[journal] = loaded.changes;
      balances.set(room.id, loaded.balance);
      if (loaded.deferredFromMs !== null) deferred.set(room.id, loaded.deferredFromMs);
      if (loaded.isUnread) unread.push(room.id);
    }
    unlooked = await writeLeftRows(context);
    uncomparedRooms = await writeGoneRows(context);
    Object.assign(exported, await loadRereads(context));
    if (outputs.has('rooms')) {
      const rooms = runPlan.rooms.map(({ op, room }): ExportedRoom => {
        const stepped = steps.room(room);
        return op === 'delete' ? { op, roomId: stepped.id, run } : { op, room: stepped, run };
      });
      await writeListRows('rooms', lists.rooms.batch(rooms));
    }
    people = await loadPeople(context, {
      known: plan.known,
      met: context.met,
      isPurged: purge.user,
      tables: lists,
      writeRows: writeListRows,
    });
    if (plan.refill !== undefined) {
      const { folder, because } = plan.refill;
      const made = transform.tables.map((name) => ({ ...tables, ...lists })[name]);
      const isWritten = (name: TableName, row: Row): boolean => {
        const { message_id: id } = row;
        return written?.has(name, row) === true || (typeof id === 'string' && versions.isDeleted(id));
      };
      // Its own rows are not noted: elements of one message may lie in two batches.
      const rows = await refillRows({ disk, folder, run, tables: made, isWritten, write: putRows });
      completion = { ...completion, refilled: { rows, because } };
    }
    for (const [, formats] of outputs) {
      for (const output of formats) await output.close({ evenIfEmpty: isNew(output) });
    }
  } catch (error) {
    for (const [, formats] of outputs) for (const output of formats) await output.abort();
    throw error;
  } finally {
    await sharedJournal.close();
  }
  const files = [...outputs.values()].flatMap((formats) => formats.flatMap((output) => output.files));
  return {
    files,
    tables: rowCounts,
    exported,
    versions: versions.byRoom(),
    unread,
    delivered: versions.delivered(),
    deferred: Object.fromEntries(deferred),
    balances: Object.fromEntries(balances),
    unlooked: unlooked?.message ?? null,
    uncomparedRooms,
    ...(shown && { shown: { files: shown.references, avatars: shown.avatars, goneMessageIds: shown.goneMessageIds } }),
    damaged: [...parts.damaged].sort(),
    uncompared: stored.uncompared ?? context.archived.unreadable,
    seen,
    people,
    completion,
    steps: steps.counts(),
    badFields: Object.fromEntries(badFields),
    badColumns: badColumns.byTable(),
  };
}

/** The sinks of a job, each with the files that it has open. */
export async function formatsOf(
  disk: Disk,
  { sinks, openParts }: Pick<LoadPlan, 'sinks' | 'openParts'>,
): Promise<readonly Pick<TableOutputOptions, 'sink' | 'openParts'>[]> {
  const loaded = await Promise.all(sinks.map((entry) => loadSink(entry, disk)));
  return loaded.map((sink) => ({ sink, openParts: new OpenParts(openParts) }));
}

/** One for each format. */
export function outputsOf(
  disk: Disk,
  { archive, runPlan, metadata, partition, rowsPerFile }: LoadPlan,
  formats: readonly Pick<TableOutputOptions, 'sink' | 'openParts'>[],
  table: { readonly name: TableName; readonly columns: readonly ColumnSpec[] },
): readonly TableOutput[] {
  const schema = { table: table.name, columns: table.columns, metadata };
  // A room, user or file has one row: no folder for each.
  const isList = listTableNames.includes(table.name);
  const emptyPartition = isList ? undefined : partitionOf(partition, null);
  return formats.map(
    (format) => new TableOutput({ ...format, disk, archive, run: runPlan.run, schema, rowsPerFile, emptyPartition }),
  );
}
