import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openRunQueue } from '../../../src/queue/redis/open-run-queue.ts';
import { keyPrefix, type RedisAccess } from '../../../src/queue/redis/open-redis.ts';
import { queueName } from '../../../src/queue/redis/list-task.ts';
import type { QueueReport, TaskQueue } from '../../../src/queue/task-queue.ts';

const run = 'a'.repeat(20);
const server = { url: 'https://chat.example', version: '7.1', user: { id: 'u1', username: 'ada' } };

/** What stands for BullMQ: what it is asked for, in order. */
let asked: unknown[][];
/** The queue, and what Redis tells of its tasks. */
let opened: EventEmitter[];
const tell = (event: string, what: unknown): void => void opened[1]?.emit(event, what);
let countFails: boolean;
let queue: TaskQueue;
let reports: QueueReport[];

class Queue extends EventEmitter {
  constructor(name: string, options: unknown) {
    super();
    asked.push(['queue', name, options]);
    opened.push(this);
  }
  addBulk = (tasks: readonly unknown[]) => Promise.resolve(void asked.push(['add', ...tasks]));
  getWorkersCount = () => (countFails ? Promise.reject(new Error('gone')) : Promise.resolve(3));
  remove = (id: string) => Promise.resolve(void asked.push(['remove', id]));
  close = () => {
    asked.push(['close queue']);
    return Promise.reject(new Error('gone'));
  };
}

class QueueEvents extends EventEmitter {
  constructor(name: string, options: unknown) {
    super();
    asked.push(['events', name, options]);
    opened.push(this);
  }
  waitUntilReady = () => Promise.resolve(void asked.push(['ready']));
  close = () => {
    asked.push(['close events']);
    return Promise.reject(new Error('gone'));
  };
}

beforeEach(() => {
  [asked, opened, reports, countFails] = [[], [], [], false];
  const access = {
    bullmq: { Queue, QueueEvents },
    newClients: () => ({ open: (options = {}) => ({ options }), end: () => asked.push(['end']) }),
  } as unknown as RedisAccess;
  queue = openRunQueue(access, { server, spool: 'spool', run }, (report) => reports.push(report));
});

describe('the queue of a run', () => {
  it('is that of its login and its spool', () => {
    const name = queueName(server, 'spool');
    const prefix = keyPrefix;
    expect(asked).toEqual([
      // Of events no more are kept than a run that is away for a moment may miss; they are listened to when there are any.
      ['queue', name, { prefix, connection: { options: {} }, streams: { events: { maxLen: 1_000 } } }],
      ['events', name, { prefix, connection: { options: { lazyConnect: true } } }],
    ]);
  });

  it('gets its lists when what is reported of them is listened to, five hundred in one go', async () => {
    asked = [];
    const lists = Array.from({ length: 501 }, (_, at) => String(at + 1).padStart(4, '0'));
    await queue.add(lists);
    expect(asked.map(([what, ...tasks]) => [what, tasks.length])).toEqual([
      ['ready', 0],
      ['add', 500],
      ['add', 1],
    ]);
    expect(asked[2]?.[1]).toMatchObject({
      name: 'list',
      data: { run, list: '0501' },
      opts: {
        jobId: `${run}-0501`,
        attempts: 3,
        backoff: { type: 'fixed', delay: 5_000 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    });
    asked = [];
    await queue.remove(lists);
    expect(asked).toHaveLength(501);
    expect(asked.at(-1)).toEqual(['remove', `${run}-0501`]);
  });

  it('does not know how many workers there are when Redis is gone', async () => {
    expect(await queue.workers()).toBe(3);
    countFails = true;
    expect(await queue.workers()).toBeNull();
  });

  it('tells of its own lists by their numbers, and of others that some worker is at work', () => {
    const jobId = `${run}-0007`;
    tell('active', { jobId });
    tell('progress', { jobId, data: { kind: 'page', messages: 20, fillsHole: false, total: null } });
    tell('progress', { jobId, data: 'of another version' });
    tell('completed', { jobId, returnvalue: { requests: { 'im.messages': 3 } } });
    tell('completed', { jobId, returnvalue: 'of another version' });
    tell('failed', { jobId, failedReason: 'a worker gave up' });
    tell('failed', { jobId: `${'b'.repeat(20)}-0007`, failedReason: 'a worker gave up' });
    expect(reports).toEqual([
      { kind: 'alive' },
      { kind: 'page', list: '0007', messages: 20, fillsHole: false, total: null },
      { kind: 'alive', list: '0007' },
      { kind: 'filled', list: '0007', requests: { 'im.messages': 3 } },
      { kind: 'filled', list: '0007', requests: {} },
      { kind: 'failed', list: '0007', message: 'a worker gave up' },
      { kind: 'alive' },
    ]);
  });

  it('ends its connections at once, whatever a Redis that is gone says to that', () => {
    for (const part of opened) part.emit('error', new Error('gone'));
    asked = [];
    queue.close();
    expect(asked).toEqual([['close queue'], ['close events'], ['end']]);
  });
});
