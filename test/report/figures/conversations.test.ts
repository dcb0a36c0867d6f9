import { describe, expect, it } from '@jest/globals';
import { minuteMs } from '../../../src/model/time/durations.ts';
import { conversationLine, conversationsIn, type Conversations } from '../../../src/report/figures/conversations.ts';
import type { TalliedMessage } from '../../../src/report/figures/message-tally.ts';

async function conversations(...messages: readonly Partial<TalliedMessage>[]): Promise<Conversations> {
  const lines = messages.map((message, at) =>
    conversationLine({ id: `m${at}`, room: 0, tsMs: 0, person: 0, isThread: false, threadId: null, ...message }),
  );
  return conversationsIn((async function* () {
    await Promise.resolve();
    yield* lines.sort();
  })()); // prettier-ignore
}

const at = (minutes: number, person: number | null, more: Partial<TalliedMessage> = {}): Partial<TalliedMessage> => ({
  tsMs: minutes * minuteMs,
  person,
  ...more,
});

describe('answers in rooms', () => {
  it('are the next messages of another person behind an hour of silence', async () => {
    const found = await conversations(at(0, 0), at(1, 0), at(3, 1), at(4, 0), at(70, 2), at(80, 0));
    expect(found).toMatchObject({ openings: 2, openingAnswersMs: [3 * minuteMs, 10 * minuteMs] });
  });

  it('are missing where a day goes by, where one person asks again, and where only a bot writes', async () => {
    expect(await conversations(at(0, 0), at(1441, 1))).toMatchObject({ openings: 2, openingAnswersMs: [] });
    expect(await conversations(at(0, 0), at(120, 0), at(125, 1))).toMatchObject({
      openings: 1,
      openingAnswersMs: [125 * minuteMs],
    });
    expect(await conversations(at(0, 0), at(1, null))).toMatchObject({ openings: 1, openingAnswersMs: [] });
    expect(await conversations(at(0, null), at(1, 0))).toMatchObject({ openings: 1, openingAnswersMs: [] });
  });

  it('may be given in a thread of the message, and not in another room or another thread', async () => {
    expect(await conversations(at(0, 0, { id: 'q' }), at(2, 1, { threadId: 'q' }))).toMatchObject({
      openingAnswersMs: [2 * minuteMs],
    });
    expect(await conversations(at(0, 0, { id: 'q' }), at(2, 1, { threadId: 'x' }))).toMatchObject({
      openingAnswersMs: [],
    });
    expect(await conversations(at(0, 0), at(2, 1, { room: 1 }))).toMatchObject({ openings: 2, openingAnswersMs: [] });
  });
});

describe('answers in threads', () => {
  const root = (person: number | null): Partial<TalliedMessage> => at(0, person, { id: 'q', isThread: true });
  const reply = (minutes: number, person: number | null): Partial<TalliedMessage> =>
    at(minutes, person, { threadId: 'q' });

  it('are the first replies of somebody else', async () => {
    expect(await conversations(root(0), reply(1, 0), reply(2, null), reply(7, 1), reply(9, 2))).toMatchObject({
      ...{ threads: 1, replies: 4, repliesByThread: [4], measuredThreads: 1 },
      threadAnswersMs: [7 * minuteMs],
    });
  });

  it('are not measured where the archive lacks the first message, or a bot wrote it', async () => {
    expect(await conversations(reply(1, 1))).toMatchObject({ threads: 1, measuredThreads: 0, threadAnswersMs: [] });
    expect(await conversations(root(null), reply(1, 1))).toMatchObject({ threads: 1, measuredThreads: 0 });
    expect(await conversations(root(0))).toMatchObject({ threads: 0, repliesByThread: [] });
  });

  it('are counted by room, whatever ids look like', async () => {
    const found = await conversations(
      at(0, 0, { id: 'a\u0001\n', isThread: true }),
      at(1, 1, { threadId: 'a\u0001\n' }),
      at(0, 0, { id: 'b', room: 12, isThread: true }),
      at(3, 1, { threadId: 'b', room: 12 }),
    );
    expect(found).toMatchObject({ threads: 2, threadAnswersMs: [minuteMs, 3 * minuteMs] });
  });
});
