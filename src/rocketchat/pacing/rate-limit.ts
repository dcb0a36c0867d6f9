import type { RateLimit } from '../../model/rocketchat.ts';
import type { IncomingHttpHeaders } from 'node:http';
import { parseDateHeaderMs, parseRateHeaders } from './rate-headers.ts';

/**
 * What one more answer shows of the limit; `known` when it shows nothing. For estimates only: the budget goes by what is
 * left of the window.
 *
 * The first call of a window shows its length by its reset. Only in the first minute of a server's life is that window
 * shorter than the others, because it began with the server.
 */
export function learnRateLimit(
  known: RateLimit | undefined,
  headers: IncomingHttpHeaders,
  receivedAtMs: number,
): RateLimit | undefined {
  const written = headers['x-ratelimit-limit'];
  const reported = parseRateHeaders(headers);
  if (reported === undefined || typeof written !== 'string' || !/^[1-9]\d{0,8}$/.test(written)) return known;
  const calls = Number(written);
  const windowMs = known?.calls === calls ? known.windowMs : null;
  if (reported.resetAtMs === undefined || reported.remaining !== calls - 1) return { calls, windowMs };
  const dateMs = parseDateHeaderMs(headers);
  // `Date` is cut to the second, the window is set in seconds.
  const serverNowMs = dateMs === undefined ? receivedAtMs : dateMs + 500;
  return { calls, windowMs: Math.max(1, Math.round((reported.resetAtMs - serverNowMs) / 1000)) * 1000 };
}
