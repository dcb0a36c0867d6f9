import { expect, it } from '@jest/globals';
import { StoppedError } from '../../src/errors.ts';
import { Bell } from '../../src/queue/bell.ts';
import { virtualClock } from '../support/clocks/virtual-clock.ts';

const never = new AbortController().signal;

/** Whether a wait of ten seconds has ended. */
function waitFor(bell: Bell, clock = virtualClock(0)) {
  const wait = { clock, isOver: false };
  void bell.heard(clock, 10_000, never).then(() => (wait.isOver = true));
  return wait;
}

it('wakes whoever waits, at once', async () => {
  const bell = new Bell();
  const wait = waitFor(bell);
  await wait.clock.passUntil(9_999);
  expect(wait.isOver).toBe(false);
  bell.ring();
  await wait.clock.passUntil(9_999);
  expect(wait.isOver).toBe(true);
});

it('wakes the next who waits when nobody did, once: the one behind that waits for its time', async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  const wait = waitFor(bell);
  await wait.clock.passUntil(0);
  expect(wait.isOver).toBe(true);
  const next = waitFor(bell);
  await next.clock.passUntil(9_999);
  expect(next.isOver).toBe(false);
  await next.clock.passUntil(10_000);
  expect(next.isOver).toBe(true);
});

it('wakes all who wait, also when one of them has waited for its time meanwhile', async () => {
  const bell = new Bell();
  const [short, long] = [waitFor(bell), waitFor(bell)];
  await short.clock.passUntil(10_000);
  expect([short.isOver, long.isOver]).toEqual([true, false]);
  bell.ring();
  await long.clock.passUntil(0);
  expect(long.isOver).toBe(true);
});

it('is heard no more by who stops, though it rings at that moment', async () => {
  const [bell, stop] = [new Bell(), new AbortController()];
  const heard = bell.heard(virtualClock(0), 10_000, stop.signal);
  bell.ring();
  stop.abort(new StoppedError('the run is stopped'));
  await expect(heard).rejects.toThrow('the run is stopped');
});

it('is heard no more by who stops, and what goes wrong with the clock is not taken for a ring', async () => {
  const stop = new AbortController();
  const stopped = new Bell().heard(virtualClock(0), 10_000, stop.signal);
  stop.abort(new StoppedError('the run is stopped'));
  await expect(stopped).rejects.toThrow('the run is stopped');
  const broken = { now: () => 0, sleep: () => Promise.reject(new Error('no clock')) };
  await expect(new Bell().heard(broken, 10_000, never)).rejects.toThrow('no clock');
});
