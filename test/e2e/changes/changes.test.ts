import { describe, expect, it } from '@jest/globals';
import { dayMs } from '../../../src/model/time/durations.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { send } from '../../../src/demo/server/server.ts';
import { InterruptedError } from '../../../src/errors.ts';
import type { Job } from '../../../src/job/job.ts';
import { inflict } from '../../support/network/faults.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import {
  mentionOfTheLogin,
  messagesAtStart,
  timeOf,
  withChangingArchive,
  type Row,
} from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const idAndOp = ({ message_id, op, run }: Row): unknown => [message_id, op, run];

describe.each(quickOrLong(['8.8'], ['6.13', '7.0', '7.1', '8.8']))(
  'what changed since the last run, from server %s,',
  (version) => {
    it('comes as new rows: edits and reactions whole, with their elements; deletions as tombstones', async () => {
      const transform: Job['transform'] = { tables: ['messages', 'reactions', 'mentions'] };
      await withChangingArchive(version, { transform }, async (archive) => {
        archive.edit('ops-3', 1_100, { msg: 'edited', editedAt: timeOf(1_100), mentions: mentionOfTheLogin });
        archive.edit('ops-4', 1_101, { reactions: { ':tada:': { usernames: ['sam-o', 'leila.h'] } } });
        archive.remove('ops-5', 1_102);
        archive.post('ops-new', 1_103);
        const manifest = await archive.run(1_200);
        const rows = await archive.rows(manifest);
        expect(rows.map(idAndOp).toSorted()).toEqual([
          ['ops-3', 'upsert', 2],
          ['ops-4', 'upsert', 2],
          ['ops-5', 'delete', 2],
          ['ops-new', 'upsert', 2],
        ]);
        expect(rows[0]).toMatchObject({ message_id: 'ops-new' });
        const [edited, reacted, deleted] = ['ops-3', 'ops-4', 'ops-5'].map((id) =>
          rows.find(({ message_id }) => message_id === id),
        );
        expect(edited).toMatchObject({ msg: 'edited', ts: timeOf(3), updated_at: timeOf(1_100), room_name: 'ops' });
        expect(reacted).toMatchObject({ reaction_count: 2, msg: 'message 4' });
        // No `false`, 0 or empty list, which would say something of it.
        expect(Object.keys(deleted ?? {}).filter((name) => deleted?.[name] !== null)).toEqual([
          ...['message_id', 'room_id', 'room_name', 'room_title', 'room_type', 'ts', 'deleted_at', 'op', 'run'],
        ]);
        expect(deleted).toMatchObject({
          ...{ room_id: 'ops', room_name: 'ops', room_type: 'private', ts: timeOf(5) },
          ...{ updated_at: null, deleted_at: timeOf(1_102) },
          ...{ msg: null, user_id: null, extra: null },
        });
        expect((await archive.rows(manifest, 'reactions')).map((row) => [row['message_id'], row['run']])).toEqual([
          ['ops-4', 2],
          ['ops-4', 2],
        ]);
        expect((await archive.rows(manifest, 'mentions')).map((row) => [row['message_id'], row['run']])).toEqual([
          ['ops-3', 2],
        ]);
        expect(manifest.changes).toMatchObject([{ endpoint: 'chat.syncMessages', exported: 3, gaps: [] }]);
        expect(manifest.lists).toMatchObject([
          { endpoint: 'groups.messages', via: 'messages', exported: 1, gaps: [], holes: [] },
        ]);
        expect(manifest.files.filter(({ table }) => table === 'messages').map(({ mayReplace }) => mayReplace)).toEqual([
          undefined,
          true,
        ]);

        // And nothing for a second time, though the next run asks from before the last one's beginning.
        archive.post('ops-newer', 1_300);
        expect((await archive.rows(await archive.run(1_400))).map(idAndOp)).toEqual([['ops-newer', 'upsert', 3]]);
        expect((await archive.run(1_500)).files).toEqual([]);
      });
    });

    it('holds messages that were imported with old dates', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-imported', 2, { ts: timeOf(2.5), _updatedAt: timeOf(1_100) });
        const rows = await archive.rows(await archive.run(1_200));
        expect(rows.map(idAndOp)).toEqual([['ops-imported', 'upsert', 2]]);
        expect(rows).toMatchObject([{ ts: timeOf(2.5) }]);
      });
    });

    it('leaves to the next run what happens to a message while the run that brings it is at work', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-edited-at-once', 1_100);
        archive.post('ops-deleted-at-once', 1_101);
        archive.post('ops-last', 1_102);
        archive.served.rules.intercept = ({ endpoint }) => {
          if (endpoint !== 'groups.messages') return false;
          archive.served.rules.intercept = null;
          // Behind the answer of this very request.
          setImmediate(() => {
            archive.edit('ops-edited-at-once', 1_201, { msg: 'edited at once' });
            archive.remove('ops-deleted-at-once', 1_202);
          });
          return false;
        };
        const during = await archive.run(1_200);
        const rows = await archive.rows(during);
        expect(new Set(rows.map(({ message_id }) => message_id)).size).toBe(rows.length);
        const after = [...rows, ...(await archive.rows(await archive.run(1_300)))];
        const newest = new Map(after.map((row) => [row['message_id'], row]));
        expect(newest.get('ops-edited-at-once')).toMatchObject({ op: 'upsert', msg: 'edited at once' });
        expect(newest.get('ops-deleted-at-once')).toMatchObject({ op: 'delete' });
      });
    });

    it('asks a room again of which it left something to the next run, though the room list shows nothing', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-edited-at-once', 1_100);
        archive.post('ops-last', 1_101);
        let isRead = false;
        const busy = inflict(({ endpoint }) =>
          endpoint === 'chat.syncMessages' && !isRead ? { kind: 'rate-limited', waitMs: 1_000 } : null,
        );
        archive.served.rules.intercept = (exchange) => {
          if (busy(exchange)) return true;
          if (exchange.endpoint !== 'groups.messages') return false;
          send(exchange.response, exchange.reply());
          archive.edit('ops-edited-at-once', 1_201, { msg: 'edited at once' });
          isRead = true;
          return true;
        };
        expect((await archive.rows(await archive.run(1_200))).map(idAndOp)).toEqual([
          ['ops-edited-at-once', 'upsert', 2],
          ['ops-last', 'upsert', 2],
        ]);
        archive.served.rules.intercept = null;
        expect(await archive.rows(await archive.run(1_300))).toMatchObject([
          { message_id: 'ops-edited-at-once', msg: 'edited at once', op: 'upsert', run: 3 },
        ]);
        expect(await archive.run(1_400)).toMatchObject({ lists: [], changes: [] });
      });
    });

    it('is gone on with when it is cut, without a page asked twice', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        for (let at = 0; at < messagesAtStart - 1; at += 1)
          archive.edit(`ops-${at}`, 1_100 + at, { msg: `edited ${at}` });
        archive.remove('ops-29', 1_150);
        const cut = new AbortController();
        const run = archive.run(1_200, {
          signal: cut.signal,
          onEvent: (event) => {
            if (event.kind === 'page' && event.endpoint === 'chat.syncMessages')
              cut.abort(new InterruptedError('SIGTERM'));
          },
        });
        await expect(run).rejects.toBeInstanceOf(InterruptedError);
        const asked = archive.served.requests.length;
        const rows = await archive.rows(await archive.run(1_250));
        expect(rows).toHaveLength(messagesAtStart);
        expect(rows.filter(({ op }) => op === 'delete').map(({ message_id }) => message_id)).toEqual(['ops-29']);
        const again = archive.served.requests.slice(asked).filter(({ endpoint }) => endpoint === 'chat.syncMessages');
        expect(again.filter(({ params }) => params['type'] === 'DELETED' || 'lastUpdate' in params)).toEqual([]);
      });
    });
  },
);

describe('rooms without a change', () => {
  const quietRooms = quickOrLong(20, 500);

  it(`cost no request: ${quietRooms} of them three in all`, async () => {
    const setups = Array.from({ length: quietRooms }, (_, at) => ({
      id: `room-${at}`,
      type: 'p' as const,
      name: `room-${at}`,
    }));
    await withChangingArchive(
      '8.8',
      { concurrency: 8 },
      async (archive) => {
        const asked = archive.served.requests.length;
        const manifest = await archive.run(2_000);
        expect(archive.served.requests.slice(asked).map(({ endpoint }) => endpoint)).toEqual(
          expect.arrayContaining(['me', 'rooms.get', 'subscriptions.get']),
        );
        expect(archive.served.requests.length - asked).toBe(3);
        expect(manifest).toMatchObject({ files: [], lists: [], changes: [], gaps: [] });
        expect(manifest.unchanged).toBe(quietRooms);
      },
      setups,
    );
  });

  longIt(
    'are asked for edits further up after a silence of `lookback`, twice that, and at any time on demand',
    async () => {
      const week = 7 * 86_400;
      await withChangingArchive(
        '8.8',
        { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
        async (archive) => {
          archive.edit('ops-3', 1_100, { msg: 'edited once' });
          const unnoticed = await archive.run(2_000);
          expect(unnoticed.files).toEqual([]);
          expect(unnoticed.notes.join(' ')).toContain('the room list shows no change');
          expect((await archive.run(week - 10)).files).toEqual([]);
          expect((await archive.rows(await archive.run(week + 60))).map(idAndOp)).toEqual([['ops-3', 'upsert', 4]]);
          archive.edit('ops-4', week + 100, { msg: 'edited much later' });
          expect((await archive.run(week * 2 - 10)).files).toEqual([]);
          expect((await archive.rows(await archive.run(week * 2 + 60))).map(idAndOp)).toEqual([['ops-4', 'upsert', 6]]);
          archive.edit('ops-6', week * 2 + 100, { msg: 'edited before an audit' });
          const audit = await archive.run(week * 2 + 200, { everyRoom: true });
          expect((await archive.rows(audit)).map(idAndOp)).toEqual([['ops-6', 'upsert', 7]]);
        },
      );
    },
  );
});

describe('changes of what mentions the login', () => {
  longIt('come to mentioned_messages, too, and their elements once, where they are others than before', async () => {
    const fields: Partial<Job> = {
      extract: [
        { endpoint: 'groups.messages', rooms: ['*'] },
        { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
      ],
      transform: { tables: ['messages', 'mentioned_messages', 'mentions'] },
    };
    await withChangingArchive('8.8', fields, async (archive) => {
      archive.post('ops-first', 1_100, { mentions: mentionOfTheLogin });
      archive.post('ops-second', 1_101, { mentions: mentionOfTheLogin });
      await archive.run(1_200);
      archive.edit('ops-first', 1_300, { msg: 'edited' });
      archive.edit('ops-second', 1_300, { mentions: [...mentionOfTheLogin, { _id: 'all', username: 'all' }] });
      archive.edit('ops-7', 1_301, { msg: 'now it mentions', mentions: mentionOfTheLogin });
      archive.remove('ops-8', 1_302);
      const manifest = await archive.run(1_400);
      expect(
        (await archive.rows(manifest, 'mentioned_messages')).map(({ message_id, op }) => [message_id, op]),
      ).toEqual([
        ['ops-first', 'upsert'],
        ['ops-second', 'upsert'],
        ['ops-7', 'upsert'],
      ]);
      expect((await archive.rows(manifest, 'mentions')).map(({ message_id }) => message_id).toSorted()).toEqual([
        ...['ops-7', 'ops-second', 'ops-second'],
      ]);
    });
  });
});

describe('what the server keeps of edited messages', () => {
  it('stands in message_versions, and nowhere else', async () => {
    const transform: Job['transform'] = { tables: ['messages', 'message_versions'] };
    await withChangingArchive('7.0', { transform }, async (archive) => {
      archive.post('clone-of-new', 1_100, { _hidden: true, parent: 'ops-new', msg: 'as it was' });
      archive.post('ops-new', 1_100, { msg: 'as it is' });
      const manifest = await archive.run(1_200);
      expect(await archive.rows(manifest, 'message_versions')).toMatchObject([
        { version_id: 'clone-of-new', message_id: 'ops-new', msg: 'as it was' },
      ]);
      expect(await archive.rows(manifest)).toMatchObject([{ message_id: 'ops-new', msg: 'as it is' }]);
    });
  });
});

describe('a tombstone', () => {
  it('hides who had the conversation when the job does', async () => {
    const key = 'a key that is long enough for this';
    const fields: Partial<Job> = {
      extract: [{ endpoint: 'im.messages', rooms: ['*'] }],
      transform: { tables: ['messages'], steps: [{ kind: 'pseudonymize', key }] },
    };
    const setup = {
      id: `${sampleLogin.userId}kP2bLyD8vGeYz6XjS`,
      type: 'd' as const,
      name: `${sampleLogin.user},sam-o`,
    };
    await withChangingArchive(
      '8.8',
      fields,
      async (archive) => {
        archive.remove(`${setup.id}-3`, 1_100, setup.id);
        const [row] = await archive.rows(await archive.run(1_200));
        expect(row).toMatchObject({ op: 'delete', message_id: `${setup.id}-3` });
        expect(JSON.stringify(row)).not.toContain('sam-o');
        expect(row?.['room_id']).not.toBe(setup.id);
      },
      [setup],
    );
  });

  it('stays when a later step of the job would have dropped the message by its time', async () => {
    const until = { kind: 'period' as const, sinceMs: null, untilMs: smallStartMs + dayMs };
    await withChangingArchive('8.8', { transform: { tables: ['messages'], steps: [until] } }, async (archive) => {
      archive.remove('ops-3', 2 * 86_400);
      expect((await archive.rows(await archive.run(2 * 86_400 + 60))).map(idAndOp)).toEqual([['ops-3', 'delete', 2]]);
    });
  });
});
