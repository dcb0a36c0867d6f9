import type { Row } from '../../model/column.ts';
import type { EmittedTable } from '../emit/emitted-table.ts';

/*
 * The messages of one table, as the Singer specification has them, each a line. ACTIVATE_VERSION and the `version` of records
 * are what the first taps and their targets added to it: rows of lower versions are gone.
 *
 * Source: the specification (SPEC.md) in https://github.com/singer-io/getting-started
 */

export function singerSchema(table: EmittedTable): string {
  return `${JSON.stringify({ type: 'SCHEMA', stream: table.name, schema: table.schema(), key_properties: table.keys })}\n`;
}

export function singerVersion({ name }: EmittedTable, version: number): string {
  return `${JSON.stringify({ type: 'ACTIVATE_VERSION', stream: name, version })}\n`;
}

/** @throws UsageError for a row that does not say what it is of */
export function singerRecords(table: EmittedTable, rows: readonly Row[], version: number): string {
  let text = '';
  for (const [at, record] of table.json(rows).entries()) {
    const time = table.finishedAt(rows[at] ?? {});
    const extracted = time === undefined ? '' : `,"time_extracted":"${time}"`;
    text += `{"type":"RECORD","stream":"${table.name}","record":${record},"version":${version}${extracted}}\n`;
  }
  return text;
}
