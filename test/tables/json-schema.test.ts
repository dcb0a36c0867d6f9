import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { jsonLines } from '../../src/sinks/jsonl/json-lines.ts';
import { anyKind, batchOfRows } from '../../src/model/row-batch.ts';
import type { ColumnSpec, Row } from '../../src/model/column.ts';
import { type JsonSchema, tableJsonSchema } from '../../src/tables/json-schema.ts';
import { messageTables, roomsTable } from '../../src/tables/tables.ts';
import { bare, sample } from '../support/messages/sample-message.ts';

const tables = Object.values(messageTables({ md: true }));

/** As it stands in a JSONL file. */
function written(row: Row | undefined, columns: readonly ColumnSpec[]): Record<string, unknown> {
  const batch = batchOfRows([row ?? {}], columns, anyKind(columns));
  return JSON.parse(jsonLines(columns).row(batch, 0)) as Record<string, unknown>;
}

function accepts(schema: JsonSchema, value: unknown): boolean {
  return z.fromJSONSchema({ ...schema }).safeParse(value).success;
}

describe('tableJsonSchema', () => {
  it.each(tables.map((table) => [table.name, table] as const))('accepts the rows of %s', (_, table) => {
    const schema = tableJsonSchema(table);
    const rows = table.rows([sample, bare]);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(accepts(schema, written(row, table.columns))).toBe(true);
  });

  it('refuses a missing column, one too many, a wrong type and null where no null is', () => {
    const [messages] = tables;
    if (messages === undefined) throw new Error('Expected a table');
    const schema = tableJsonSchema(messages);
    const row = written(messages.rows([sample])[0], messages.columns);
    const { text, ...withoutText } = row;
    expect(text).toBe('hi');
    expect(accepts(schema, withoutText)).toBe(false);
    expect(accepts(schema, { ...row, more: 1 })).toBe(false);
    expect(accepts(schema, { ...row, thread_count: 'four' })).toBe(false);
    expect(accepts(schema, { ...row, message_id: null })).toBe(false);
    expect(accepts(schema, { ...row, reactions: [{ emoji: ':x:', count: 1 }] })).toBe(false);
    expect(accepts(schema, { ...row, links: [null] })).toBe(false);
  });

  it('says what a table and its columns mean', () => {
    expect(tableJsonSchema(roomsTable)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'rooms',
      description: roomsTable.meaning,
      properties: {
        archived: { type: ['boolean', 'null'], description: 'Whether it is closed to new messages.' },
        last_message_at: { type: ['string', 'null'], format: 'date-time' },
      },
    });
  });
});
