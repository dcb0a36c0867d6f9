import { expect, it } from '@jest/globals';
import { queueName } from '../../../src/queue/redis/list-task.ts';

it('gives runs and workers of another spool a queue of their own, which else ended each other with 64', () => {
  const server = { url: 'https://chat.example.com', user: { id: 'u1', username: 'ada' } };
  expect(queueName(server, 'one')).toBe(queueName(server, 'one'));
  expect(queueName(server, 'one')).not.toBe(queueName(server, 'other'));
});
