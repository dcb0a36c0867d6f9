import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { JournalFeed, LoadStopped } from '../../src/journal/journal-feed.ts';

const partWay = { sizeBytes: 100, isClosed: false };

describe('how the load half follows a journal that is being written', () => {
  it('waits until there is more than it has read', async () => {
    const feed = new JournalFeed();
    const seen: number[] = [];
    const waiting = feed.moreThan('a', 100).then(({ sizeBytes }) => seen.push(sizeBytes));
    feed.update('a', partWay);
    feed.update('b', { sizeBytes: 900, isClosed: true });
    await setImmediate();
    expect(seen).toEqual([]);
    feed.update('a', { sizeBytes: 101, isClosed: false });
    await waiting;
    expect(seen).toEqual([101]);
    expect(await feed.moreThan('a', 100)).toEqual({ sizeBytes: 101, isClosed: false });
  });

  it('does not wait for more of one that is closed', async () => {
    const feed = new JournalFeed();
    feed.update('a', { sizeBytes: 100, isClosed: true });
    expect(await feed.moreThan('a', Number.POSITIVE_INFINITY)).toEqual({ sizeBytes: 100, isClosed: true });
  });

  it('gives up, whoever waits or comes later, when no more pages will come', async () => {
    const feed = new JournalFeed();
    feed.update('a', { sizeBytes: 100, isClosed: true });
    const waiting = expect(feed.moreThan('b', 0)).rejects.toBeInstanceOf(LoadStopped);
    feed.stop();
    await waiting;
    await expect(feed.moreThan('a', 0)).rejects.toBeInstanceOf(LoadStopped);
  });
});
