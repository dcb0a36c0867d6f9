import { describe, expect, it } from '@jest/globals';
import { RunProgress } from '../../../src/cli/log/run-progress.ts';
import type { ExpectedList } from '../../../src/run-event.ts';

const list: ExpectedList = { stream: 'a', endpoint: 'groups.messages', messages: 100, requests: 10, known: 0 };
const changes: ExpectedList = { stream: 'c', endpoint: 'chat.syncMessages', messages: null, requests: 2, known: null };
const came = { messages: 10, pages: 1, total: null, isLate: false, isSaved: false };

describe('the progress of a run', () => {
  it('believes a list about its length before the room list, and what was read of it before both', () => {
    const progress = new RunProgress([{ ...list, known: 30 }], {});
    expect(progress.figures()).toMatchObject({ messages: 0, expected: 100, isExpectedWhole: true });
    progress.read('a', 'ops', { ...came, total: 150 });
    expect(progress.figures()).toMatchObject({ messages: 10, expected: 120 });
    progress.finish('a');
    expect(progress.figures()).toMatchObject({ messages: 10, expected: 10, lists: 1, listsRead: 1 });
    expect(progress.atWork()).toEqual([]);
  });

  it('never shows more read than expected, though a list grows while it is read', () => {
    const progress = new RunProgress([{ ...list, messages: 5 }], {});
    progress.read('a', 'ops', came);
    expect(progress.figures()).toMatchObject({ messages: 10, expected: 10 });
  });

  it('says that the sum is not whole while the length of a list is unknown, and keeps changes out of it', () => {
    const progress = new RunProgress([list, { ...list, stream: 'b', messages: null }, changes], {});
    expect(progress.figures()).toMatchObject({ expected: 100, isExpectedWhole: false, lists: 3 });
    progress.read('c', 'ops', came);
    progress.read('b', 'memes', { ...came, total: 40 });
    expect(progress.figures()).toMatchObject({ messages: 10, expected: 140, isExpectedWhole: true });
  });

  it('leaves the length of a list of which a period is read out of what it expects', () => {
    const progress = new RunProgress([{ ...list, messages: null, known: null }], {});
    progress.read('a', 'ops', { ...came, total: 9_000 });
    expect(progress.figures()).toMatchObject({ messages: 10, expected: 10, isExpectedWhole: false });
  });

  it('expects the end by the rate limit, counted from the end of the pause it is in', () => {
    const progress = new RunProgress([list, changes], { 'groups.messages': { calls: 4, windowMs: 60_000 } });
    // Ten requests: windows of 4, 4 and 2.
    expect(progress.doneMs(1_000, 0, 31_000)).toBe(31_000 + 120_000);
    progress.read('a', 'ops', { ...came, pages: 4, isSaved: true });
    expect(progress.doneMs(1_000, 0, 1_000)).toBe(1_000 + 60_000);
  });

  it('expects the end by its own pace where that is slower, without what a cut attempt had saved', () => {
    const progress = new RunProgress([list], { 'groups.messages': { calls: 4, windowMs: 60_000 } });
    progress.read('a', 'ops', { ...came, pages: 4, isSaved: true });
    progress.read('a', 'ops', came);
    expect(progress.doneMs(100_000, 0, 100_000)).toBe(100_000 + 5 * 100_000);
  });

  it('knows no end before it has anything to go by', () => {
    expect(new RunProgress([list], {}).doneMs(60_000, 0, 60_000)).toBeNull();
  });

  it('names the room with the most left first', () => {
    const progress = new RunProgress([list, { ...list, stream: 'b', messages: 500 }], {});
    progress.read('a', 'ops', came);
    progress.read('b', 'memes', came);
    expect(progress.atWork().map(({ room }) => room)).toEqual(['memes', 'ops']);
  });
});
