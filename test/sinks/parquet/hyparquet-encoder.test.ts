import { describe, expect, it } from '@jest/globals';
import { createParquetSink } from '../../../src/sinks/parquet/parquet.ts';
import { messageTables } from '../../../src/tables/tables.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { countingDisk } from '../../support/disk/counting-disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { bare, sample } from '../../support/messages/sample-message.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const limits = { rows: 64, sizeBytes: Infinity };
const tables = Object.values(messageTables({ md: true })).map((table) => [table.name, table] as const);

/** Of every kind that follows another: something in every column, nothing in most, and some in between. */
const messages = Array.from({ length: 300 }, (_, index): FlatMessage => {
  const own = { id: `m${index}`, ts: new Date(index * 1000) };
  if (index % 11 === 0) return { ...sample, ...own };
  if (index % 7 === 0) return { ...bare, ...own, mentions: sample.mentions };
  return index % 5 === 0 ? { ...bare, ...own, attachments: sample.attachments, msg: '' } : { ...bare, ...own };
});

describe('openHyparquetEncoder', () => {
  const pathOf = temporaryFolder();

  // The tables of messages have the same columns, some more.
  const some = tables.filter(([name]) => !['mentioned_messages', 'message_versions'].includes(name));
  it.each(quickOrLong(some, tables))(
    'makes the same bytes of messages in %s as of rows made of them',
    async (_, table) => {
      const sink = createParquetSink({ format: 'parquet', compression: 'none' }, countingDisk(), limits);
      const schema = { table: table.name, columns: table.columns, metadata: {} };
      const [byRows, byCells] = [await sink.open(pathOf('rows'), schema), await sink.open(pathOf('cells'), schema)];
      await byRows.write(table.rows(messages));
      for (let from = 0; from < messages.length; from += 70) {
        await byCells.writeFrom?.(table.batch(messages.slice(from, from + 70)));
      }
      const written = await byRows.close();
      expect(written.rows).toBeGreaterThan(0);
      expect(await byCells.close()).toEqual(written);
    },
  );
});
