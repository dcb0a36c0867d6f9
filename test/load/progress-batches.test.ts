import { describe, expect, it } from '@jest/globals';
import { type ProgressBatch, progressBatches } from '../../src/load/progress-batches.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const open = (sizeBytes: number) => ({ sizeBytes, isClosed: false });
const closed = (sizeBytes: number) => ({ sizeBytes, isClosed: true });

describe('progressBatches', () => {
  it('posts the newest word on each journal, once per turn', async () => {
    const posted: ProgressBatch[] = [];
    const update = progressBatches((batch) => void posted.push(batch));
    update('a', open(0));
    update('b', open(5));
    update('a', closed(7));
    expect(posted).toEqual([]);
    await turn();
    expect(posted.map((batch) => [...batch])).toEqual([
      [
        ['a', closed(7)],
        ['b', open(5)],
      ],
    ]);
  });

  it('posts again what comes later, and nothing where nothing came', async () => {
    const posted: ProgressBatch[] = [];
    const update = progressBatches((batch) => void posted.push(batch));
    update('a', open(1));
    await turn();
    await turn();
    update('a', open(2));
    await turn();
    expect(posted.map((batch) => [...batch])).toEqual([[['a', open(1)]], [['a', open(2)]]]);
  });
});
