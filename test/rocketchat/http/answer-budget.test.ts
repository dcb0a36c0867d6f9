import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerBudget } from '../../../src/rocketchat/http/answer-budget.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

/** Of a promise that may be waiting: what it came to so far. */
async function soFar(promise: Promise<boolean>): Promise<boolean | 'waiting'> {
  return Promise.race([promise, new Promise<'waiting'>((resolve) => setImmediate(() => resolve('waiting')))]);
}

describe('AnswerBudget', () => {
  it('lets an answer have its share at once, and the whole budget when it is alone', async () => {
    const budget = new AnswerBudget(4, 1_600);
    const [small, large] = [budget.lease(), budget.lease()];
    expect(await soFar(small.reserve(100))).toBe(true);
    const whole = large.reserve(1_600);
    expect(await soFar(whole)).toBe('waiting');
    small.end();
    expect(await soFar(whole)).toBe(true);
    expect(await soFar(budget.lease().reserve(1_601))).toBe(false);
  });

  it('admits in order of asking, so that small ones do not keep a large one waiting for ever', async () => {
    const budget = new AnswerBudget(4, 1_600);
    const [first, second, third] = [budget.lease(), budget.lease(), budget.lease()];
    await first.reserve(1_000);
    const asked = [second.reserve(1_500), third.reserve(500)];
    expect(await Promise.all(asked.map(soFar))).toEqual(['waiting', 'waiting']);
    first.end();
    expect(await Promise.all(asked.map(soFar))).toEqual([true, 'waiting']);
    second.hold(1_100);
    expect(await Promise.all(asked.map(soFar))).toEqual([true, true]);
  });

  it('does not let two half-read answers wait for each other', async () => {
    const budget = new AnswerBudget(2, 800);
    const [one, other] = [budget.lease(), budget.lease()];
    one.hold(100);
    other.hold(100);
    const [whole, rest] = [one.reserve(800), other.reserve(800)];
    expect(await soFar(whole)).toBe(true);
    expect(await soFar(rest)).toBe('waiting');
    one.end();
    expect(await soFar(rest)).toBe(true);
  });

  it('forgets who gives up waiting', async () => {
    const budget = new AnswerBudget(2, 800);
    const [one, other, third] = [budget.lease(), budget.lease(), budget.lease()];
    await one.reserve(800);
    const [gone, waiting] = [other.reserve(800), third.reserve(200)];
    other.end();
    expect(await soFar(gone)).toBe(false);
    expect(await soFar(other.reserve(800))).toBe(false);
    one.end();
    expect(await soFar(waiting)).toBe(true);
  });

  it('never gives reservations more than there is, and always lets somebody go on', async () => {
    const sizes = fc.array(fc.integer({ min: 101, max: 1_600 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.nat(99), { minLength: 20, maxLength: 20 }), async (wanted, order) => {
        const budget = new AnswerBudget(4, 1_600);
        const running: { readonly sizeBytes: number; readonly end: () => void }[] = [];
        let admitted = 0;
        for (const sizeBytes of wanted) {
          const lease = budget.lease();
          void lease.reserve(sizeBytes).then((fits) => {
            admitted += Number(fits);
            running.push({ sizeBytes, end: () => lease.end() });
          });
        }
        for (const pick of order) {
          await new Promise(setImmediate);
          expect(running.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThanOrEqual(1_600);
          running.splice(pick % Math.max(1, running.length), 1)[0]?.end();
        }
        expect(admitted).toBe(wanted.length);
      }),
      { numRuns: quickOrLong(15, 150) },
    );
  });
});
