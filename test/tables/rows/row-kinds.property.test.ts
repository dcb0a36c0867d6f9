import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { anyKind, batchOfRows } from '../../../src/model/row-batch.ts';
import { parseJsonText } from '../../../src/model/json/parse-json-text.ts';
import { parseMessage } from '../../../src/model/message.ts';
import { csvLines } from '../../../src/sinks/csv/csv-lines.ts';
import { jsonLines } from '../../../src/sinks/jsonl/json-lines.ts';
import type { RowLines } from '../../../src/sinks/row-lines.ts';
import { messageTables, type MessageTable } from '../../../src/tables/tables.ts';
import { flatten } from '../../../src/transforms/flatten.ts';
import { tombstone } from '../../../src/transforms/tombstone.ts';
import { context } from '../../support/messages/raw-message.ts';
import { bare, sample } from '../../support/messages/sample-message.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const tables = messageTables({ md: true });
const dialect = { delimiter: ',', excelSafe: false };
const formats = {
  jsonl: jsonLines,
  csv: (columns: MessageTable['columns']) => csvLines(columns, dialect),
};
const fields = Object.keys(sample) as (keyof FlatMessage)[];

/** A message with some fields of a full one, or of one that is gone, and the others of a bare one. */
const mixed: fc.Arbitrary<FlatMessage> = fc
  .record({ taken: fc.subarray(fields), isGone: fc.boolean(), only: fc.option(fc.constantFrom(...fields)) })
  .map(({ taken, isGone, only }) => {
    const other = isGone ? tombstone({ id: 'm9', tsMs: 5, deletedMs: 7 }, context) : sample;
    const names = only === null ? taken : [only];
    return { ...bare, ...Object.fromEntries(names.map((name) => [name, other[name]])) };
  });

function linesByKind(table: MessageTable, lines: RowLines, messages: readonly FlatMessage[]): readonly string[] {
  const batch = table.batch(messages);
  return Array.from({ length: batch.length }, (_, at) => lines.row(batch, at));
}

function linesOfRows(table: MessageTable, lines: RowLines, messages: readonly FlatMessage[]): readonly string[] {
  const rows = table.rows(messages);
  const batch = batchOfRows(rows, table.columns, anyKind(table.columns));
  return rows.map((_, at) => lines.row(batch, at));
}

function expectSameLines(messages: readonly FlatMessage[]): void {
  for (const table of Object.values(tables)) {
    for (const linesFor of Object.values(formats)) {
      expect(linesByKind(table, linesFor(table.columns), messages)).toEqual(
        linesOfRows(table, linesFor(table.columns), messages),
      );
    }
  }
}

describe('rows by their kind', () => {
  it('are the same, byte by byte, as rows made cell by cell, whichever fields a message has', () => {
    fc.assert(
      fc.property(fc.array(mixed, { minLength: 1, maxLength: 8 }), (messages) => {
        expectSameLines(messages);
      }),
      { numRuns: quickOrLong(30, 300) },
    );
  });

  it('are the same of every message of the demo workspace', () => {
    const messages = createSampleWorkspace().rooms.flatMap((room) =>
      room.messages
        .filter((_, at) => at % quickOrLong(24, 1) === 0)
        .map((message) =>
          flatten(parseMessage(parseJsonText(JSON.stringify(message.document()))), { ...context, roomId: room.id }),
        ),
    );
    expectSameLines(messages);
  });

  it('leave few columns of an ordinary message to be read', () => {
    const batch = tables.messages.batch([{ ...bare, msg: 'hi', text: 'hi' }]);
    const { varying } = batch.kind(0);
    expect(varying.length).toBeLessThan(tables.messages.columns.length / 3);
    expect(varying.map((at) => tables.messages.columns[at]?.name)).toContain('msg');
  });

  it('are cut out of a batch as a list is', () => {
    const messages = ['a', 'b', 'c', 'd'].map((id) => ({ ...bare, id }));
    const part = tables.messages.batch(messages).slice(1, 3);
    expect(part.rows().map((row) => row['message_id'])).toEqual(['b', 'c']);
    expect([part.length, part.value(0, 1)]).toEqual([2, 'c']);
    expect(() => part.value(0, 2)).toThrow(RangeError);
  });
});
