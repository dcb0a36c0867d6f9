import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { benchMessageId, benchRoomId } from '../../../src/demo/bench/bench-message.ts';
import { createBenchWorkspace } from '../../../src/demo/bench/bench-workspace.ts';
import { isoTime } from '../../../src/demo/workspace/iso-time.ts';
import { withDemoServer } from '../../support/network/demo-client.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('createBenchWorkspace', () => {
  it('serves messages that differ in id, are in order, and read as their documents do', async () => {
    const workspace = createBenchWorkspace(2_000);
    const room = workspace.room(benchRoomId);
    await withDemoServer(workspace, { allowInfiniteCount: true }, async ({ get }) => {
      const { body, ids } = await get('groups.messages', { roomId: benchRoomId, count: 0, sort: '{"ts":1}' });
      const messages = body['messages'] as { ts: string; rid: string }[];
      expect(new Set(ids).size).toBe(2_000);
      expect(new Set(messages.map(({ rid }) => rid))).toEqual(new Set([benchRoomId]));
      const times = messages.map(({ ts }) => ts);
      expect(times).toEqual([...times].sort());
      expect(new Set(times).size).toBe(1_960);
      for (const message of room?.messages.slice(0, 200) ?? []) {
        expect(JSON.parse(Buffer.from(message.bytes(), 'latin1').toString())).toEqual(message.document());
      }
    });
  });

  it('shares the messages out among rooms, each with its own', async () => {
    await withDemoServer(createBenchWorkspace(2_000, 100), {}, async ({ get }) => {
      const { body: list } = await get('rooms.get');
      const rooms = list['update'] as { _id: string; msgs: number }[];
      expect(rooms.map(({ msgs }) => msgs)).toEqual(rooms.map(() => 20));
      const found = await Promise.all(
        rooms.map(async ({ _id: roomId }) => {
          const { body, ids } = await get('groups.messages', { roomId });
          expect((body['messages'] as { rid: string }[]).every(({ rid }) => rid === roomId)).toBe(true);
          return ids;
        }),
      );
      expect(new Set(found.flat()).size).toBe(2_000);
    });
  });

  longIt('has mentions of the login', async () => {
    await withDemoServer(createBenchWorkspace(2_000), {}, async ({ get }) => {
      const { body } = await get('chat.getMentionedMessages', { roomId: benchRoomId });
      expect(body['total']).toBeGreaterThan(20);
    });
  });

  it('gives every message of a million an id of its own', () => {
    const messages = quickOrLong(100_000, 1_000_000);
    const ids = new Set<string>();
    for (let at = 0; at < messages; at += 1) ids.add(benchMessageId(at));
    expect(ids.size).toBe(messages);
    expect([...ids].slice(0, 100).every((id) => /^[a-zA-Z0-9]{17}$/.test(id))).toBe(true);
  });
});

describe('isoTime', () => {
  it('writes what toISOString writes', () => {
    const ms = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
    fc.assert(fc.property(ms, (time) => expect(isoTime(time)).toBe(new Date(time).toISOString())));
  });
});
