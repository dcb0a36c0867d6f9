import type { TableName } from '../model/table-name.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { systemClock, type Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import type { EmitState } from './emit/emit-state.ts';
import { betweenStates, type EmittedLines } from './emit/emitted-lines.ts';

/** How rows are written: as a Singer tap does, or as a source of Airbyte. */
export type EmitProtocol = 'singer' | 'airbyte';

/** What a caller asks of emitted lines, and what replaces parts of the environment. */
export interface EmitLinesOptions {
  /** The last one whose lines the target has stored. Default: none, everything is emitted. */
  readonly state?: EmitState;
  /** Default: all that the archive has. */
  readonly tables?: readonly TableName[];
  readonly disk?: Disk;
  /** For the times of Airbyte's records. */
  readonly clock?: Pick<Clock, 'now'>;
  /** `singer`: called with a table that the target may have, and that is emitted as a whole nevertheless. */
  readonly onWhole?: (table: TableName) => void;
  /** `singer`: called at the end with the times that the format `date-time` cannot hold. */
  readonly onClamped?: (values: number) => void;
}

/**
 * What came to an archive since a state, as lines of JSON: SCHEMA of each table (`airbyte`: CATALOG), RECORD of each row that
 * is new, changed or gone, and STATE after each link of the chain. A target that upserts by the keys of the schemas holds what
 * `latest` returns. Changes nothing, and may be left at any point.
 *
 * @param folder that a job names as its output
 * @param options `state`: the last one whose lines the target has stored; `tables`
 * @returns some thousand lines together, and the state behind them
 * @throws UsageError when there is no archive, or not this table; DifferenceError for a state of another archive, for a file
 *   that is not what its manifest says and, in `airbyte`, where rows that the target has were removed and nothing names them.
 *   What came up to the last state is right then, too
 */
export async function* emitLines(
  folder: string,
  protocol: EmitProtocol,
  options: EmitLinesOptions = {},
): AsyncGenerator<EmittedLines> {
  const { clock = systemClock, tables, state, disk } = options;
  switch (protocol) {
    case 'singer': {
      const { emitSinger } = await import('./singer/emit-singer.ts');
      yield* emitSinger(folder, options);
      break;
    }
    case 'airbyte': {
      const { airbyteCatalog, emitAirbyte } = await import('./airbyte/emit-airbyte.ts');
      const streams = tables?.map((name) => ({ name, mode: 'incremental' as const }));
      yield betweenStates(await airbyteCatalog(folder, tables, disk));
      yield* emitAirbyte(folder, { clock, ...omitUndefined({ streams, state, disk }) });
      break;
    }
  }
}
