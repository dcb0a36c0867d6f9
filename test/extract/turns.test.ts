import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from '../../src/extract/turns.ts';

interface Item {
  readonly name: string;
  /** Added when this one is done. */
  readonly next?: Item;
}

describe('turns', () => {
  it('come in the order of adding, only so many at once, and are over when what they added is done, too', async () => {
    const told: string[] = [];
    let [active, most] = [0, 0];
    const turns = new Turns<Item>(2, async ({ name, next }) => {
      active += 1;
      most = Math.max(most, active);
      told.push(name);
      await setImmediate();
      if (next !== undefined) turns.add(next);
      active -= 1;
    });
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) turns.add(name === 'four' ? { name, next: { name: 'five' } } : { name });
    await turns.idle();
    expect(told).toEqual([...names, 'five']);
    expect(most).toBe(2);
    turns.add({ name: 'six' });
    await turns.idle();
    expect(told.at(-1)).toBe('six');
  });

  it('are over at once where nothing was added', async () => {
    await new Turns<Item>(1, () => Promise.reject(new Error('Nothing is to be done'))).idle();
  });

  it('have made nothing of what still waits: a promise and what it will do cost a kilobyte for each of many rooms', async () => {
    const begun: Item[] = [];
    let finish = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (finish = resolve));
    const turns = new Turns<Item>(3, (item) => {
      begun.push(item);
      return blocked;
    });
    for (let room = 0; room < 1_000; room++) turns.add({ name: String(room) });
    expect(begun).toHaveLength(3);
    finish();
    await turns.idle();
    expect(begun).toHaveLength(1_000);
  });
});
