import { describe, expect, it } from '@jest/globals';
import { currentTable } from '../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { send } from '../../src/demo/server/server.ts';
import { backUp, restore } from '../support/workspaces/backup.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { smallStartMs } from '../support/workspaces/small-workspace.ts';
import {
  mentionOfTheLogin,
  timeOf,
  withChangingArchive,
  type ChangingArchive,
} from '../support/runs/changing-archive.ts';

const longIt = quickOrLong(it.skip, it);

const hourSeconds = 3_600;
const daySeconds = 86_400;

const idAndOp = async (archive: ChangingArchive, run: Promise<Parameters<ChangingArchive['rows']>[0]>) =>
  (await archive.rows(await run)).map(({ message_id, op }) => `${String(op)} ${String(message_id)}`).toSorted();

async function texts(archive: ChangingArchive): Promise<ReadonlyMap<unknown, unknown>> {
  const found = new Map<unknown, unknown>();
  for await (const batch of (await currentTable(nodeDisk, archive.job().output, 'messages')).rows) {
    for (const { message_id, msg } of batch) found.set(message_id, msg);
  }
  return found;
}

/** Whatever the clocks showed in the run before: what happens behind it is found, and nothing comes twice. */
async function expectFound(archive: ChangingArchive, fromSecond: number): Promise<void> {
  archive.edit('ops-3', fromSecond, { msg: 'edited' });
  archive.remove('ops-5', fromSecond + 1);
  archive.post('ops-after', fromSecond + 2);
  archive.post('ops-behind', fromSecond + 3);
  const wanted = ['delete ops-5', 'upsert ops-3', 'upsert ops-after', 'upsert ops-behind'];
  expect(await idAndOp(archive, archive.run(fromSecond + 100))).toEqual(wanted);
  archive.post('ops-last', fromSecond + 200);
  expect(await idAndOp(archive, archive.run(fromSecond + 300))).toEqual(['upsert ops-last']);
}

describe.each(quickOrLong(['8.8'], ['6.13', '8.8']))(
  'what changes behind a run whose clocks were wrong, from server %s,',
  (version) => {
    it('is found when the server was an hour ahead', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.served.rules.now = () => smallStartMs + (1_200 + hourSeconds) * 1_000;
        archive.post('ops-ahead', 1_100 + hourSeconds);
        await archive.run(1_200);
        archive.served.rules.now = () => smallStartMs + 1_400 * 1_000;
        await expectFound(archive, 1_300);
      });
    });

    longIt('is found when this machine was a day ahead', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.served.rules.now = () => smallStartMs + 1_200 * 1_000;
        archive.post('ops-before', 1_100);
        archive.room().updatedAtMs = smallStartMs + daySeconds * 30_000;
        await archive.run(1_200 + daySeconds);
        await expectFound(archive, 1_300);
      });
    });

    longIt('is found when one room had changed 30 days ahead', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-before', 1_100);
        archive.room().updatedAtMs = smallStartMs + daySeconds * 30_000;
        await archive.run(1_200);
        await expectFound(archive, 1_300);
      });
    });

    longIt('is found when another node of the cluster is two minutes behind', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-before', 1_190);
        await archive.run(1_200);
        await expectFound(archive, 1_210 - 120);
      });
    });

    longIt('is found when the node that is behind edits what was just posted', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.post('ops-new', 1_190);
        await archive.run(1_200);
        archive.edit('ops-new', 1_100, { msg: 'edited by the other node' });
        archive.post('ops-last', 1_210);
        expect(await idAndOp(archive, archive.run(1_300))).toEqual(['upsert ops-last', 'upsert ops-new']);
      });
    });
  },
);

describe.each(quickOrLong(['6.13'], ['6.13', '8.8']))(
  'a message whose _updatedAt lies ahead, from server %s,',
  (version) => {
    it('is gone when it is deleted, though the deletion is older than its version', async () => {
      await withChangingArchive(version, {}, async (archive) => {
        archive.edit('ops-3', 40 * daySeconds, { msg: 'from the future' });
        archive.post('ops-new', 1_100);
        await archive.run(1_200);
        archive.remove('ops-3', 1_300);
        archive.post('ops-last', 1_301);
        expect(await idAndOp(archive, archive.run(1_400))).toEqual(['delete ops-3', 'upsert ops-last']);
      });
    });
  },
);

it('reads a message that an import dated behind the year 9999, and those posted since', async () => {
  await withChangingArchive('8.8', {}, async (archive) => {
    const inYear12024 = (Date.UTC(12_024, 0) - smallStartMs) / 1_000;
    archive.post('ops-import', inYear12024);
    archive.post('ops-before', 1_100);
    const first = await archive.run(1_200);
    expect(first.gaps).toEqual([]);
    const [imported] = (await archive.rows(first)).filter(({ message_id }) => message_id === 'ops-import');
    // As ECMA-262 has it, and the server: with a sign and six digits.
    expect(imported).toMatchObject({ ts: '+012024-01-01T00:00:00.000Z', extra: null });
    archive.edit('ops-3', 1_300, { msg: 'edited' });
    archive.post('ops-after', 1_301);
    expect(await idAndOp(archive, archive.run(1_400))).toEqual(['upsert ops-3', 'upsert ops-after']);
  });
});

describe('a server that was restored from a backup', () => {
  it('is noticed and noted, and its room is what it was in the backup', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-before', 1_100);
      await archive.run(1_200);
      const backup = backUp(archive.workspace);
      archive.post('ops-lost', 2 * hourSeconds);
      archive.edit('ops-3', 2 * hourSeconds, { msg: 'undone' });
      archive.remove('ops-5', 2 * hourSeconds);
      await archive.run(3 * hourSeconds);
      expect((await texts(archive)).has('ops-5')).toBe(false);

      restore(archive.workspace, backup);
      const manifest = await archive.run(4 * hourSeconds);
      expect(await idAndOp(archive, Promise.resolve(manifest))).toEqual([
        'delete ops-lost',
        'upsert ops-3',
        'upsert ops-5',
      ]);
      expect(manifest.notes.join(' ')).toMatch(/restored from a backup.*One room was read again/);
      expect(manifest.gaps).toEqual([]);
      const current = await texts(archive);
      expect([current.has('ops-lost'), current.get('ops-3'), current.has('ops-5')]).toEqual([false, 'message 3', true]);

      // It goes on as ever.
      expect((await archive.run(5 * hourSeconds)).files).toEqual([]);
    });
  });
});

describe('a message that a restored backup puts back into the room that it was moved from', () => {
  longIt('has its row in that room, where the archive has an older one of the same version', async () => {
    const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        archive.post('ops-late', 1_100);
        await archive.run(1_200);
        const backup = backUp(archive.workspace);
        const moved = archive.room('ops').find('ops-3')?.document();
        archive.remove('ops-3', 2 * hourSeconds);
        archive.post('ops-3', 3, { ...moved, rid: 'hr', _updatedAt: timeOf(2 * hourSeconds + 1) }, 'hr');
        await archive.run(3 * hourSeconds);
        await archive.run(4 * hourSeconds);

        restore(archive.workspace, backup);
        const found = await archive.rows(await archive.run(5 * hourSeconds));
        expect(found.map(({ message_id, op, room_id }) => [message_id, op, room_id])).toEqual([
          ['ops-3', 'upsert', 'ops'],
        ]);
        await archive.run(6 * hourSeconds);
        expect((await archive.run(7 * hourSeconds)).files).toEqual([]);
      },
      setups,
    );
  });
});

describe('a restored room beside one whose changes are refused', () => {
  longIt('takes nothing from the other one, of which only the last week is read again', async () => {
    const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        const backup = backUp(archive.workspace).filter(({ setup }) => setup.id === 'ops');
        archive.post('ops-lost', 2 * hourSeconds);
        await archive.run(3 * hourSeconds);
        archive.workspace.removeRoom('ops');
        restore(archive.workspace, [...backUp(archive.workspace), ...backup]);
        archive.served.rules.intercept = ({ endpoint, response }) => {
          if (endpoint !== 'chat.syncMessages') return false;
          response.writeHead(404, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ status: 'error', message: 'API endpoint does not exist' }));
          return true;
        };
        const found = await idAndOp(archive, archive.run(21 * daySeconds));
        expect(found).toEqual(['delete ops-lost']);
      },
      setups,
    );
  });
});

describe('a room that is back in the list', () => {
  longIt('is compared with the archive once: what happened while it was gone is not reported', async () => {
    const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        const backup = backUp(archive.workspace).find(({ setup }) => setup.id === 'ops');
        if (backup === undefined) throw new Error('There is no backup of the room');
        archive.edit('ops-3', 1_050, { msg: 'undone' });
        archive.post('ops-lost', 1_060);
        await archive.run(1_200);
        archive.workspace.removeRoom('ops');
        expect((await archive.run(2 * daySeconds)).gaps).toMatchObject([{ reason: 'room-gone' }]);

        restore(archive.workspace, [...backUp(archive.workspace), backup]);
        const back = await archive.run(3 * daySeconds);
        expect(await idAndOp(archive, Promise.resolve(back))).toEqual(['delete ops-lost', 'upsert ops-3']);
        expect(back.notes.join(' ')).toMatch(/can be read again.*One room was read again/);
        expect(back.gaps).toEqual([]);
        expect((await archive.run(4 * daySeconds)).files).toEqual([]);
      },
      setups,
    );
  });
});

describe('an edit that adds a mention to an old message of a silent room', () => {
  longIt('comes to mentioned_messages at once, and once', async () => {
    const week = 7 * daySeconds;
    await withChangingArchive(
      '8.8',
      {
        extract: [
          { endpoint: 'groups.messages', rooms: ['*'] },
          { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
        ],
        transform: { tables: ['messages', 'mentioned_messages', 'mentions'] },
      },
      async (archive) => {
        archive.edit('ops-3', 1_100, { mentions: mentionOfTheLogin });
        const found = await archive.run(week + 60);
        expect(found.tables).toEqual({ messages: 1, mentioned_messages: 1, mentions: 1 });
        archive.post('ops-last', week + 100, { _updatedAt: timeOf(week + 100) });
        const next = await archive.run(week + 200);
        expect(next.tables).toEqual({ messages: 1, mentioned_messages: 0, mentions: 0 });
      },
    );
  });
});

describe('a message that came back after it was deleted', () => {
  it('stays, though it is older than what is read again where its changes are refused', () =>
    withChangingArchive('8.8', {}, async (archive) => {
      archive.remove('ops-3', 15 * daySeconds);
      archive.post('ops-recent', 15 * daySeconds);
      expect(await idAndOp(archive, archive.run(16 * daySeconds))).toEqual(['delete ops-3', 'upsert ops-recent']);
      archive.post('ops-3', 3, { _updatedAt: timeOf(17 * daySeconds) });
      archive.post('ops-next', 17 * daySeconds);
      expect(await idAndOp(archive, archive.run(18 * daySeconds))).toEqual(['upsert ops-3', 'upsert ops-next']);
      archive.post('ops-new', 20 * daySeconds);
      archive.served.rules.intercept = ({ endpoint, response }) => {
        if (endpoint !== 'chat.syncMessages') return false;
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ status: 'error', message: 'API endpoint does not exist' }));
        return true;
      };
      expect(await idAndOp(archive, archive.run(21 * daySeconds))).toEqual(['upsert ops-new']);
    }));
});

describe('a restored message that the tables have in different versions', () => {
  const fields = {
    extract: [
      { endpoint: 'groups.messages' as const, rooms: ['*'] },
      { endpoint: 'chat.getMentionedMessages' as const, rooms: ['*'] },
    ],
    transform: { tables: ['messages', 'mentioned_messages', 'reactions'] as const },
  };

  const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));

  longIt('is what it was in the backup in the table of mentions, too, whose walk had met a later version', () =>
    withChangingArchive(
      '8.8',
      fields,
      async (archive) => {
        archive.post('ops-mention', 1_100, { mentions: mentionOfTheLogin });
        for (const second of [1_101, 1_102, 1_103]) archive.post(`ops-${second}`, second);
        const backup = backUp(archive.workspace);
        archive.post('hr-lost', 2 * hourSeconds, {}, 'hr');
        // The walk of mentions is answered when the other one has taken the message.
        let isTaken = false;
        let answer: (() => void) | undefined;
        archive.served.rules.intercept = (exchange) => {
          const { endpoint, params } = exchange;
          if (params['roomId'] !== 'ops') return false;
          if (endpoint === 'groups.messages') {
            exchange.response.once('finish', () => {
              isTaken = true;
              answer?.();
            });
          }
          if (endpoint !== 'chat.getMentionedMessages') return false;
          answer = () => {
            answer = undefined;
            archive.edit('ops-mention', 3 * hourSeconds, { msg: 'undone' });
            send(exchange.response, exchange.reply());
          };
          if (isTaken) answer();
          return true;
        };
        const both = await archive.run(3 * hourSeconds);
        const texts = async (manifest: Manifest, table: string): Promise<readonly unknown[]> =>
          (await archive.rows(manifest, table)).flatMap(({ message_id: id, msg }) =>
            id === 'ops-mention' ? [msg] : [],
          );
        expect([await texts(both, 'messages'), await texts(both, 'mentioned_messages')]).toEqual([
          ['message 1100'],
          ['undone'],
        ]);

        archive.served.rules.intercept = null;
        restore(archive.workspace, backup);
        const restored = await archive.run(4 * hourSeconds);
        expect(restored.notes.join(' ')).toContain('restored from a backup');
        expect(await texts(restored, 'mentioned_messages')).toEqual(['message 1100']);
      },
      setups,
    ),
  );

  longIt.each([
    ['a moment ago', 40],
    ['long before the last message', 1_100],
  ])('has no reactions left that it got in another room after the backup, sent %s', (_, lastAt) =>
    withChangingArchive(
      '8.8',
      fields,
      async (archive) => {
        archive.post('ops-late', lastAt);
        await archive.run(1_200);
        const backup = backUp(archive.workspace);
        archive.remove('ops-3', 2 * hourSeconds);
        const reactions = { ':wave:': { usernames: ['leila.h'] } };
        archive.post('ops-3', 3, { reactions, _updatedAt: timeOf(2 * hourSeconds + 1) }, 'hr');
        await archive.run(3 * hourSeconds);
        await archive.run(4 * hourSeconds);

        // The room that it was in is gone, so that nobody looks there.
        restore(
          archive.workspace,
          backup.filter(({ setup }) => setup.id === 'ops'),
        );
        const restored = await archive.run(5 * hourSeconds);
        expect(await archive.rows(restored, 'messages')).toMatchObject([
          { message_id: 'ops-3', op: 'upsert', room_id: 'ops' },
        ]);
        expect(await archive.rows(restored, 'reactions')).toMatchObject([{ message_id: 'ops-3', op: 'delete' }]);
      },
      setups,
    ),
  );
});
