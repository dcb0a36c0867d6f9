import { describe, expect, it } from '@jest/globals';
import type { JournalProgress } from '../../src/journal/journal-feed.ts';
import { deferLoading, type Loading } from '../../src/load/defer-loading.ts';
import type { LoadResult } from '../../src/model/run/load-result.ts';

const megabyte = 1 << 20;

/** Where loading began, and what it was told of journals. */
function lab(isLight: () => Promise<boolean> = () => Promise.resolve(true)) {
  const begun: string[] = [];
  const told: (readonly [string, JournalProgress])[] = [];
  const place = (name: string): Loading => {
    begun.push(name);
    return {
      update: (journal, progress) => void told.push([journal, progress]),
      allRead: () => undefined,
      stop: () => {
        begun.push('stopped');
        return Promise.resolve();
      },
      result: new Promise<LoadResult>(() => undefined),
    };
  };
  const loading = deferLoading({ isLight, here: () => place('here'), inThreads: () => place('threads') });
  const turn = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return { begun, told, loading, turn };
}

const open = (sizeBytes: number): JournalProgress => ({ sizeBytes, isClosed: false });
const closed = (sizeBytes: number): JournalProgress => ({ sizeBytes, isClosed: true });

describe('deferLoading', () => {
  it('loads short journals in this thread when all is read, and knows the newest of each', async () => {
    const { begun, told, loading, turn } = lab();
    loading.update('a', open(10));
    loading.update('b', closed(megabyte / 2));
    loading.update('a', closed(megabyte / 2));
    await turn();
    expect(begun).toEqual([]);
    loading.allRead();
    await turn();
    expect(begun).toEqual(['here']);
    expect(told).toEqual([
      ['a', closed(megabyte / 2)],
      ['b', closed(megabyte / 2)],
    ]);
  });

  it('begins in threads as soon as all journals together are longer than a megabyte, and goes on telling them', async () => {
    const { begun, told, loading, turn } = lab();
    loading.update('a', open(megabyte));
    expect(begun).toEqual([]);
    loading.update('b', open(1));
    expect(begun).toEqual(['threads']);
    loading.update('b', closed(2));
    loading.allRead();
    await turn();
    expect(begun).toEqual(['threads']);
    expect(told).toEqual([
      ['a', open(megabyte)],
      ['b', open(1)],
      ['b', closed(2)],
    ]);
  });

  it('loads in threads what takes its time, however short the journals', async () => {
    const { begun, loading, turn } = lab(() => Promise.resolve(false));
    loading.allRead();
    await turn();
    expect(begun).toEqual(['threads']);
  });

  it('begins nothing after it was stopped, and stops what has begun', async () => {
    const early = lab();
    early.loading.allRead();
    await early.loading.stop();
    await early.turn();
    expect(early.begun).toEqual([]);
    const late = lab();
    late.loading.allRead();
    await late.turn();
    await late.loading.stop();
    expect(late.begun).toEqual(['here', 'stopped']);
  });

  it('fails where it cannot be told how long loading takes', async () => {
    const { begun, loading } = lab(() => Promise.reject(new Error('no manifest')));
    loading.allRead();
    await expect(loading.result).rejects.toThrow('no manifest');
    expect(begun).toEqual([]);
  });
});
