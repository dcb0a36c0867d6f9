import { expect, it } from '@jest/globals';
import { runJob } from '../../../src/pipeline.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import type { Job } from '../../../src/job/job.ts';
import {
  messagesAtStart,
  mentionOfTheLogin,
  timeOf,
  withChangingArchive,
} from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

longIt(
  'takes the last reaction of a message that an edit makes a mention of the login, though the walk of mentions brings it',
  () =>
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
    ),
);

it('does not repeat the attachment of a message that the list of mentions has lost, when the list of all messages begins', () =>
  withChangingArchive(
    '8.8',
    {
      extract: [{ endpoint: 'chat.getMentionedMessages', rooms: ['ops'] }],
      transform: { tables: ['mentioned_messages', 'attachments'] },
      sinks: [{ format: 'jsonl' }],
    },
    async (archive) => {
      const attachments = [{ title: 'plan.pdf', title_link: '/file-upload/plan/plan.pdf', type: 'file' }];
      archive.post('one', 40, { attachments, mentions: mentionOfTheLogin });
      expect(await archive.rows(await archive.run(2_000), 'attachments')).toMatchObject([{ message_id: 'one' }]);
      const runAs = (at: number, job: Partial<Job>) =>
        runJob({ ...archive.job(), ...job }, newProcess({ clock: leapingClock(smallStartMs + at * 1_000) }));
      archive.edit('one', 3_000, { mentions: [], editedAt: timeOf(3_000) });
      archive.post('two', 41, { mentions: mentionOfTheLogin });
      await runAs(4_000, { transform: { tables: ['mentioned_messages'] } });
      const manifest = await runAs(5_000, {
        extract: [{ endpoint: 'groups.messages', rooms: ['ops'] }],
        transform: { tables: ['messages', 'attachments'] },
      });
      expect(await archive.rows(manifest)).toHaveLength(messagesAtStart + 2);
      expect(await archive.rows(manifest, 'attachments')).toEqual([]);
    },
  ));
