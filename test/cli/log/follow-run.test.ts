import { describe, expect, it } from '@jest/globals';
import { followRun } from '../../../src/cli/log/follow-run.ts';
import type { Log } from '../../../src/cli/log/log.ts';

function listen(isLive: boolean) {
  const said: string[] = [];
  const now = { ms: 0 };
  const shown: { render: (() => string) | null } = { render: null };
  const log: Log = {
    isLive,
    detail: () => undefined,
    info: (message) => said.push(message),
    warn: (message) => said.push(`warning: ${message}`),
    error: () => undefined,
    status: (render) => (shown.render = render),
  };
  const follower = followRun('nightly', log, { now: () => now.ms, sleep: () => Promise.resolve() });
  return { follower, said, now, status: () => shown.render?.() };
}

const named = { stream: 'journal-0', endpoint: 'groups.messages', room: 'ops' };
const started = {
  kind: 'started',
  ...{ run: 3, resumed: true, server: 'http://chat', user: 'ines', streams: 2, leftOut: [] },
} as const;

describe('following a run', () => {
  it('shows a watcher where the run is and what it waits for, second by second', () => {
    const { follower, said, now, status } = listen(true);
    expect(status()).toBe('nightly: connecting');
    follower.onEvent(started);
    follower.onEvent({ kind: 'page', ...named, messages: 100, fillsHole: false, total: 250 });
    follower.onWait({ kind: 'rate-limit', endpoint: 'groups.messages', ms: 42_000 });
    expect(status()).toBe(
      'nightly: 0 of 2 lists | 100 messages | waiting 42 s for the rate limit of groups.messages | ops 100 of 250',
    );
    now.ms = 12_000;
    expect(status()).toContain('waiting 30 s for');
    now.ms = 42_000;
    expect(status()).not.toContain('waiting');
    follower.onEvent({ kind: 'stream-read', ...named });
    expect(status()).toBe('nightly: 1 of 2 lists | 100 messages');
    follower.onEvent({ kind: 'publishing' });
    expect(status()).toBe('nightly: publishing');
    follower.end();
    expect(status()).toBeUndefined();
    expect(said).toEqual(['nightly: resuming run 3, 2 lists of http://chat as ines']);
  });

  it('warns of a room that is left out where somebody expects its messages, and only mentions the others', () => {
    const { follower, said } = listen(false);
    const leftOut = [
      { room: 'memes', note: 'Room "memes" was left out.', isExpected: true },
      { room: 'party', note: 'Room "party" was left out.', isExpected: false },
    ];
    follower.onEvent({ ...started, leftOut });
    expect(said.slice(1)).toEqual([
      'warning: nightly: Room "memes" was left out.',
      'nightly: Room "party" was left out.',
    ]);
  });

  it('tells a log each room that brought something, and each wait once however many requests share it', () => {
    const { follower, said } = listen(false);
    follower.onEvent(started);
    for (const ms of [42_000, 42_001, 41_999, 300]) follower.onWait({ kind: 'rate-limit', endpoint: 'me', ms });
    follower.onWait({ kind: 'rate-limit', endpoint: 'info', ms: 2 * 3_600_000 });
    follower.onWait({ kind: 'retry', endpoint: 'me', ms: 500, attempt: 1, error: 'Cannot read "me": reset' });
    follower.onEvent({ kind: 'page', ...named, messages: 1, fillsHole: false, total: null });
    follower.onEvent({ kind: 'stream-read', ...named });
    follower.onEvent({ kind: 'stream-read', ...named, stream: 'journal-1' });
    expect(said.slice(1)).toEqual([
      'Waiting 42 s for the rate limit of me',
      'warning: The server announces a wait of 2 h 0 min for the rate limit of info',
      'warning: Cannot read "me": reset; attempt 2 in 0.5 s',
      'groups.messages "ops": 1 new message',
    ]);
  });

  it('does not call a message new that fills a place left by earlier runs (regression: no row was written of it)', () => {
    const { follower, said } = listen(false);
    follower.onEvent(started);
    follower.onEvent({ kind: 'page', ...named, messages: 1, fillsHole: true, total: null });
    follower.onEvent({ kind: 'stream-read', ...named });
    expect(said.slice(1)).toEqual([
      'groups.messages "ops": 0 new messages, and 1 message that earlier runs could not read',
    ]);
  });
});
