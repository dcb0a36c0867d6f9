import { describe, expect, it } from '@jest/globals';
import { shardSchema } from '../../../src/job/schema/shard-schema.ts';
import { jobFolder, shortest } from '../../support/program/job-folder.ts';

const folder = jobFolder();

describe('a shard', () => {
  it('is two numbers, as they are or as variables have them', async () => {
    const { shard } = await folder.load(`${shortest}shard: { index: '\${INDEX:-3}', count: 4 }\n`);
    expect(shard).toEqual({ index: 3, count: 4 });
  });

  it.each([
    [{ index: 4, count: 4 }],
    [{ index: '4', count: '4' }],
    [{ index: -1, count: 4 }],
    [{ index: '1.5', count: 4 }],
    [{ index: '', count: 4 }],
    [{ index: 0, count: 0 }],
    [{ index: 0, count: 1_001 }],
    [{ index: 0 }],
  ])('is not %j', (shard) => expect(shardSchema.safeParse(shard).success).toBe(false));

  it('says what is wrong with an index, by its line', () =>
    expect(folder.load(`${shortest}shard: { index: 4, count: 4 }\n`)).rejects.toThrow(
      /shard\.index: .*expected a whole number less than "count"/,
    ));
});
