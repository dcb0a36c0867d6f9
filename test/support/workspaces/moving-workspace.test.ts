import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { withDemoServer } from '../network/demo-client.ts';
import { makeMove, moveBefore, randomMoves } from './moves.ts';
import { MovingWorkspace } from './moving-workspace.ts';
import { createSmallWorkspace, plainMessage, smallRoomId as roomId, smallStartMs } from './small-workspace.ts';
import { quickOrLong } from '../quick-or-long.ts';

const idOf = (at: number): string => plainMessage(at)._id;
const ascending = { roomId, count: 100, sort: '{"ts":1}' };

describe('MovingWorkspace', () => {
  it('knows which messages lived when', () => {
    const moving = new MovingWorkspace(createSmallWorkspace(3));
    moving.remove(roomId, 0);
    const afterFirst = moving.now;
    moving.post(roomId);
    moving.remove(roomId, 0);
    expect(moving.survivors(roomId)).toEqual([idOf(2)]);
    expect(moving.survivors(roomId, 0, 0)).toEqual([idOf(0), idOf(1), idOf(2)]);
    expect(moving.survivors(roomId, afterFirst)).toEqual([idOf(2)]);
    expect(moving.survivors(roomId, moving.now)).toEqual([idOf(2), 'new00000000000001']);
    expect(moving.everAlive(roomId, afterFirst)).toEqual([idOf(1), idOf(2), 'new00000000000001']);
  });

  it('changes what the server tells', async () => {
    const moving = new MovingWorkspace(createSmallWorkspace(5));
    await withDemoServer(moving.workspace, {}, async ({ get }) => {
      const ids = async () => (await get('groups.messages', ascending)).ids;
      moving.prune(roomId, 2);
      moving.insertLate(roomId, smallStartMs + 2_500);
      moving.burst(roomId, 2);
      const made = [1, 2, 3].map((number) => `new${String(number).padStart(14, '0')}`);
      expect(await ids()).toEqual([idOf(2), made[0], idOf(3), idOf(4), made[1], made[2]]);
      moving.edit(roomId, 0);
      expect((await get('groups.messages', ascending)).body['messages']).toMatchObject([
        { _id: idOf(2), msg: 'edited 4' },
        {},
        {},
        {},
        {},
        {},
      ]);
      moving.driftTotal(roomId, 3);
      expect((await get('groups.messages', ascending)).body['total']).toBe(9);
      moving.rename(roomId, 'renamed');
      expect((await get('groups.messages', { roomName: 'renamed' })).status).toBe(200);
      moving.archive(roomId);
      expect((await get('groups.messages', ascending)).body['errorType']).toBe('error-room-archived');
      moving.removeAccess(roomId, sampleLogin.userId);
      expect((await get('groups.messages', ascending)).body['errorType']).toBe('error-room-not-found');
      moving.expireToken(sampleLogin.authToken);
      expect((await get('groups.messages', ascending)).status).toBe(401);
    });
  });

  it('swaps ties by an edit', async () => {
    const ts = '2024-01-01T00:00:09.000Z';
    const moving = new MovingWorkspace(createSmallWorkspace([plainMessage(0, { ts }), plainMessage(1, { ts })]));
    await withDemoServer(moving.workspace, {}, async ({ get }) => {
      expect((await get('groups.messages', ascending)).ids).toEqual([idOf(0), idOf(1)]);
      moving.edit(roomId, 0);
      expect((await get('groups.messages', ascending)).ids).toEqual([idOf(1), idOf(0)]);
    });
  });

  it('makes the plain walk by offset lose messages: what the exporter has to be better than', async () => {
    const moving = new MovingWorkspace(createSmallWorkspace(300));
    const taken = new Set<string>();
    const intercept = moveBefore(moving, roomId, randomMoves(7, 4));
    await withDemoServer(moving.workspace, { intercept }, async ({ get }) => {
      for (let offset = 0, total = 1; offset < total;) {
        const { ids, body } = await get('groups.messages', { ...ascending, count: 10, offset });
        for (const id of ids) taken.add(id);
        offset += ids.length;
        total = Number(body['total']);
      }
    });
    const survivors = moving.survivors(roomId);
    expect(survivors.length).toBeGreaterThan(100);
    expect(survivors.filter((id) => !taken.has(id)).length).toBeGreaterThan(0);
  });

  it('keeps every room in the order of its index, whatever is done to it', () => {
    const moving = new MovingWorkspace(createSmallWorkspace(50));
    const movesOf = randomMoves(3, 20);
    const rounds = quickOrLong(15, 50);
    for (let round = 0; round < rounds; round += 1) {
      for (const move of movesOf()) makeMove(moving, roomId, { cap: 100 }, move);
      const { messages } = moving.room(roomId);
      for (const [at, message] of messages.entries()) {
        const before = messages[at - 1] ?? message;
        expect(before.tsMs - message.tsMs || before.updatedAtMs - message.updatedAtMs).toBeLessThanOrEqual(0);
      }
      expect(messages.map(({ id }) => id).sort()).toEqual(moving.survivors(roomId, moving.now));
    }
  });
});
