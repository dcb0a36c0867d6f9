import { DifferenceError } from '../../errors.ts';
import type { TableName } from '../../model/table-name.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { Clock } from '../../system/clock.ts';
import type { Disk } from '../../system/disk.ts';
import { emitArchive, type EmitOptions } from '../emit/emit-archive.ts';
import { noState, type EmitState } from '../emit/emit-state.ts';
import { betweenStates, type EmittedLines } from '../emit/emitted-lines.ts';
import type { EmittedTable } from '../emit/emitted-table.ts';
import type { ConfiguredStream } from './airbyte-files.ts';
import {
  catalogMessage,
  deletedColumn,
  line,
  recordMessages,
  stateMessage,
  statusMessage,
} from './airbyte-messages.ts';

interface AirbyteOptions extends Omit<EmitOptions, 'tables'> {
  /** Default: all that the archive has, incremental. */
  readonly streams?: readonly ConfiguredStream[];
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What came to an archive since a state, as messages of the Airbyte Protocol: RECORD and STATE, see emitArchive, and how far each
 * stream is.
 *
 * @throws as emitArchive; DifferenceError where rows that the destination has were removed from the archive, and nothing names
 *   them: only a refresh of the stream removes them there
 */
export async function* emitAirbyte(folder: string, options: AirbyteOptions): AsyncGenerator<EmittedLines> {
  const { streams, state = noState, clock, disk } = options;
  const names = streams?.map(({ name }) => name);
  // What is read as a whole each time has no state.
  const again = new Set<string>(streams?.flatMap(({ name, mode }) => (mode === 'full_refresh' ? [name] : [])));
  const kept = Object.entries(state.versions).filter(([name]) => !again.has(name));
  const since: EmitState = { ...state, versions: Object.fromEntries(kept) };
  let emittedAtMs = clock.now();
  let tables: readonly EmittedTable[] = [];
  let records = 0;
  const running = new Set<string>();
  const events = emitArchive(folder, deletedColumn, {
    state: since,
    ...omitUndefined({ tables: names, disk }),
  });
  for await (const event of events) {
    switch (event.kind) {
      case 'tables':
        ({ tables } = event);
        yield betweenStates(tables.map(({ name }) => statusMessage(name, 'STARTED', emittedAtMs)).join(''));
        break;
      case 'whole':
        if (event.isAgain) refuseRemoved(folder, event.table.name);
        break;
      case 'rows': {
        const { table, rows } = event;
        if (!running.has(table.name)) {
          running.add(table.name);
          yield betweenStates(statusMessage(table.name, 'RUNNING', emittedAtMs));
        }
        // Rows that are gone come first, and what is there again in the same run must be the later one.
        emittedAtMs = Math.max(emittedAtMs + 1, clock.now());
        records += rows.length;
        yield betweenStates(recordMessages(table, rows, emittedAtMs));
        break;
      }
      case 'state': {
        const stateful = tables.map(({ name }) => name).filter((name) => !again.has(name));
        yield { lines: stateMessage(event.state, stateful, records), state: event.state };
        records = 0;
        break;
      }
    }
  }
  const clamped = tables.reduce((sum, table) => sum + table.clamped, 0);
  if (clamped > 0) {
    const message = `${clamped} times before the year 1 or after 9999 became the nearest in between`;
    yield betweenStates(line({ type: 'LOG', log: { level: 'WARN', message } }));
  }
  yield betweenStates(tables.map(({ name }) => statusMessage(name, 'COMPLETE', emittedAtMs)).join(''));
}

/**
 * The tables of an archive as the streams of a source.
 *
 * @param tables default: all
 * @throws as emitArchive
 */
export async function airbyteCatalog(folder: string, tables?: readonly TableName[], disk?: Disk): Promise<string> {
  for await (const event of emitArchive(folder, deletedColumn, omitUndefined({ tables, disk }))) {
    if (event.kind === 'tables') return catalogMessage(event.tables);
  }
  return catalogMessage([]);
}

function refuseRemoved(archive: string, table: string): never {
  throw new DifferenceError(
    `Cannot emit what came to "${archive}": rows of the table "${table}" were removed since the state, and nothing names them`,
    {
      hint: 'Refresh the stream in Airbyte and have it remove the old records, or emit without --state, into empty tables',
    },
  );
}
