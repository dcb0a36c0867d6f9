import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/system/clock.ts';

describe('systemClock', () => {
  it('sleeps to the end', async () => {
    await expect(systemClock.sleep(1)).resolves.toBeUndefined();
  });

  it.each(['before', 'while'])('wakes with the reason when it is aborted %s sleeping', async (when) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') abort.abort(reason);
    // Longer than one timer of Node can be.
    const sleeping = systemClock.sleep(2 ** 40, abort.signal);
    abort.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });
});
