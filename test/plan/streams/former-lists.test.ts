import { expect, it } from '@jest/globals';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { formerLists } from '../../../src/plan/streams/former-lists.ts';
import { listState } from '../../support/plans/sample-state.ts';
import { readTo, sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

const pinned = sampleStream({ filters: { pinned: true } });
const known = listState({ cursor: readTo(5_000), messages: 3 });

it('lists that runs read by other filters fill the same table, under whichever endpoint, and are others than those of the job', () => {
  const lists = {
    'groups.messages r1': known,
    'groups.messages r1 pinned=true': known,
    'channels.messages r1 pinned=true': { ...known, endpoint: 'channels.messages' },
    'channels.messages r1 pinned=false': { ...known, endpoint: 'channels.messages' },
    'chat.getMentionedMessages r1': { ...known, endpoint: 'chat.getMentionedMessages' },
    'groups.messages r2': { ...known, roomId: 'r2' },
    'groups.messages r1 mentionIds=u1': listState({ cursor: fromTheBeginning, messages: 0 }),
  };
  const spans = [{ sinceMs: null, cursor: readTo(5_000) }];
  expect(formerLists('r1', [pinned], { lists })).toEqual([
    { endpoint: 'groups.messages', filters: {}, spans },
    { endpoint: 'channels.messages', filters: { pinned: false }, spans },
  ]);
  expect(formerLists('r1', [sampleMentions()], { lists })).toEqual([]);
});
