import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { AnswerBody } from '../../../src/rocketchat/http/answer-body.ts';
import { AnswerBudget } from '../../../src/rocketchat/http/answer-budget.ts';

const gzip = { 'content-encoding': 'gzip' };

function bodyOf(budget: AnswerBudget, headers: Readonly<Record<string, string>>, chunks: readonly Buffer[]) {
  const lease = budget.lease();
  const body = new AnswerBody(lease, headers);
  const rooms = chunks.map((chunk) => body.take(chunk));
  return { lease, body, rooms };
}

describe('AnswerBody', () => {
  it('counts what is inflated, not what came', async () => {
    const text = 'a'.repeat(50_000);
    const { lease, body, rooms } = bodyOf(new AnswerBudget(1, 100_000), gzip, [gzipSync(text)]);
    expect(rooms).toEqual([undefined]);
    expect((await body.decode()).toString()).toBe(text);
    expect(lease.sizeBytes).toBe(50_000);
  });

  it('does not begin to inflate what says that it is too large', async () => {
    const { lease, body } = bodyOf(new AnswerBudget(1, 100_000), gzip, [gzipSync('a'.repeat(100_000))]);
    await expect(body.decode()).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
    expect(lease.sizeBytes).toBeLessThan(1_000);
  });

  it('stops inflating what is larger than it says', async () => {
    const bomb = Buffer.concat([gzipSync('a'.repeat(90_000)), gzipSync('a'.repeat(90_000)), gzipSync('b')]);
    await expect(bodyOf(new AnswerBudget(1, 100_000), gzip, [bomb]).body.decode()).rejects.toMatchObject({
      code: 'ERR_BUFFER_TOO_LARGE',
    });
    // Several members are one body all the same.
    const whole = (await bodyOf(new AnswerBudget(1, 400_000), gzip, [bomb]).body.decode()).toString();
    expect(whole).toBe(`${'a'.repeat(180_000)}b`);
  });

  it('says that a body is damaged when it is', async () => {
    const cut = gzipSync('a'.repeat(9_000)).subarray(0, -9);
    await expect(bodyOf(new AnswerBudget(1, 100_000), gzip, [cut]).body.decode()).rejects.toMatchObject({
      code: expect.stringMatching(/^Z_/) as unknown,
    });
  });

  it('asks for room before it reads more than its share, for all of it as far as that is known', async () => {
    const budget = new AnswerBudget(2, 80_000);
    const half = Buffer.alloc(15_000);
    const known = bodyOf(budget, { 'content-length': '30000' }, [half]);
    expect(await known.rooms[0]).toBe(true);
    expect(known.lease.sizeBytes).toBe(30_000);
    expect(known.body.take(half)).toBeUndefined();
    const unknown = bodyOf(budget, {}, [half]);
    known.lease.end();
    expect(await unknown.rooms[0]).toBe(true);
    expect(unknown.lease.sizeBytes).toBe(80_000);
    expect(await unknown.body.decode()).toEqual(half);
    expect(unknown.lease.sizeBytes).toBe(15_000);
    expect(await bodyOf(budget, {}, [Buffer.alloc(80_001)]).rooms[0]).toBe(false);
  });

  it('reads an empty body', async () => {
    expect(await bodyOf(new AnswerBudget(1), {}, []).body.decode()).toEqual(Buffer.alloc(0));
    expect(await bodyOf(new AnswerBudget(1), gzip, [gzipSync('')]).body.decode()).toEqual(Buffer.alloc(0));
  });
});
