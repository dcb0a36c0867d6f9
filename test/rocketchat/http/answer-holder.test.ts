import { describe, expect, it } from '@jest/globals';
import { AnswerBudget } from '../../../src/rocketchat/http/answer-budget.ts';
import { AnswerHolder } from '../../../src/rocketchat/http/answer-holder.ts';

describe('AnswerHolder', () => {
  it('keeps the answer that its reader works on in the budget, until the next is asked for or it is let go', async () => {
    const budget = new AnswerBudget(1, 100);
    const waits = async (): Promise<boolean> => {
      const lease = budget.lease();
      const isFree = await Promise.race([lease.reserve(100), new Promise((resolve) => setImmediate(resolve, false))]);
      lease.end();
      return isFree !== true;
    };
    const answer = async () => {
      const lease = budget.lease();
      await lease.reserve(60);
      return lease;
    };
    const holder = new AnswerHolder();
    holder.begin();
    holder.receive(await answer());
    expect(await waits()).toBe(true);
    holder.letGo();
    expect(await waits()).toBe(false);
    holder.begin();
    holder.receive(await answer());
    holder.begin();
    expect(await waits()).toBe(false);
    // One page is ahead of another, which its reader may not be able to wait for.
    holder.begin();
    holder.receive(await answer());
    expect(await waits()).toBe(false);
    holder.receive(await answer());
    expect(await waits()).toBe(true);
  });
});
