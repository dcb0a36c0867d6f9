import { expect, it } from '@jest/globals';
import { foundMessageText } from '../../../src/cli/result/found-message-text.ts';

it('foundMessageText says where a message stands by the path to the archive that was given, so that it can be opened', () => {
  const message = {
    ...{
      messageId: 'm1',
      number: 7,
      roomId: 'r1',
      roomTitle: 'ops',
      username: 'ada',
      author: 'Ada',
      state: '' as const,
    },
    ...{ sentAt: '2026-01-01T00:00:00.000Z', text: 'a word', place: '_view/transcript/r1/2026-01.html#m-m1' },
    excerpt: { isEarlier: false, pieces: [{ text: 'a word', isFound: true }] },
  };
  expect(foundMessageText(message, '../kept/nightly').split('\n')[2]).toBe(
    '  ../kept/nightly/_view/transcript/r1/2026-01.html#m-m1',
  );
  expect(foundMessageText({ ...message, place: null }, 'nightly')).not.toContain('nightly');
});
