import { expect, it } from '@jest/globals';
import { mentionOfTheLogin, timeOf, withChangingArchive } from '../../support/runs/changing-archive.ts';

it('takes the last reaction of a message that an edit makes a mention of the login, though the walk of mentions brings it', () =>
  withChangingArchive(
    '8.8',
    {
      extract: [
        { endpoint: 'groups.messages', rooms: ['ops'] },
        { endpoint: 'chat.getMentionedMessages', rooms: ['ops'] },
      ],
      transform: { tables: ['messages', 'mentioned_messages', 'reactions'] },
      sinks: [{ format: 'jsonl' }],
    },
    async (archive) => {
      archive.post('one', 40, { reactions: { ':wave:': { usernames: ['noa'] } } });
      await archive.run(2_000);
      archive.edit('one', 3_000, { reactions: {}, mentions: mentionOfTheLogin, editedAt: timeOf(3_000) });
      const manifest = await archive.run(4_000);
      expect(await archive.rows(manifest, 'mentioned_messages')).toMatchObject([{ message_id: 'one', op: 'upsert' }]);
      expect(await archive.rows(manifest, 'reactions')).toMatchObject([{ message_id: 'one', op: 'delete' }]);
    },
  ));
