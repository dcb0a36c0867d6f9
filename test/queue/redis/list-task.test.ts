import { expect, it } from '@jest/globals';
import { listTaskSchema, queueName, taskProgressSchema } from '../../../src/queue/redis/list-task.ts';

it('gives runs and workers of another spool a queue of their own, which else ended each other with 64', () => {
  const server = { url: 'https://chat.example.com', user: { id: 'u1', username: 'ada' } };
  expect(queueName(server, 'one')).toBe(queueName(server, 'one'));
  expect(queueName(server, 'one')).not.toBe(queueName(server, 'other'));
});

it.each([
  ['a'.repeat(20), '0001', true],
  ['a'.repeat(20), '0123456789', true],
  [`../${'a'.repeat(20)}`, '0001', false],
  [`${'a'.repeat(20)}/..`, '0001', false],
  ['A'.repeat(20), '0001', false],
  ['a'.repeat(20), '../0001', false],
  ['a'.repeat(20), '0001/..', false],
  ['a'.repeat(20), '001', false],
])('lets nobody who writes to Redis lead a worker out of its spool: run %s, list %s', (run, list, expected) => {
  expect(listTaskSchema.safeParse({ run, list }).success).toBe(expected);
});

it('knows what a worker says while it is at work', () => {
  for (const said of [{ kind: 'alive' }, { kind: 'resumed', messages: 20, pages: 1 }])
    expect(taskProgressSchema.parse(said)).toEqual(said);
  expect(taskProgressSchema.safeParse({ kind: 'resumed' }).success).toBe(false);
});
