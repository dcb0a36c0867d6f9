import { expect, it } from '@jest/globals';
import { eachInTurn } from '../../src/pipeline/each-in-turn.ts';

it('does what comes behind a failure, one after the other, and fails with the first', async () => {
  const done: string[] = [];
  const step = (name: string, error?: Error) => async () => {
    done.push(`${name} begins`);
    await Promise.resolve();
    if (error !== undefined) throw error;
    done.push(`${name} ends`);
  };
  const steps = [step('report', new Error('no report')), step('push'), step('load', new Error('no database'))];
  await expect(eachInTurn(steps)).rejects.toThrow('no report');
  expect(done).toEqual(['report begins', 'push begins', 'push ends', 'load begins']);
  await expect(eachInTurn([step('push')])).resolves.toBeUndefined();
});
