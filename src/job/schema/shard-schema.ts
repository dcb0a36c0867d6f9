import { z } from 'zod';

/** More archives than anybody keeps in order. */
const mostShards = 1_000;

/** A variable such as JOB_COMPLETION_INDEX is text. */
function wholeNumber(first: number, last: number) {
  const text = z.string().regex(/^\d{1,4}$/, `expected a whole number from ${first} to ${last}`);
  return z.union([z.int().min(first).max(last), text]).check(({ value, issues }) => {
    const number = Number(value);
    if (number >= first && number <= last) return;
    issues.push({ code: 'custom', input: value, message: `expected a whole number from ${first} to ${last}` });
  });
}

/** Which part of a workspace a job reads: see Shard. */
export const shardSchema = z
  .strictObject({
    index: wholeNumber(0, mostShards - 1).meta({
      title: 'Which shard',
      description: 'From 0: of 4 shards the last has index 3.',
      examples: ['${JOB_COMPLETION_INDEX}', 0],
    }),
    count: wholeNumber(1, mostShards).meta({
      title: 'How many shards',
      description: 'Of all jobs of this workspace the same.',
      examples: [4],
    }),
  })
  .superRefine(({ index, count }, context) => {
    if (Number(index) < Number(count)) return;
    const message = `expected a whole number less than "count": the first shard has index 0`;
    context.addIssue({ code: 'custom', path: ['index'], message });
  })
  .meta({
    title: 'Read a part of the workspace',
    description:
      'Of the rooms that `extract` names, those whose shard it is: sha256(room id) mod count = index. Each shard is an archive of its own. Choose it before the first run.',
  });
