import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RocketChat } from '../../../src/model/rocketchat.ts';
import { TasksAtWork } from '../../../src/queue/redis/tasks-at-work.ts';

let tasks: TasksAtWork;
let alive: string[];

beforeEach(() => {
  tasks = new TasksAtWork();
  alive = [];
});

const begin = (id: string) => tasks.begin(id, () => alive.push(id));

/** A server that is asked by a task, and what it was asked. */
function asking(task: ReturnType<TasksAtWork['begin']>) {
  const log: string[] = [];
  const chat = {
    reader: () => ({
      get: (endpoint: string) => {
        log.push(endpoint);
        return endpoint === 'broken' ? Promise.reject(new Error('no answer')) : Promise.resolve({});
      },
      letGo: () => log.push('let go'),
    }),
  } as unknown as Pick<RocketChat, 'reader'>;
  const reader = task.reading(chat).reader();
  return {
    log,
    get: (endpoint: string) => reader.get(endpoint, {}),
    letGo: () => reader.letGo(),
  };
}

describe('the tasks of a worker', () => {
  it('count the answers that each has had, by endpoint', async () => {
    const [one, other] = [begin('1'), begin('2')];
    const { log, get, letGo } = asking(one);
    for (const endpoint of ['groups.messages', 'groups.messages', 'chat.getMessage']) await get(endpoint);
    await expect(get('broken')).rejects.toThrow('no answer');
    letGo();
    expect(log.at(-1)).toBe('let go');
    expect(one.requests()).toEqual({ 'groups.messages': 2, 'chat.getMessage': 1 });
    expect(other.requests()).toEqual({});
  });

  it('are read no further once another worker has them, and the others go on', async () => {
    const [lost, kept] = [begin('1'), begin('2')];
    const { log, get } = asking(lost);
    tasks.takenOver(['1', 'unknown']);
    await expect(get('groups.messages')).rejects.toMatchObject({
      kind: 'stopped',
      message: 'The list is read by another worker',
    });
    expect(log).toEqual([]);
    expect([lost.isTakenOver(), kept.isTakenOver()]).toEqual([true, false]);
    tasks.takenOver();
    expect(kept.isTakenOver()).toBe(true);
  });

  it('say that they are at work until they end; one that ends late takes nothing from the attempt behind it', () => {
    const first = begin('1');
    begin('2');
    tasks.tick();
    expect(alive.splice(0)).toEqual(['1', '2']);
    const second = begin('1');
    first.end();
    tasks.tick();
    expect(alive.splice(0).sort()).toEqual(['1', '2']);
    second.end();
    tasks.tick();
    expect(alive).toEqual(['2']);
  });
});
