import { expect, it } from '@jest/globals';
import type { EndpointCounts } from '../../src/model/rocketchat.ts';
import { requestsMade } from '../../src/pipeline/requests-made.ts';

const own: EndpointCounts = { requests: 3, retries: 1, rateLimited: 2, waitedMs: 400 };
const chat = { counts: () => ({ 'groups.messages': own, me: { ...own, requests: 1 } }) };

it('counts what a run has asked for itself', () => {
  expect(requestsMade(chat)).toEqual(chat.counts());
});

it('adds the answers that workers had for it, also of endpoints that it never asked', () => {
  expect(requestsMade(chat, { 'groups.messages': 4, 'im.messages': 5 })).toEqual({
    ...chat.counts(),
    'groups.messages': { ...own, requests: 7 },
    'im.messages': { requests: 5, retries: 0, rateLimited: 0, waitedMs: 0 },
  });
});
