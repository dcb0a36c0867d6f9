import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../src/model/column.ts';
import type { SinkOptions } from '../../src/model/sink-options.ts';
import { latest, tableToCopy } from '../../src/snapshot/latest.ts';
import type { RowSelection } from '../../src/snapshot/selection/row-selection.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { fixtureRow, publishFixture } from '../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const day = (date: number): Date => new Date(Date.UTC(2026, 0, date));

function message(id: string, run: number, fields: Row = {}): Row {
  return fixtureRow('messages', {
    ...{ message_id: id, room_id: 'r1', room_name: 'ops', user_id: 'u1', username: 'ann', ts: day(1) },
    ...{ msg: `${id}@${run}`, op: 'upsert', run, ...fields },
  });
}

/** `b` is edited, `d` deleted; an older program wrote `e` twice in one run, of which the last counts. */
const runs = [
  {
    messages: {
      first: [
        message('a', 1),
        message('b', 1, { user_id: 'u2', username: 'bob', ts: day(2) }),
        message('c', 1, { room_id: 'r2', room_name: 'general', ts: day(3) }),
        message('d', 1, { ts: day(3) }),
        message('e', 1, { room_id: 'r2', ts: day(4) }),
        message('e', 1, { room_id: 'r1', ts: day(4) }),
      ],
    },
  },
  {
    messages: {
      revising: [
        message('b', 2, { user_id: 'u2', username: 'bob', ts: day(2) }),
        message('d', 2, { op: 'delete', msg: null, user_id: null, ts: day(3) }),
      ],
    },
  },
];

const withArchive = (format: SinkOptions['format'], test: (archive: string) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    const sinks = [{ format } as SinkOptions];
    await publishFixture(
      nodeDisk,
      archive,
      runs.map((tables) => ({ tables, sinks })),
    );
    await test(archive);
  });

const allSelections: readonly (readonly [RowSelection, string])[] = [
  [{}, 'a@1 b@2 c@1 e@1'],
  [{ rooms: ['r1'] }, 'a@1 b@2 e@1'],
  [{ rooms: ['r2'] }, 'c@1'],
  [{ users: ['bob'] }, 'b@2'],
  [{ since: '2026-01-02' }, 'b@2 c@1 e@1'],
  [{ since: '2026-01-02', until: '2026-01-03', rooms: ['ops'] }, 'b@2'],
  [{ until: '2025-01-01' }, ''],
];
const selections = allSelections.filter((_, at) => at % quickOrLong(2, 1) === 0);

describe('the selected current rows of an archive', () => {
  it.each<[SinkOptions['format']]>([['parquet'], ['jsonl']])('are the same in %s', async (format) => {
    await withArchive(format, async (archive) => {
      for (const [selection, expected] of selections) {
        const rows: Row[] = [];
        for await (const batch of (await latest(archive, selection)).rows) rows.push(...batch);
        const found = rows.flatMap(({ msg }) => (typeof msg === 'string' ? [msg] : [])).sort();
        expect([selection, found.join(' ')]).toEqual([selection, expected]);
      }
    });
  });

  it('are copied from Parquet as they lie there, and not read row by row', async () => {
    await withArchive('parquet', async (archive) => {
      for (const [selection, expected] of selections) {
        const kept: number[] = [];
        for await (const piece of (await tableToCopy(archive, selection)).pieces) {
          expect(piece.kind).toBe('stored');
          if (piece.kind === 'stored') kept.push(piece.rows.keptRows());
        }
        const rows = kept.reduce((sum, one) => sum + one, 0);
        expect([selection, rows]).toEqual([selection, expected === '' ? 0 : expected.split(' ').length]);
      }
    });
  });
});
