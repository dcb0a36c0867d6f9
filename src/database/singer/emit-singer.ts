import type { TableName } from '../../model/table-name.ts';
import { emitArchive, type EmitOptions } from '../emit/emit-archive.ts';
import { betweenStates, type EmittedLines } from '../emit/emitted-lines.ts';
import type { EmittedTable } from '../emit/emitted-table.ts';
import { singerRecords, singerSchema, singerVersion } from './singer-messages.ts';

export interface SingerOptions extends EmitOptions {
  /** Called with a table that the target may have, and that is emitted as a whole nevertheless. */
  readonly onWhole?: (table: TableName) => void;
  /** Called at the end with the times that the format `date-time` cannot hold. */
  readonly onClamped?: (values: number) => void;
}

/**
 * What came to an archive since a state, as messages of the Singer specification: SCHEMA of each table, then RECORD and STATE,
 * see emitArchive.
 *
 * @throws as emitArchive
 */
export async function* emitSinger(folder: string, options: SingerOptions = {}): AsyncGenerator<EmittedLines> {
  let tables: readonly EmittedTable[] = [];
  // What targets take for the mark of a row that is gone.
  for await (const event of emitArchive(folder, '_sdc_deleted_at', options)) {
    switch (event.kind) {
      case 'tables':
        ({ tables } = event);
        yield betweenStates(tables.map(singerSchema).join(''));
        break;
      case 'whole':
        if (event.isAgain) options.onWhole?.(event.table.name);
        // Before the rows: some targets remove those of this very version, too (Meltano SDK, SQLSink.activate_version).
        yield betweenStates(singerVersion(event.table, event.version));
        break;
      case 'rows':
        yield betweenStates(singerRecords(event.table, event.rows, event.version));
        break;
      case 'state':
        yield { lines: `${JSON.stringify({ type: 'STATE', value: event.state })}\n`, state: event.state };
        break;
    }
  }
  const clamped = tables.reduce((sum, table) => sum + table.clamped, 0);
  if (clamped > 0) options.onClamped?.(clamped);
}
