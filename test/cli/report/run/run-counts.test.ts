import { describe, expect, it } from '@jest/globals';
import { runCounts, runCountsText } from '../../../../src/cli/report/run/run-counts.ts';

const list = (endpoint: string, exported: number) => ({ endpoint, exported });

describe('what a run brought', () => {
  it('counts a message once, that the list of mentions has as well', () => {
    const lists = [list('groups.messages', 30), list('im.messages', 4), list('chat.getMentionedMessages', 5)];
    const counts = runCounts({ lists, changes: [list('chat.syncMessages', 2)] });
    expect(counts).toEqual({ messages: 34, mentions: 5, changes: 2 });
    expect(runCountsText(counts)).toBe('34 new messages, 5 mentions of the login and 2 changes');
  });

  it.each([
    [1, 0, 0, '1 new message'],
    [0, 0, 0, '0 new messages'],
    [0, 0, 1, '0 new messages and 1 change'],
    [12, 0, 3, '12 new messages and 3 changes'],
    [12, 1, 0, '12 new messages and 1 mention of the login'],
    [0, 2, 0, '2 new mentions of the login'],
    [0, 1, 1, '1 new mention of the login and 1 change'],
  ])('is said of %d messages, %d mentions and %d changes', (messages, mentions, changes, text) =>
    expect(runCountsText({ messages, mentions, changes })).toBe(text),
  );
});
