import { describe, expect, it } from '@jest/globals';
import { BadColumns } from '../../src/parts/bad-columns.ts';
import type { FlatMessage } from '../../src/model/flat-message.ts';
import { messageTables } from '../../src/tables/tables.ts';
import { flattenRaw as flat } from '../support/messages/raw-message.ts';

const counted = (
  messages: readonly FlatMessage[],
  without: readonly string[] = [],
): ReturnType<BadColumns['byTable']> => {
  const tables = messageTables({ md: false, without: new Set(without) });
  const counts = new BadColumns();
  for (const name of ['messages', 'mentions'] as const) counts.note(tables[name], messages);
  return counts.byTable();
};

describe('values of a wrong type by table and column', () => {
  it('are nowhere where all is as it should be', () => {
    expect(counted([flat({}), flat({ tcount: 3 })])).toEqual({});
  });

  it('are counted in the column that lacks them, once per row, and not in those that lack nothing', () => {
    const sender = { _id: 'u1', username: 7, name: 'Jane' };
    expect(counted([flat({ tcount: 'three' }), flat({ tcount: 1.5, u: sender }), flat({ bot: 3 })])).toEqual({
      messages: { thread_count: 2, username: 1, is_bot: 1, bot_id: 1 },
    });
  });

  it('are counted in every table that has a row of the message', () => {
    const mentions = [{ _id: 'u2', username: 'joe', type: 'user' }];
    expect(counted([flat({ tmid: ['x'], mentions })])).toEqual({
      ...{ messages: { thread_id: 1 }, mentions: { thread_id: 1 } },
    });
  });

  it('of a list are counted in lists, which keep the good elements', () => {
    const mentions = [{ _id: 'u2', username: 'joe', type: 'user' }, 'ada'];
    expect(counted([flat({ mentions })])['messages']).toMatchObject({ mention_ids: 1, mention_usernames: 1 });
  });

  it('are not counted in columns that the job drops', () => {
    expect(counted([flat({ tcount: 'three' })], ['thread_count'])).toEqual({});
  });
});
