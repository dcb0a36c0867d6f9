import { expect, it } from '@jest/globals';
import { StoppedError } from '../../src/errors.ts';
import { inTime } from '../../src/queue/in-time.ts';
import { skippingClock } from '../support/clocks/skipping-clock.ts';
import { virtualClock } from '../support/clocks/virtual-clock.ts';
import { failure } from '../support/failure.ts';

const never = new AbortController().signal;
const nothing = () => new Promise<never>(() => undefined);

it('has what came in time, and sleeps no longer', async () => {
  const clock = skippingClock();
  expect(await inTime(Promise.resolve(3), clock, never)).toBe(3);
  const beforeMs = clock.now();
  await expect(clock.run(nothing())).rejects.toThrow('never comes');
  expect(clock.now()).toBe(beforeMs);
});

it('says why Redis refuses, where it does: of a full or read-only one it said that it does not respond', async () => {
  const refused = Object.assign(new Error("OOM command not allowed when used memory > 'maxmemory'.\nscript: 1"), {
    name: 'ReplyError',
  });
  expect(await failure(inTime(Promise.reject(refused), virtualClock(0), never))).toMatchObject({
    message: "Redis refuses: OOM command not allowed when used memory > 'maxmemory'.",
  });
});

it('says what the queue failed with, and that it did not respond: a run then reads by itself', async () => {
  expect(await failure(inTime(Promise.reject(new Error('READONLY')), virtualClock(0), never))).toMatchObject({
    ...{ kind: 'stopped', message: 'Redis does not respond any more', cause: { message: 'READONLY' } },
  });
  const clock = virtualClock(0);
  let error: unknown;
  void inTime(nothing(), clock, never).catch((cause: unknown) => (error = cause));
  await clock.passUntil(14_999);
  expect(error).toBeUndefined();
  await clock.passUntil(15_000);
  expect(error).toMatchObject({ kind: 'stopped', cause: { message: 'no response in 15 s' } });
});

it('ends by a signal as that says, not as a queue that is gone', async () => {
  const stop = new AbortController();
  const asked = inTime(nothing(), virtualClock(0), stop.signal);
  stop.abort(new StoppedError('the run is stopped'));
  expect(await failure(asked)).toMatchObject({ message: 'the run is stopped' });
});
