import { describe, expect, it } from '@jest/globals';
import { rereadHistory } from '../../../src/extract/history/reread-history.ts';
import { walkHistory } from '../../../src/extract/history/walk-history.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { expectHeals, firstRun, rereadRows, type HealingReader } from '../../support/workspaces/healing-list.ts';
import { MovingList, quietRules, seededRandom } from '../../support/workspaces/moving-list.ts';
import { takeRows } from '../../support/workspaces/taken-rows.ts';

const pageSize = 20;

const reader: HealingReader = {
  walk: (list, cursor) => takeRows(walkHistory(list.fetchHistory, { cursor, pageSize })),
  reread: async (list, { holes, cursor }, known) => {
    const { ids, ...left } = await rereadRows(rereadHistory(list.fetchHistory, holes, { ...cursor, pageSize }));
    // Where a row beside the hole is gone, rows of its millisecond come that earlier runs took, or another hole showed.
    return { ids: [...new Set(ids)].filter((id) => !known.has(id)), ...left };
  },
};

describe('rereadHistory', () => {
  it('takes what can be read by now exactly once, beside what cannot, though rows came and went, and keeps the rest', () =>
    expectHeals(reader, fromTheBeginning));

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quietRules, cap: 20, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const first = await firstRun(reader, list, fromTheBeginning);
    const reread = async (): Promise<readonly string[]> => {
      const kinds = [];
      for await (const { kind } of rereadHistory(list.fetchHistory, first.holes, { ...first.cursor, pageSize })) {
        kinds.push(kind);
      }
      return kinds;
    };
    list.requests = 0;
    expect(await reread()).toEqual(['hole']);
    expect(list.requests).toBeLessThan(10);
    Object.assign(list.rows[40] ?? {}, { bad: false });
    list.requests = 0;
    expect(await reread()).toEqual(['filled']);
    expect(list.requests).toBe(1);
  });
});
