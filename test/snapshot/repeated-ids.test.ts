import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { currentTable, type CurrentTableName } from '../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Row } from '../../src/model/column.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { fixtureRow, publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const message = (id: string, run: number, fields: Row = {}): Row =>
  fixtureRow('messages', { message_id: id, room_id: 'room', op: 'upsert', run, msg: `${id}@${run}`, ...fields });

const mention = (id: string, run: number): Row =>
  fixtureRow('mentions', { message_id: id, room_id: 'room', position: 0, mention_type: 'user', op: 'upsert', run });

async function current(archive: string, name: CurrentTableName): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive, name)).rows) {
    rows.push(...batch.map((row) => [row['message_id'], row['run'], row['room_id']].map(String).join(' ')));
  }
  return rows;
}

/** Expects the current rows before a compaction and after one of each kind, of an archive that verify accepts. */
async function expectCurrent(
  runs: readonly FixtureRun[],
  expected: readonly string[],
  name: CurrentTableName = 'messages',
): Promise<void> {
  for (const keeps of quickOrLong(['latest'] as const, ['all', 'latest'] as const)) {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect(await current(archive, name)).toEqual(expected);
      await compactHere(archive, { keeps });
      expect((await current(archive, name)).toSorted()).toEqual(expected.toSorted());
    });
  }
}

const groups = { endpoint: 'groups.messages', filters: {} };
const mentions = { endpoint: 'chat.getMentionedMessages', filters: {} };

describe('an _id that comes again', () => {
  it('in a file that does not say that its rows may replace others is there once, as its greatest run says', () =>
    expectCurrent(
      [
        { tables: { messages: { first: ['a', 'b', 'c'].map((id) => message(id, 1)) } } },
        { tables: { messages: { revising: [message('b', 2, { op: 'delete' })] } } },
        { tables: { messages: { first: [message('b', 3), message('a', 3)] } } },
      ],
      ['c 1 room', 'b 3 room', 'a 3 room'],
    ));

  it('in a run that says that it is gone from one room and found it in another is there', () =>
    expectCurrent(
      [
        { tables: { messages: { first: [message('a', 1)] } } },
        {
          tables: {
            messages: { first: [message('a', 2, { room_id: 'other' })], revising: [message('a', 2, { op: 'delete' })] },
          },
        },
      ],
      ['a 2 other'],
    ));

  longIt('twice in one run, as older programs wrote it, is there once', () =>
    expectCurrent(
      [{ tables: { messages: { first: [message('a', 1), message('b', 1)] } } }, doubled],
      ['a 1 room', 'b 2 room'],
    ),
  );
});

const doubled: FixtureRun = { tables: { messages: { revising: [message('b', 2), message('b', 2)] } } };

describe('entries edited: messages and mentions, mentions alone, both again, with an edit between', () => {
  longIt('leave every message and mention there once', async () => {
    const runs: readonly FixtureRun[] = [
      {
        tables: {
          messages: { first: [message('a', 1)] },
          mentioned_messages: { first: [message('a', 1)] },
          mentions: { first: [mention('a', 1)] },
        },
        lists: [groups, mentions],
      },
      {
        tables: { mentioned_messages: { revising: [message('a', 2)] }, mentions: { revising: [mention('a', 2)] } },
        lists: [mentions],
      },
      {
        tables: {
          messages: { first: [message('a', 3)] },
          mentioned_messages: {},
          mentions: { first: [mention('a', 3)] },
        },
        lists: [groups, mentions],
      },
    ];
    await expectCurrent(runs, ['a 3 room'], 'messages');
    await expectCurrent(runs, ['a 3 room'], 'mentions');
    await expectCurrent(runs, ['a 2 room'], 'mentioned_messages');
  });
});
