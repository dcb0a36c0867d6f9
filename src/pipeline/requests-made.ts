import type { EndpointCounts, RocketChat } from '../model/rocketchat.ts';

const nothing: EndpointCounts = { requests: 0, retries: 0, rateLimited: 0, waitedMs: 0 };

/** What a run has asked for, and others for it. @param answers by endpoint, those that others had */
export function requestsMade(
  chat: Pick<RocketChat, 'counts'>,
  answers: Readonly<Record<string, number>> = {},
): Readonly<Record<string, EndpointCounts>> {
  const counts: Record<string, EndpointCounts> = { ...chat.counts() };
  for (const [endpoint, had] of Object.entries(answers)) {
    const own = counts[endpoint] ?? nothing;
    counts[endpoint] = { ...own, requests: own.requests + had };
  }
  return counts;
}
