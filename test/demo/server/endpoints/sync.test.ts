import { describe, expect, it } from '@jest/globals';
import { storeMessage } from '../../../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../../../src/demo/workspace/workspace.ts';
import { withDemoServer } from '../../../support/network/demo-client.ts';
import {
  createSmallWorkspace,
  plainMessage,
  smallRoomId,
  smallStartMs,
} from '../../../support/workspaces/small-workspace.ts';

const query = { roomId: smallRoomId };
const idOf = (at: number): string => plainMessage(at)._id;
const timeOf = (at: number): string => new Date(smallStartMs + at * 1_000).toISOString();

/** Messages that were edited at these seconds, in order of their `ts`. */
function edited(...seconds: readonly number[]): Workspace {
  return createSmallWorkspace(seconds.map((second, at) => plainMessage(at, { _updatedAt: timeOf(second) })));
}

function remove(workspace: Workspace, at: number, second: number): void {
  workspace.room(smallRoomId)?.remove(idOf(at), smallStartMs + second * 1_000);
}

interface SyncResult {
  readonly updated: readonly { readonly _id: string }[];
  readonly deleted: readonly { readonly _id: string }[];
  readonly cursor?: { readonly next: string | null; readonly previous: string | null };
}

function resultOf(body: Readonly<Record<string, unknown>>): SyncResult {
  return body['result'] as SyncResult;
}

// Each rule is read off apps/meteor/server/publications/messages.ts and server/api/v1/chat.ts.
describe('chat.syncMessages with `lastUpdate`', () => {
  it('returns both lists at once, whatever `count` says, the newest messages first, and no cursor', async () => {
    const workspace = edited(100, 101, 50, 102, 103);
    remove(workspace, 0, 200);
    remove(workspace, 4, 150);
    await withDemoServer(workspace, {}, async ({ get }) => {
      const { body } = await get('chat.syncMessages', { ...query, lastUpdate: timeOf(60), count: 1 });
      expect(body).toEqual({
        result: {
          updated: [plainMessage(3, { _updatedAt: timeOf(102) }), plainMessage(1, { _updatedAt: timeOf(101) })],
          // By `ts`, too, not by when they were deleted.
          deleted: [
            { _id: idOf(4), _deletedAt: timeOf(150) },
            { _id: idOf(0), _deletedAt: timeOf(200) },
          ],
        },
        success: true,
      });
    });
  });
});

describe('chat.syncMessages with a cursor', () => {
  it('pages through what was changed in order of `_updatedAt`, the other list empty, until there is no next', async () => {
    await withDemoServer(edited(10, 40, 20, 30), {}, async ({ get }) => {
      const pages: SyncResult[] = [];
      let next: string | null = '1';
      while (next !== null) {
        const { body } = await get('chat.syncMessages', { ...query, type: 'UPDATED', next, count: 3 });
        pages.push(resultOf(body));
        next = pages.at(-1)?.cursor?.next ?? null;
      }
      expect(pages.map(({ updated }) => updated.map(({ _id }) => _id))).toEqual([[0, 2, 3].map(idOf), [idOf(1)]]);
      expect(pages.map(({ deleted }) => deleted)).toEqual([[], []]);
      expect(pages.map(({ cursor }) => cursor)).toEqual([
        { next: String(Date.parse(timeOf(30))), previous: String(Date.parse(timeOf(10))) },
        { next: null, previous: String(Date.parse(timeOf(40))) },
      ]);
    });
  });

  it('sorts deletions by the last edits of what was deleted, and points behind the last row of that order', async () => {
    const workspace = edited(10, 40, 20, 30);
    // Deleted in the order 0, 1, 2, 3; edited in the order 0, 2, 3, 1.
    [0, 1, 2, 3].forEach((at) => remove(workspace, at, 100 + at));
    await withDemoServer(workspace, {}, async ({ get }) => {
      const page = async (next: string, count: number) =>
        resultOf((await get('chat.syncMessages', { ...query, type: 'DELETED', next, count })).body);
      const first = await page('1', 2);
      expect(first.deleted).toEqual([
        { _id: idOf(0), _deletedAt: timeOf(100) },
        { _id: idOf(2), _deletedAt: timeOf(102) },
      ]);
      expect(first.updated).toEqual([]);
      expect(first.cursor?.next).toBe(String(Date.parse(timeOf(102))));
      // Whoever follows the cursor never hears of message 1.
      const second = await page(String(first.cursor?.next), 2);
      expect(second.deleted.map(({ _id }) => _id)).toEqual([idOf(3)]);
      expect(second.cursor?.next).toBeNull();
      const whole = await page('1', 4);
      expect(whole.deleted.map(({ _id }) => _id)).toEqual([0, 2, 3, 1].map(idOf));
      expect(whole.cursor?.next).toBeNull();
    });
  });

  it('keeps one copy of a message in the trash, also of one that has come back', async () => {
    const workspace = edited(10, 20);
    remove(workspace, 1, 100);
    workspace.room(smallRoomId)?.insert(storeMessage(plainMessage(1, { _updatedAt: timeOf(110) })));
    await withDemoServer(workspace, {}, async ({ get }) => {
      const deletions = async () =>
        resultOf((await get('chat.syncMessages', { ...query, type: 'DELETED', next: '1' })).body).deleted;
      expect(await deletions()).toEqual([{ _id: idOf(1), _deletedAt: timeOf(100) }]);
      remove(workspace, 1, 120);
      expect(await deletions()).toEqual([{ _id: idOf(1), _deletedAt: timeOf(120) }]);
    });
  });

  it('goes backwards with `previous`, the newest first, and to the end of the list with no rows', async () => {
    await withDemoServer(edited(10, 40, 20, 30), {}, async ({ get }) => {
      const sync = async (params: Readonly<Record<string, string | number>>) =>
        resultOf((await get('chat.syncMessages', { ...query, type: 'UPDATED', ...params })).body);
      const back = await sync({ previous: String(Date.parse(timeOf(40))), count: 2 });
      expect(back.updated.map(({ _id }) => _id)).toEqual([idOf(3), idOf(2)]);
      expect(back.cursor).toEqual({
        next: String(Date.parse(timeOf(30))),
        previous: String(Date.parse(timeOf(20))),
      });
      const end = await sync({ next: String(Date.parse(timeOf(40))) });
      expect(end).toEqual({ updated: [], deleted: [], cursor: { next: null, previous: null } });
    });
  });

  it('reads a date in the cursor as the number that it begins with', async () => {
    await withDemoServer(edited(10), {}, async ({ get }) => {
      const { body } = await get('chat.syncMessages', { ...query, type: 'UPDATED', next: '2026-01-01T00:00:00.000Z' });
      expect(resultOf(body).updated).toHaveLength(1);
    });
  });

  it('returns empty lists and no cursor to a type alone, which reads the history and passes nothing on', async () => {
    await withDemoServer(edited(10), {}, async ({ get }) => {
      const { body } = await get('chat.syncMessages', { ...query, type: 'UPDATED' });
      expect(body).toEqual({ result: { updated: [], deleted: [] }, success: true });
    });
  });
});

describe('chat.syncMessages refuses', () => {
  const date = '2024-01-01T00:00:00Z';
  it.each([
    ['nothing to go by', {}, 'error-param-required', 'The "type" or "lastUpdate" parameters must be provided'],
    ['a cursor of no type', { next: '1' }, 'error-param-required', 'The "type" or "lastUpdate" parameters must'],
    ['no date, before it looks at the room', { roomId: 'x', lastUpdate: 'x' }, 'error-lastUpdate-param-invalid', ''],
    ['an unknown room', { roomId: 'x', lastUpdate: date }, 'error-not-allowed', 'Not allowed [error-not-allowed]'],
    ['a cursor beside a date', { lastUpdate: date, next: '1' }, 'error-type-param-required', 'The "type" parameter'],
    [
      'a cursor of a type beside a date',
      { lastUpdate: date, next: '1', type: 'UPDATED' },
      'error-cursor-and-lastUpdate-conflict',
      'The attributes "next", "previous" and "lastUpdate" cannot be used together',
    ],
    [
      'two cursors',
      { next: '1', previous: '1', type: 'UPDATED' },
      'error-cursor-conflict',
      'You cannot provide both "next" and "previous" parameters',
    ],
    ['a cursor that is no number', { next: 'abc', type: 'UPDATED' }, undefined, 'Invalid Date'],
  ])('%s', async (_, params, errorType, error) => {
    await withDemoServer(createSmallWorkspace(1), {}, async ({ get }) => {
      const { status, body } = await get('chat.syncMessages', { ...query, ...params });
      expect(status).toBe(400);
      expect(body['errorType']).toBe(errorType);
      expect(body['error']).toContain(error);
    });
  });

  it('cursors before 7.1, and names a bad date by another code', async () => {
    await withDemoServer(createSmallWorkspace(1), { version: '7.0' }, async ({ get }) => {
      const cursor = await get('chat.syncMessages', { ...query, lastUpdate: date, type: 'UPDATED' });
      expect(cursor.body['error']).toContain('must NOT have additional properties');
      const bad = await get('chat.syncMessages', { ...query, lastUpdate: 'x' });
      expect(bad.body['errorType']).toBe('error-roomId-param-invalid');
    });
  });
});
