import { describe, expect, it } from '@jest/globals';
import { loginUser, people } from '../../../src/demo/sample/people.ts';
import { withDemoServer } from '../../support/network/demo-client.ts';
import { createSmallWorkspace, plainMessage, smallRoomId as roomId } from '../../support/workspaces/small-workspace.ts';

const ascending = '{"ts":1}';
const idOf = (at: number): string => plainMessage(at)._id;

describe('paging', () => {
  it.each([
    ['50 rows when no count is asked for', {}, 50],
    ['no more than the cap, without a word', { count: 5000 }, 100],
    ['what is asked for below the cap', { count: 7 }, 7],
    ['everything for count=0', { count: 0 }, 250],
    ['whole rows for a fraction', { count: '1.5' }, 1],
    ['the rest on the last page', { count: 100, offset: 200 }, 50],
    ['nothing past the end', { count: 100, offset: 250 }, 0],
    ['nothing far past the end', { count: 100, offset: 99_999 }, 0],
  ])('gives %s', async (_, query, rows) => {
    await withDemoServer(createSmallWorkspace(250), {}, async ({ get }) => {
      const { status, body, ids } = await get('groups.messages', { roomId, ...query });
      expect(status).toBe(200);
      expect(ids).toHaveLength(rows);
      const { messages, ...rest } = body;
      expect(messages).toBeDefined();
      expect(rest).toEqual({ count: rows, offset: 'offset' in query ? query.offset : 0, total: 250, success: true });
      expect(Object.keys(body)).toEqual(['messages', 'count', 'offset', 'total', 'success']);
    });
  });

  it('gives the default page for count=0 when infinite counts are off, and follows a cap that changes', async () => {
    await withDemoServer(createSmallWorkspace(250), { allowInfiniteCount: false }, async ({ get, served }) => {
      expect((await get('groups.messages', { roomId, count: 0 })).ids).toHaveLength(50);
      served.rules.cap = 7;
      expect((await get('groups.messages', { roomId, count: 100 })).ids).toHaveLength(7);
    });
  });

  it('refuses numbers that no database could take', async () => {
    await withDemoServer(createSmallWorkspace(5), { version: '6.13' }, async ({ get }) => {
      expect((await get('groups.messages', { roomId, offset: -1 })).status).toBe(400);
      expect((await get('groups.messages', { roomId, count: 'abc' })).status).toBe(400);
    });
  });

  it('shows a total that disagrees with the list when rows come and go meanwhile', async () => {
    const workspace = createSmallWorkspace(5);
    const room = workspace.room(roomId);
    if (room) room.totalDrift = -2;
    await withDemoServer(workspace, {}, async ({ get }) => {
      expect((await get('groups.messages', { roomId })).body).toMatchObject({ count: 5, total: 3 });
    });
  });
});

describe('order', () => {
  const tie = '2024-01-01T00:00:01.000Z';
  const rows = [
    plainMessage(0),
    plainMessage(1, { ts: tie, _updatedAt: '2024-01-03T00:00:00.000Z', n: 2 }),
    plainMessage(2, { ts: tie, _updatedAt: '2024-01-02T00:00:00.000Z', n: 'text' }),
    plainMessage(3, { ts: tie, _updatedAt: '2024-01-04T00:00:00.000Z' }),
    plainMessage(4, { n: 1 }),
  ];

  it.each([
    ['newest first by default', undefined, [4, 3, 1, 2, 0]],
    ['ties of ts by _updatedAt, as the index has them', ascending, [0, 2, 1, 3, 4]],
    ['ties backwards when the index is read backwards', '{"ts":-1}', [4, 3, 1, 2, 0]],
    ['by _id', '{"_id":-1}', [4, 3, 2, 1, 0]],
    ['by several fields', '{"ts":1,"_id":1}', [0, 1, 2, 3, 4]],
    ['by any field, the missing first, numbers before text', '{"n":1,"_id":1}', [0, 3, 4, 1, 2]],
    ['by a path', '{"u.username":1,"ts":-1,"_id":1}', [4, 1, 2, 3, 0]],
    ['in index order for an empty sort document', '{}', [0, 2, 1, 3, 4]],
  ])('sorts %s', async (_, sort, expected) => {
    await withDemoServer(createSmallWorkspace(rows), {}, async ({ get }) => {
      const { ids } = await get('groups.messages', { roomId, ...(sort === undefined ? {} : { sort }) });
      expect(ids).toEqual(expected.map(idOf));
    });
  });

  it('pages newest first without gaps', async () => {
    await withDemoServer(createSmallWorkspace(25), { cap: 10 }, async ({ get }) => {
      const pages = await Promise.all(
        [0, 10, 20].map((offset) => get('groups.messages', { roomId, count: 10, offset })),
      );
      expect(pages.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 25 }, (__, at) => idOf(24 - at)));
    });
  });
});

describe('what a row shows', () => {
  const other = people[1]?._id ?? '';
  const rows = [
    plainMessage(0, { e2e: 'done', importIds: ['x'], starred: [{ _id: other }, { _id: loginUser._id }] }),
    plainMessage(1, { mentions: [{ _id: loginUser._id, username: loginUser.username }], starred: [{ _id: other }] }),
    plainMessage(2, { mentions: [{ _id: 'all', username: 'all' }], pinned: true }),
    plainMessage(3, {
      _hidden: true,
      parent: idOf(2),
      mentions: [{ _id: loginUser._id, username: loginUser.username }],
    }),
  ];

  it('is projected and shows only my own star in groups.messages', async () => {
    await withDemoServer(createSmallWorkspace(rows), {}, async ({ get }) => {
      const { body } = await get('groups.messages', { roomId, sort: ascending });
      const [first, second] = body['messages'] as Record<string, unknown>[];
      expect(first).toEqual({ ...plainMessage(0), starred: [{ _id: loginUser._id }] });
      expect(second).toMatchObject({ starred: [] });
    });
  });

  it('is the whole document in chat.getMentionedMessages, of mentions of my name and nothing else', async () => {
    await withDemoServer(createSmallWorkspace(rows), {}, async ({ get }) => {
      const { body } = await get('chat.getMentionedMessages', { roomId });
      expect(body).toEqual({ messages: [rows[1]], count: 1, offset: 0, total: 1, success: true });
    });
  });

  it.each([
    ['7.13', 4],
    ['8.0', 3],
  ])('may be an edit-history clone before 8.0: %s gives %i rows', async (version, count) => {
    await withDemoServer(createSmallWorkspace(rows), { version }, async ({ get }) => {
      expect((await get('groups.messages', { roomId })).body['total']).toBe(count);
    });
  });

  it.each([
    [{ mentionIds: loginUser._id }, [1]],
    [{ mentionIds: `all,${loginUser._id}` }, [1, 2]],
    [{ starredIds: other }, [0, 1]],
    [{ pinned: 'true' }, [2]],
    [{ pinned: 'false' }, [0, 1, 2]],
    [{ pinned: 'true', starredIds: other }, []],
  ])('is selected by %j since 7.0', async (filter, expected) => {
    await withDemoServer(createSmallWorkspace(rows), {}, async ({ get, served }) => {
      const query = { roomId, sort: ascending, ...filter };
      expect((await get('groups.messages', query)).ids).toEqual(expected.map(idOf));
      served.rules.version = '6.13';
      expect((await get('groups.messages', query)).ids).toHaveLength(4);
    });
  });
});
