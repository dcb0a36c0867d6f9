import type { Row } from '../../model/column.ts';
import type { JsonSchema } from '../../tables/json-schema.ts';
import type { EmitState } from '../emit/emit-state.ts';
import type { EmittedTable } from '../emit/emitted-table.ts';

/*
 * Messages of the Airbyte Protocol, version 0, each a line.
 *
 * Source: protocol-models/src/main/resources/airbyte_protocol/v0/airbyte_protocol.yaml in
 * https://github.com/airbytehq/airbyte-protocol
 */

/** The column that destinations take for the mark of a row that is gone, as sources that follow a database's log have it. */
export const deletedColumn = '_ab_cdc_deleted_at';

type StreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

export function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** Streams by what tells their rows apart, and by the run that brought a row: of two the later one counts. */
export function catalogMessage(tables: readonly EmittedTable[]): string {
  const streams = tables.map((table) => ({
    name: table.name,
    json_schema: withTimeTypes(table.schema()),
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: ['run'],
    source_defined_primary_key: table.keys.map((key) => [key]),
  }));
  return line({ type: 'CATALOG', catalog: { streams } });
}

/**
 * @param emittedAtMs of two records of one key and one run destinations take the later one
 * @throws UsageError for a row that does not say what it is of
 */
export function recordMessages(table: EmittedTable, rows: readonly Row[], emittedAtMs: number): string {
  let text = '';
  for (const data of table.json(rows)) {
    text += `{"type":"RECORD","record":{"stream":"${table.name}","data":${data},"emitted_at":${emittedAtMs}}}\n`;
  }
  return text;
}

/** @param records since the state before */
export function stateMessage(
  { run, manifest_sha256, versions }: EmitState,
  streams: readonly string[],
  records: number,
): string {
  const global = {
    shared_state: { run, manifest_sha256 },
    stream_states: streams.flatMap((name) => {
      const version = versions[name];
      return version === undefined ? [] : [{ stream_descriptor: { name }, stream_state: { version } }];
    }),
  };
  // With a decimal point, which JSON.stringify leaves out: readers take it for a double.
  return `{"type":"STATE","state":{"type":"GLOBAL","global":${JSON.stringify(global)},"sourceStats":{"recordCount":${records}.0}}}\n`;
}

export function statusMessage(name: string, status: StreamStatus, emittedAtMs: number): string {
  const streamStatus = { stream_descriptor: { name }, status };
  return line({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: emittedAtMs, stream_status: streamStatus },
  });
}

/** Destinations make columns of their own type for times only where they are marked so. */
function withTimeTypes(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  const typed = Object.entries(typeof properties === 'object' ? { ...properties } : {}).map(
    ([name, property]: [string, unknown]): [string, unknown] => [
      name,
      isTime(property) ? { ...property, airbyte_type: 'timestamp_with_timezone' } : property,
    ],
  );
  return { ...schema, properties: Object.fromEntries(typed) };
}

function isTime(property: unknown): property is { readonly format: 'date-time' } {
  return typeof property === 'object' && property !== null && 'format' in property && property.format === 'date-time';
}
