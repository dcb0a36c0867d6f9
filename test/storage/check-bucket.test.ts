import { describe, expect, it } from '@jest/globals';
import { checkBucket } from '../../src/storage/check-bucket.ts';
import { failure } from '../support/failure.ts';
import { openBucketAt } from '../support/storage/open-bucket.ts';
import { startedStores } from '../support/storage/started-store.ts';

const storeWith = startedStores();

describe('a bucket that is tried before it is written to', () => {
  it('keeps conditions, and nothing is written to it', async () => {
    const store = await storeWith();
    expect(await checkBucket(await openBucketAt(store.variables))).toEqual({ isConditional: true });
    expect(store.bucket('archives').versions.size).toBe(0);
    expect(store.requests.some((request) => request.startsWith('PUT archives/nightly/_check'))).toBe(true);
  });

  it.each([
    ['keys that are refused', { AWS_SECRET_ACCESS_KEY: 'another' }, 's3://archives/nightly', 77],
    ['a bucket that is not there', {}, 's3://missing/nightly', 69],
  ])('is an error with %s', async (_, more, address, exitCode) => {
    const store = await storeWith();
    const bucket = await openBucketAt({ ...store.variables, ...more }, address);
    expect(await failure(checkBucket(bucket))).toMatchObject({ exitCode });
  });

  it('is said to ignore conditions, and what it took is removed', async () => {
    const removed: string[] = [];
    const bucket = await openBucketAt((await storeWith()).variables);
    const found = await checkBucket({
      list: () => bucket.list(),
      replace: () => Promise.resolve('"etag"'),
      remove: (key) => Promise.resolve(void removed.push(key)),
    });
    expect(found).toEqual({ isConditional: false });
    expect(removed).toEqual(['_check']);
  });
});
