import { describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { currentTable, type CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import type { Job } from '../../../src/job/job.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { plainMessage } from '../../support/workspaces/small-workspace.ts';
import {
  mentionOfTheLogin,
  timeOf,
  withChangingArchive,
  type ChangingArchive,
} from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const tables: readonly TableName[] = [
  'messages',
  'mentioned_messages',
  'mentions',
  'reactions',
  'attachments',
  'links',
];

const everything: Partial<Job> = {
  extract: [
    { endpoint: 'groups.messages', rooms: ['*'] },
    { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
  ],
  transform: { tables },
};

async function latest(archive: ChangingArchive, name: CurrentTableName = 'messages'): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive.job().output, name)).rows) {
    rows.push(...batch.map(({ message_id, room_id }) => [message_id, room_id].map(String).join(' ')));
  }
  return rows.sort();
}

const brief = async (archive: ChangingArchive, manifest: Manifest, table = 'messages'): Promise<readonly unknown[]> =>
  (await archive.rows(manifest, table)).map(({ message_id, op, ts }) => [message_id, op, ts]);

const twoRooms = [
  { id: 'ops', type: 'p', name: 'ops' },
  { id: 'dev', type: 'p', name: 'dev' },
] as const;

describe('a deletion', () => {
  it('carries the ts of its message and stands in its partition', async () => {
    await withChangingArchive('8.8', { partition: 'month' }, async (archive) => {
      archive.remove('ops-5', 90 * 86_400);
      const manifest = await archive.run(90 * 86_400 + 60);
      expect(await brief(archive, manifest)).toEqual([['ops-5', 'delete', timeOf(5)]]);
      expect(manifest.files.map(({ path }) => path)).toEqual(['messages/month=2024-01/run-000002-0001.jsonl']);
    });
  });

  it('of a message that no run has had is no row', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-short', 1_100);
      archive.remove('ops-short', 1_101);
      archive.post('ops-last', 1_102);
      expect(await brief(archive, await archive.run(1_200))).toEqual([['ops-last', 'upsert', timeOf(1_102)]]);
    });
  });

  longIt('goes to mentioned_messages and the side tables only where they had the message', async () => {
    await withChangingArchive('8.8', everything, async (archive) => {
      archive.post('ops-mention', 1_100, { mentions: mentionOfTheLogin });
      await archive.run(1_200);
      archive.remove('ops-mention', 1_300);
      archive.remove('ops-5', 1_301);
      const manifest = await archive.run(1_400);
      expect(manifest.tables).toEqual({
        ...{ messages: 2, mentioned_messages: 1, mentions: 1, reactions: 0, attachments: 0, links: 0 },
      });
      expect(await brief(archive, manifest, 'mentions')).toEqual([['ops-mention', 'delete', timeOf(1_100)]]);
    });
  });
});

describe('the last reaction of a message', () => {
  longIt('leaves a delete row in reactions when it goes', async () => {
    await withChangingArchive('8.8', everything, async (archive) => {
      archive.edit('ops-4', 1_100, { reactions: { ':tada:': { usernames: ['sam-o', 'leila.h'] } } });
      archive.post('ops-next', 1_101);
      await archive.run(1_200);
      archive.edit('ops-4', 1_300, { reactions: {} });
      archive.post('ops-last', 1_301);
      expect(await latest(archive, 'reactions')).toEqual(['ops-4 ops', 'ops-4 ops']);
      const manifest = await archive.run(1_400);
      expect(await brief(archive, manifest, 'reactions')).toEqual([['ops-4', 'delete', timeOf(4)]]);
      expect(await latest(archive, 'reactions')).toEqual([]);
    });
  });

  longIt('leaves it also where the job makes no table messages', async () => {
    await withChangingArchive('8.8', { transform: { tables: ['reactions'] } }, async (archive) => {
      archive.edit('ops-4', 1_100, { reactions: { ':tada:': { usernames: ['sam-o'] } } });
      archive.edit('ops-5', 1_100, { reactions: { ':tada:': { usernames: ['sam-o'] } } });
      archive.edit('ops-6', 1_100, { reactions: { ':tada:': { usernames: ['sam-o'] } } });
      archive.post('ops-next', 1_101);
      await archive.run(1_200);
      archive.edit('ops-4', 1_300, { reactions: {} });
      archive.remove('ops-5', 1_301);
      archive.remove('ops-7', 1_302);
      const manifest = await archive.run(1_400);
      expect((await brief(archive, manifest, 'reactions')).toSorted()).toEqual([
        ['ops-4', 'delete', timeOf(4)],
        ['ops-5', 'delete', timeOf(5)],
      ]);
      expect(await latest(archive, 'reactions')).toEqual(['ops-6 ops']);
    });
  });
});

describe('a new version that is dropped', () => {
  longIt('by dropSystemMessages becomes a tombstone', async () => {
    const transform: Job['transform'] = { tables: ['messages'], steps: [{ kind: 'dropSystemMessages' }] };
    await withChangingArchive('8.8', { transform }, async (archive) => {
      archive.edit('ops-5', 1_100, { t: 'rm', msg: '' });
      archive.post('ops-last', 1_101);
      const manifest = await archive.run(1_200);
      expect(await brief(archive, manifest)).toEqual([
        ['ops-last', 'upsert', timeOf(1_101)],
        ['ops-5', 'delete', timeOf(5)],
      ]);
      archive.edit('ops-5', 1_300, { t: 'rm', msg: 'still' });
      archive.post('ops-more', 1_301);
      expect(await brief(archive, await archive.run(1_400))).toEqual([['ops-more', 'upsert', timeOf(1_301)]]);
    });
  });

  longIt('because it no longer mentions the login leaves mentioned_messages', async () => {
    await withChangingArchive('8.8', everything, async (archive) => {
      archive.post('ops-mention', 1_100, { mentions: mentionOfTheLogin });
      await archive.run(1_200);
      archive.edit('ops-mention', 1_300, { msg: 'nobody', mentions: [] });
      archive.post('ops-last', 1_301);
      const manifest = await archive.run(1_400);
      expect(await brief(archive, manifest, 'mentioned_messages')).toEqual([['ops-mention', 'delete', timeOf(1_100)]]);
      expect(await latest(archive, 'mentioned_messages')).toEqual([]);
      expect(await latest(archive, 'mentions')).toEqual([]);
      expect(await latest(archive)).toContain('ops-mention ops');
    });
  });
});

describe('an _id that comes again', () => {
  // With its old date, which no walk brings, in moved-messages.test.ts.
  longIt('deleted in one room and posted in another, is there once', async () => {
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        archive.remove('ops-5', 1_100);
        archive.room('dev').insert(storeMessage({ ...plainMessage(1_101), _id: 'ops-5', rid: 'dev' }));
        await archive.run(1_200);
        expect((await latest(archive)).filter((line) => line.startsWith('ops-5 '))).toEqual(['ops-5 dev']);
        archive.post('ops-last', 1_300);
        await archive.run(1_400);
        expect((await latest(archive)).filter((line) => line.startsWith('ops-5 '))).toEqual(['ops-5 dev']);
      },
      twoRooms,
    );
  });

  longIt('deleted in one room and posted in another with its old date, has one row of the run', async () => {
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        for (const [id, from, to] of [
          ['ops-5', 'ops', 'dev'],
          ['dev-5', 'dev', 'ops'],
        ] as const) {
          archive.remove(id, 1_100, from);
          archive.room(to).insert(storeMessage({ ...plainMessage(5), _id: id, rid: to, _updatedAt: timeOf(1_101) }));
        }
        const manifest = await archive.run(1_200, { everyRoom: true });
        expect((await brief(archive, manifest)).toSorted()).toEqual([
          ['dev-5', 'upsert', timeOf(5)],
          ['ops-5', 'upsert', timeOf(5)],
        ]);
        expect((await archive.run(1_300)).files).toEqual([]);
        expect((await latest(archive)).filter((line) => /^(ops|dev)-5 /.test(line))).toEqual([
          'dev-5 ops',
          'ops-5 dev',
        ]);
      },
      twoRooms,
    );
  });

  it.each(
    [
      ['in one night', false],
      ['with a run between', true],
    ].slice(0, quickOrLong(1, 2)),
  )('deleted and inserted again with id and ts, %s, is there once', async (_how, isRunBetween) => {
    await withChangingArchive('8.8', {}, async (archive) => {
      const last = archive.room().find('ops-29')?.document();
      if (last === undefined) throw new Error('It is there');
      archive.remove('ops-29', 1_100);
      if (isRunBetween) {
        await archive.run(1_110);
        expect(await latest(archive)).not.toContain('ops-29 ops');
      }
      archive.room().insert(storeMessage({ ...last, _updatedAt: timeOf(1_130) }));
      for (const at of [1_200, 1_300, 1_400]) {
        await archive.run(at, { everyRoom: true });
        expect((await latest(archive)).filter((line) => line.startsWith('ops-29 '))).toEqual(['ops-29 ops']);
      }
    });
  });
});

describe('two walks of one run', () => {
  it.each(
    [
      ['edited', { msg: 'edited between', mentions: mentionOfTheLogin }] as const,
      [
        'given a mention',
        { msg: 'a mention between', mentions: [...mentionOfTheLogin, { username: 'sam-o' }] },
      ] as const,
    ].slice(quickOrLong(1, 0)),
  )('a message that is %s between them is the same in both tables after the next run', async (_how, fields) => {
    await withChangingArchive('8.8', { ...everything, concurrency: 1 }, async (archive) => {
      archive.post('ops-between', 1_100, _how === 'edited' ? { mentions: mentionOfTheLogin } : {});
      archive.post('ops-next', 1_101);
      for (const first of ['groups.messages', 'chat.getMentionedMessages']) {
        let isEdited = false;
        const at = first === 'groups.messages' ? 1_200 : 1_400;
        archive.served.rules.intercept = ({ endpoint, response }) => {
          if (endpoint !== first || isEdited) return false;
          isEdited = true;
          response.once('finish', () => {
            archive.edit('ops-between', at, fields);
          });
          return false;
        };
        await archive.run(at);
        archive.served.rules.intercept = null;
        await archive.run(at + 100);
        for (const table of ['messages', 'mentioned_messages'] as const) {
          const rows = await newest(archive, table, 'ops-between');
          expect(rows).toMatchObject([{ msg: fields.msg, updated_at: new Date(timeOf(at)) }]);
        }
        archive.post(`ops-after-${at}`, at + 101);
      }
    });
  });
});

async function newest(archive: ChangingArchive, name: CurrentTableName, id: string) {
  const rows = [];
  for await (const batch of (await currentTable(nodeDisk, archive.job().output, name)).rows) {
    rows.push(...batch.filter(({ message_id }) => message_id === id));
  }
  return rows;
}
