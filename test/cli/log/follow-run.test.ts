import { describe, expect, it } from '@jest/globals';
import { followRun } from '../../../src/cli/log/follow-run.ts';
import type { Log } from '../../../src/cli/log/log.ts';
import type { RunEvent } from '../../../src/run-event.ts';

function listen(isLive: boolean) {
  const said: string[] = [];
  const now = { ms: 0 };
  const shown: { render: ((columns: number) => string) | null } = { render: null };
  const log: Log = {
    isLive,
    detail: () => undefined,
    info: (message) => said.push(message),
    warn: (message) => said.push(`warning: ${message}`),
    error: () => undefined,
    status: (render) => (shown.render = render),
  };
  const follower = followRun('nightly', log, { now: () => now.ms, sleep: () => Promise.resolve() });
  return { follower, said, now, status: (columns = 120) => shown.render?.(columns) };
}

const named = { stream: 'journal-0', endpoint: 'groups.messages', room: 'ops' };
const list = { endpoint: 'groups.messages', messages: 250, requests: 3, known: 0 };
const started: RunEvent = {
  kind: 'started',
  ...{ run: 3, resumed: true, server: 'http://chat', user: 'ines', streams: 2, leftOut: [] },
  expected: [
    { ...list, stream: 'journal-0' },
    { ...list, stream: 'journal-1', messages: 150, requests: 2 },
  ],
  rateLimits: { me: { calls: 10, windowMs: 60_000 } },
};
const page = { kind: 'page', ...named, messages: 100, fillsHole: false, total: 250 } as const;

describe('following a run', () => {
  it('shows a watcher where the run is and what it waits for, second by second', () => {
    const { follower, said, now, status } = listen(true);
    expect(status()).toBe('nightly: connecting');
    follower.onEvent(started);
    follower.onEvent(page);
    follower.onWait({ kind: 'rate-limit', endpoint: 'groups.messages', ms: 42_000 });
    expect(status()).toBe('███░░░░░░░░░ ops 100/250 · total 100/400 (25 %) · next call of groups.messages in 42 s');
    now.ms = 12_000;
    expect(status()).toContain('next call of groups.messages in 30 s');
    now.ms = 42_000;
    expect(status()).not.toContain('next call');
    follower.onEvent({ ...page, messages: 160, total: 260 });
    follower.onEvent({ kind: 'stream-read', ...named });
    expect(status()).toMatch(/^███████░░░░░ total 260\/410 \(63 %\) · done ≈ ..:..$/);
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

  it('warns that what an attempt before had saved is read again', () => {
    const { follower, said } = listen(false);
    follower.onEvent({ ...started, resumed: false, givesUpAnother: true });
    expect(said[1]).toMatch(/^warning: nightly: what the attempt before had saved is read again/);
  });

  it('tells a log each room that brought something, and of each endpoint the first wait', () => {
    const { follower, said } = listen(false);
    follower.onEvent(started);
    for (const ms of [300, 42_000, 42_001, 41_999]) follower.onWait({ kind: 'rate-limit', endpoint: 'me', ms });
    follower.onWait({ kind: 'rate-limit', endpoint: 'info', ms: 2 * 3_600_000 });
    follower.onWait({ kind: 'retry', endpoint: 'me', ms: 500, attempt: 1, error: 'Cannot read "me": reset' });
    follower.onEvent({ ...page, messages: 1, total: null });
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
    follower.onEvent({ ...page, messages: 1, fillsHole: true, total: null });
    follower.onEvent({ kind: 'stream-read', ...named });
    expect(said.slice(1)).toEqual([
      'groups.messages "ops": 0 new messages, and 1 message that earlier runs could not read',
    ]);
  });

  it('counts what the attempt that was cut has saved (regression: after a resume the counter fell back)', () => {
    const { follower, said, status } = listen(true);
    follower.onEvent(started);
    follower.onEvent({ kind: 'stream-resumed', ...named, messages: 200, pages: 2 });
    expect(status()).toContain('ops 200/250 · total 200/400 (50 %)');
    follower.onEvent({ ...page, messages: 50 });
    expect(status()).toContain('ops 250/250 · total 250/400 (62 %)');
    expect(said).toHaveLength(1);
  });

  it('does not report as new what an attempt that was cut has read to its end', () => {
    const { follower, said } = listen(false);
    follower.onEvent(started);
    follower.onEvent({ kind: 'stream-resumed', ...named, messages: 250, pages: 3 });
    follower.onEvent({ kind: 'stream-read', ...named });
    follower.onEvent({ kind: 'stream-resumed', ...named, stream: 'journal-1', messages: 100, pages: 1 });
    follower.onEvent({ ...page, stream: 'journal-1', messages: 50, total: 150 });
    follower.onEvent({ kind: 'stream-read', ...named, stream: 'journal-1' });
    expect(said.slice(1)).toEqual(['groups.messages "ops": 50 new messages']);
  });

  it('reports progress every five minutes where no terminal shows it', () => {
    const { follower, said, now } = listen(false);
    follower.onEvent(started);
    for (let minute = 1; minute <= 11; minute += 1) {
      now.ms = minute * 60_000;
      follower.onEvent({ ...page, messages: 20 });
      follower.onWait({ kind: 'rate-limit', endpoint: 'groups.messages', ms: 60_000 });
    }
    expect(said.slice(2).map((line) => line.replace(/\d\d:\d\d/, '…'))).toEqual([
      'nightly: ops 100/250 · total 100/400 (25 %) · done ≈ …',
      'nightly: ops 200/250 · total 200/400 (50 %) · done ≈ …',
    ]);
  });
});
