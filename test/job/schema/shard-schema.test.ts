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
    [{ index: '0', count: '1001' }],
    [{ index: '1000', count: '1001' }],
    [{ index: '00000', count: 4 }],
    [{ index: 0 }],
  ])('is not %j', (shard) => expect(shardSchema.safeParse(shard).success).toBe(false));

  it.each([
    [{ index: 0, count: 1 }],
    [{ index: '0', count: '1' }],
    [{ index: '999', count: '1000' }],
    [{ index: 999, count: 1_000 }],
  ])('may be %j', (shard) => expect(shardSchema.safeParse(shard)).toMatchObject({ success: true, data: shard }));

  it.each(['0', '1001', 'four', ''])('says of %j how many shards there may be', (count) => {
    const messages = shardSchema.safeParse({ index: 0, count }).error?.issues.map((issue) => JSON.stringify(issue));
    expect(messages?.join()).toContain('expected a whole number from 1 to 1000');
  });

  it('says what is wrong with an index, by its line', () =>
    expect(folder.load(`${shortest}shard: { index: 4, count: 4 }\n`)).rejects.toThrow(
      /shard\.index: .*expected a whole number less than "count"/,
    ));
});
