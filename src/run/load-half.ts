import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { Disk } from '../disk.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { RawMessage } from '../rocketchat/message.ts';
import { loadSink } from '../sinks/load-sink.ts';
import type { Sink } from '../sinks/sink.ts';
import type { ColumnSpec, Row } from '../tables/column.ts';
import type { FlatMessage } from '../tables/flat-message.ts';
import { messageTables, roomsTableWithout, type MessageTableName } from '../tables/tables.ts';
import { flatten } from '../transforms/flatten.ts';
import { loadSteps } from '../transforms/steps/load-steps.ts';
import { StepChain } from '../transforms/steps/step-chain.ts';
import type { TableName } from '../job/job.ts';
import type { JournalFeed } from './journal-feed.ts';
import { journalMessages } from './journal-messages.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import type { OpenRun, PlannedStream } from './open-run.ts';
import { partitionOf } from './partition-of.ts';
import { TableOutput } from './table-output.ts';

/** Messages that go through the tables and sinks at once: large enough to be fast, small enough to die young in memory. */
const batchMessages = 200;

/**
 * Turns the journals of a run into files under `_work/parts`, stream by stream in the order of the run. A pure function
 * of the journals: however often it is begun anew, the same pages give the same bytes.
 *
 * @throws LoadStopped when the extract half gives up; OutputError when the disk does; either or JobError when a plug-in
 *   fails
 */
export async function loadHalf(disk: Disk, plan: LoadPlan, feed: JournalFeed): Promise<LoadResult> {
  const { archive, openRun, transform } = plan;
  const steps = new StepChain(await loadSteps(transform.steps ?? []));
  const tables = messageTables({ md: transform.md === 'json', without: steps.droppedColumns });
  const roomsTable = roomsTableWithout(steps.droppedColumns);
  const sinks = await Promise.all(plan.sinks.map((entry) => loadSink(entry, disk)));
  const outputs = new Map<TableName, readonly TableOutput[]>(
    transform.tables.map((name) => [name, outputsOf(disk, plan, sinks, name === 'rooms' ? roomsTable : tables[name])]),
  );
  const rowCounts: Record<string, number> = Object.fromEntries(transform.tables.map((name) => [name, 0]));
  const badFields = new Map<string, number>();
  const exported = openRun.streams.map(() => 0);

  const writeRows = async (name: TableName, rows: readonly Row[], partition?: string): Promise<void> => {
    rowCounts[name] = (rowCounts[name] ?? 0) + rows.length;
    for (const output of outputs.get(name) ?? []) await output.write(rows, partition);
  };

  try {
    for (const [index, stream] of openRun.streams.entries()) {
      const messageTable = endpoints[stream.endpoint].lists === 'messages' ? 'messages' : 'mentioned_messages';
      const isElsewhere = readElsewhere(stream, openRun);
      const context = {
        roomId: stream.room.id,
        roomName: stream.room.name,
        roomType: stream.room.type,
        run: openRun.run,
      };
      let batch: FlatMessage[] = [];
      /** Those of the batch whose elements go to the side tables. */
      let own: FlatMessage[] = [];
      let partition: string | undefined;
      const flush = async (): Promise<void> => {
        if (outputs.has(messageTable)) await writeRows(messageTable, tables[messageTable].rows(batch), partition);
        for (const name of sideTables) if (outputs.has(name)) await writeRows(name, tables[name].rows(own), partition);
        exported[index] = (exported[index] ?? 0) + batch.length;
        batch = [];
        own = [];
      };
      const accepts = acceptedBy(stream);
      for await (const page of journalMessages(disk, archive, openRun, index, feed)) {
        for (const message of page) {
          if (message.hidden || !accepts(message.raw)) continue;
          const read = flatten(message, context);
          for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
          const flat = steps.message(read);
          if (flat === null) continue;
          const next = partitionOf(plan.partition, flat);
          if (next !== partition) await flush();
          partition = next;
          batch.push(flat);
          if (!isElsewhere(message.raw)) own.push(flat);
          if (batch.length === batchMessages) await flush();
        }
      }
      await flush();
    }
    if (outputs.has('rooms')) {
      const rooms = exportedRooms(openRun, exported).map(({ room, run }) => ({ room: steps.room(room), run }));
      await writeRows('rooms', roomsTable.rows(rooms));
    }
    for (const [, formats] of outputs) {
      for (const output of formats) await output.close({ evenIfEmpty: openRun.run === 1 });
    }
  } catch (error) {
    for (const [, formats] of outputs) for (const output of formats) await output.abort();
    throw error;
  }
  const files = [...outputs.values()].flatMap((formats) => formats.flatMap((output) => output.files));
  return { files, tables: rowCounts, exported, steps: steps.counts(), badFields: Object.fromEntries(badFields) };
}

/** Removes what an earlier attempt at loading left: its files may be cut, and are made anew. */
export async function clearParts(disk: Disk, archive: string): Promise<void> {
  await disk.remove(join(archive, archivePaths.parts));
}

function outputsOf(
  disk: Disk,
  { archive, openRun, metadata, partition, rowsPerFile }: LoadPlan,
  sinks: readonly Sink[],
  table: { readonly name: TableName; readonly columns: readonly ColumnSpec[] },
): readonly TableOutput[] {
  const schema = { table: table.name, columns: table.columns, metadata };
  // A room has one row: no folder for each.
  const emptyPartition = table.name === 'rooms' ? undefined : partitionOf(partition, null);
  return sinks.map(
    (sink) => new TableOutput({ disk, archive, run: openRun.run, sink, schema, rowsPerFile, emptyPartition }),
  );
}

function acceptedBy({ endpoint, filters }: PlannedStream): (raw: RawMessage) => boolean {
  return (raw) => endpoints[endpoint].accepts(raw, filters);
}

const sideTables = ['mentions', 'reactions', 'attachments', 'links'] as const satisfies readonly MessageTableName[];

/**
 * Whether the stream of all messages of the room brings a message of its mentions, too. It stands in both message tables
 * then, but its mentions, reactions, attachments and links in the side tables once.
 */
function readElsewhere({ endpoint, room }: PlannedStream, { streams }: OpenRun): (raw: RawMessage) => boolean {
  if (endpoints[endpoint].lists === 'messages') return () => false;
  const whole = streams.find((other) => endpoints[other.endpoint].lists === 'messages' && other.room.id === room.id);
  return whole === undefined ? () => false : acceptedBy(whole);
}

/** Rooms with new messages and rooms read for the first time, once each: a run that finds nothing new adds no row. */
function exportedRooms({ streams, run }: OpenRun, exported: readonly number[]) {
  const rooms = new Map(
    streams.filter((stream, index) => stream.isNew || (exported[index] ?? 0) > 0).map(({ room }) => [room.id, room]),
  );
  return [...rooms.values()].map((room) => ({ room, run }));
}
