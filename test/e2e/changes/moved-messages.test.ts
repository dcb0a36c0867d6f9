import { describe, expect, it } from '@jest/globals';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import { jsonReply } from '../../../src/demo/server/reply.ts';
import { send } from '../../../src/demo/server/server.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import {
  mentionOfTheLogin,
  timeOf,
  withChangingArchive,
  type ChangingArchive,
} from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const twoRooms = [
  { id: 'alpha', type: 'p', name: 'alpha' },
  { id: 'beta', type: 'p', name: 'beta' },
] as const;

/** Far behind the newest message of both rooms, so that no walk of a later run brings what is posted with an old date. */
async function talkOn(archive: ChangingArchive): Promise<void> {
  for (const room of ['alpha', 'beta']) archive.post(`later-in-${room}`, 90_000, {}, room);
  await archive.run(91_000);
}

const job = {
  extract: [{ endpoint: 'groups.messages' as const, rooms: ['*'] }],
  transform: { tables: ['messages', 'rooms'] as const },
  sinks: [{ format: 'jsonl' as const }],
};

describe('a message that is deleted in one room and posted in another', () => {
  const ways = [
    ['the first room to the second', 'alpha', 'beta'],
    ['the second room to the first', 'beta', 'alpha'],
  ] as const;
  it.each(quickOrLong(ways.slice(1), [...ways]))(
    'has one row per run, and stands where it was posted: from %s',
    (_, from, to) =>
      withChangingArchive(
        '8.8',
        job,
        async (archive) => {
          archive.remove(`${from}-3`, 100, from);
          // With its old date, so that no walk brings it.
          archive.post(`${from}-3`, 3, { _updatedAt: timeOf(101) }, to);
          const second = await archive.rows(await archive.run(2_000));
          const moved = second.filter(({ message_id }) => message_id === `${from}-3`);
          expect(moved.map(({ op, room_id }) => [op, room_id])).toEqual([['upsert', to]]);
          // The deletion is looked at once more, and is none.
          expect(await archive.rows(await archive.run(3_000))).toEqual([]);

          const rooms: unknown[] = [];
          for await (const batch of (await currentTable(nodeDisk, archive.job().output, 'messages')).rows) {
            rooms.push(...batch.filter(({ message_id }) => message_id === `${from}-3`).map(({ room_id }) => room_id));
          }
          expect(rooms).toEqual([to]);
        },
        twoRooms,
      ),
  );

  const readOnceMore = [
    ['its old room', 'alpha'],
    ['both rooms', 'alpha beta'],
    ['its new room', 'beta'],
    ['neither room', 'none'],
  ] as const;
  it.each(quickOrLong(readOnceMore.slice(0, 1), [...readOnceMore]))(
    'stands where it was posted that very night though %s is read once more instead',
    (_, refused) =>
      withChangingArchive(
        '8.8',
        job,
        async (archive) => {
          await talkOn(archive);
          for (const room of ['alpha', 'beta']) archive.post(`news-of-${room}`, 92_000, {}, room);
          archive.remove('alpha-3', 93_000, 'alpha');
          archive.post('alpha-3', 3, { _updatedAt: timeOf(93_001) }, 'beta');
          archive.served.rules.intercept = ({ endpoint, params, response }) => {
            if (endpoint !== 'chat.syncMessages' || !refused.split(' ').includes(String(params['roomId'])))
              return false;
            send(
              response,
              jsonReply(400, { success: false, error: '[error-not-allowed]', errorType: 'error-not-allowed' }),
            );
            return true;
          };
          const rows = await archive.rows(await archive.run(94_000));
          expect(rows.filter(({ message_id }) => message_id === 'alpha-3')).toMatchObject([
            { op: 'upsert', room_id: 'beta' },
          ]);
        },
        twoRooms,
      ),
  );

  it.each(quickOrLong(ways.slice(0, 1), [...ways]))(
    'is gone on the night after it was deleted where it was posted: moved from %s',
    (_, from, to) =>
      withChangingArchive(
        '8.8',
        job,
        async (archive) => {
          archive.remove(`${from}-3`, 2_000, from);
          archive.post(`${from}-3`, 3, { _updatedAt: timeOf(2_001) }, to);
          for (const room of ['alpha', 'beta']) archive.post(`news-of-${room}`, 2_002, {}, room);
          await archive.run(3_000);
          archive.remove(`${from}-3`, 4_000, to);
          for (const room of ['alpha', 'beta']) archive.post(`more-of-${room}`, 4_001, {}, room);
          const rows = await archive.rows(await archive.run(5_000));
          expect(rows.filter(({ message_id }) => message_id === `${from}-3`)).toMatchObject([
            { op: 'delete', room_id: to },
          ]);
        },
        twoRooms,
      ),
  );

  const restored = [
    ['though nobody noticed', true],
    ['also when only that room was noticed, and is compared', false],
  ] as const;
  it.each(quickOrLong(restored.slice(0, 1), [...restored]))(
    'is gone when it is deleted in the room that a restored backup has brought it back to, %s',
    (_, isUnnoticed) =>
      withChangingArchive(
        '8.8',
        { ...job, transform: { tables: ['messages', 'reactions'] } },
        async (archive) => {
          const reactions = { ':wave:': { usernames: ['leila.h'] } };
          await talkOn(archive);
          archive.post('moved', 3, { reactions, _updatedAt: timeOf(92_000) }, 'beta');
          await archive.run(93_000);
          // Away without a trace in the trash, and back where the backup has it.
          archive.remove('moved', 0, 'beta');
          archive.post('moved', 3, { reactions }, 'alpha');
          // The lengths of the lists stay what they were.
          archive.post('beta-quiet', 4, {}, 'beta');
          if (isUnnoticed) archive.remove('alpha-5', 0, 'alpha');
          for (const room of ['alpha', 'beta']) archive.post(`news-of-${room}`, 94_000, {}, room);
          await archive.run(95_000);
          archive.remove('moved', 98_000, 'alpha');
          const next = await archive.run(99_000);
          const manifest = isUnnoticed ? next : await archive.run(100_000);
          for (const table of ['messages', 'reactions']) {
            expect(await archive.rows(manifest, table)).toMatchObject([
              { message_id: 'moved', op: 'delete', room_id: 'beta' },
            ]);
          }
        },
        twoRooms,
      ),
  );

  longIt('has no row left of the reactions, mentions and links that it lost on its way', () =>
    withChangingArchive(
      '8.8',
      {
        ...job,
        extract: [...job.extract, { endpoint: 'chat.getMentionedMessages', rooms: ['*'] }],
        transform: { tables: ['messages', 'mentioned_messages', 'reactions', 'mentions'] },
      },
      async (archive) => {
        const fields = { reactions: { ':wave:': { usernames: ['leila.h'] } }, mentions: mentionOfTheLogin };
        await talkOn(archive);
        archive.post('moved', 3, { ...fields, _updatedAt: timeOf(92_000) }, 'alpha');
        await archive.run(93_000);
        archive.remove('moved', 93_100, 'alpha');
        archive.post('moved', 3, { _updatedAt: timeOf(93_101) }, 'beta');
        const manifest = await archive.run(94_000);
        for (const [table, op] of [
          ['messages', 'upsert'],
          ['mentioned_messages', 'delete'],
          ['reactions', 'delete'],
          ['mentions', 'delete'],
        ] as const) {
          expect([table, await archive.rows(manifest, table)]).toMatchObject([table, [{ message_id: 'moved', op }]]);
        }
        for (const table of ['messages', 'mentioned_messages', 'reactions', 'mentions'])
          expect(await archive.rows(await archive.run(95_000), table)).toEqual([]);
      },
      twoRooms,
    ),
  );
});
