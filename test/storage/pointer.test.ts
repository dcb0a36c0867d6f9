import { describe, expect, it } from '@jest/globals';
import type { Bucket } from '../../src/storage/client/bucket.ts';
import { linkedRuns, pointerBytes, readPointer, wholeRuns, type Pointer } from '../../src/storage/pointer.ts';
import { failure } from '../support/failure.ts';

const hash = 'a'.repeat(64);
const link = (run: number) => ({ run, sha256: hash });
const pointer = (fields: Partial<Pointer> = {}): Pointer => ({
  ...{ version: 1, newest: link(2), sums: hash, pushing: null },
  ...fields,
});

/** A bucket that has this for a pointer; undefined: none. */
function bucketWith(text: string | undefined): Bucket {
  const found = text === undefined ? undefined : { bytes: Buffer.from(text), etag: '"1"', modifiedMs: 7, nowMs: 9 };
  return {
    read: () => Promise.resolve(found),
    client: { addressOf: (key: string) => `s3://archives/nightly/${key}` },
  } as unknown as Bucket;
}

describe('the runs that are there', () => {
  it('are those from the first up to a gap', () => {
    expect(linkedRuns([])).toEqual([]);
    expect(linkedRuns([1, 2, 3])).toEqual([1, 2, 3]);
    expect(linkedRuns([1, 2, 4, 5])).toEqual([1, 2]);
    expect(linkedRuns([2, 3])).toEqual([]);
  });

  it('are all for a reader when no push is open', () => {
    expect(wholeRuns([1, 2, 3], pointer())).toEqual([1, 2, 3]);
    expect(wholeRuns([1, 2, 4], pointer())).toEqual([1, 2]);
  });

  it('are those of the last push that has ended, until the last manifest of the open one has come', () => {
    const open = pointer({ pushing: link(4) });
    expect(wholeRuns([1, 2, 3], open)).toEqual([1, 2]);
    expect(wholeRuns([1, 2, 3, 4], open)).toEqual([1, 2, 3, 4]);
    expect(wholeRuns([1, 2, 4], open)).toEqual([1, 2]);
  });

  it('are none while the first push is open', () => {
    const first = pointer({ newest: null, sums: null, pushing: link(2) });
    expect(wholeRuns([1], first)).toEqual([]);
    expect(wholeRuns([1, 2], first)).toEqual([1, 2]);
  });
});

describe('the pointer', () => {
  it('is read as it was written, with what the store says of it', async () => {
    const written = pointer({ pushing: link(3) });
    expect(await readPointer(bucketWith(pointerBytes(written).toString()))).toEqual({
      ...{ pointer: written, etag: '"1"', modifiedMs: 7, nowMs: 9 },
    });
  });

  it('says of a bucket without one that nothing was pushed', async () => {
    expect(await readPointer(bucketWith(undefined))).toEqual({
      pointer: { version: 1, newest: null, sums: null, pushing: null },
      ...{ etag: null, modifiedMs: 0, nowMs: undefined },
    });
  });

  const text = pointerBytes(pointer()).toString();
  it.each([
    text.replace('"version": 1', '"version": 2'),
    text.replace('"run": 2', '"run": 0'),
    text.replace(hash, hash.slice(1)),
    text.replace(hash, `${hash}a`),
    text.slice(1),
  ])('that no push wrote is refused with its address: %j', async (damaged) => {
    expect(await failure(readPointer(bucketWith(damaged)))).toMatchObject({
      ...{ kind: 'output', message: expect.stringContaining('"s3://archives/nightly/_pushed.json"') },
      hint: expect.any(String),
    });
  });
});
