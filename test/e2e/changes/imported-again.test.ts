import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { mentionOfTheLogin, timeOf, withChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const job = {
  extract: [
    { endpoint: 'groups.messages' as const, rooms: ['*'] },
    { endpoint: 'chat.getMentionedMessages' as const, rooms: ['*'] },
  ],
  transform: { tables: ['messages', 'mentioned_messages', 'mentions', 'reactions'] as const },
  sinks: [{ format: 'jsonl' as const }],
};

describe('a message that a room read for the first time brings, and that another room had before', () => {
  longIt('keeps no row of the mention and the reaction that it has lost', () =>
    withChangingArchive('8.8', job, async (archive) => {
      archive.post('one', 40, { mentions: mentionOfTheLogin, reactions: { ':wave:': { usernames: ['noa'] } } });
      await archive.run(2_000);
      archive.workspace.removeRoom('ops');
      archive.workspace.addRoom(
        new WorkspaceRoom({
          ...{ id: 'again', type: 'p', name: 'ops', memberIds: [sampleLogin.userId], createdAtMs: smallStartMs },
          messages: [storeMessage({ ...plainMessage(40), _id: 'one', rid: 'again', _updatedAt: timeOf(3_000) })],
        }),
      );
      const manifest = await archive.run(4_000);
      expect(await archive.rows(manifest, 'messages')).toMatchObject([{ message_id: 'one', room_id: 'again' }]);
      for (const table of ['mentioned_messages', 'mentions', 'reactions']) {
        expect(await archive.rows(manifest, table)).toMatchObject([
          { message_id: 'one', room_id: 'ops', ts: timeOf(40), op: 'delete', run: 3 },
        ]);
      }
      // Once: the next run has nothing to say.
      expect(await archive.rows(await archive.run(5_000), 'mentions')).toEqual([]);
    }),
  );
});

describe('a message that is deleted in one room and posted in another, where a walk brings it', () => {
  longIt('keeps no row of the reaction that it has lost', () =>
    withChangingArchive(
      '8.8',
      job,
      async (archive) => {
        archive.post('one', 40, { reactions: { ':wave:': { usernames: ['noa'] } } }, 'alpha');
        await archive.run(2_000);
        archive.remove('one', 2_100, 'alpha');
        archive.post('one', 40, { _updatedAt: timeOf(2_101) }, 'beta');
        const manifest = await archive.run(4_000);
        expect(await archive.rows(manifest, 'messages')).toMatchObject([{ message_id: 'one', room_id: 'beta' }]);
        expect(await archive.rows(manifest, 'reactions')).toMatchObject([
          { message_id: 'one', room_id: 'alpha', op: 'delete' },
        ]);
        expect(await archive.rows(await archive.run(5_000), 'messages')).toEqual([]);
      },
      [
        { id: 'alpha', type: 'p', name: 'alpha' },
        { id: 'beta', type: 'p', name: 'beta' },
      ],
    ),
  );
});
