import { expect, it } from '@jest/globals';
import { JobError } from '../../src/errors.ts';
import { expectSamePseudonyms } from '../../src/job/expect-same-pseudonyms.ts';
import type { PurgeRule } from '../../src/model/run/purge-rule.ts';
import { secretFingerprint } from '../../src/secret-fingerprint.ts';

const key = 'a-long-key-of-the-archive';
const pseudonymKey = secretFingerprint(key);
const user: PurgeRule = { kind: 'user', key: 'k', hash: 'h', until: '2026-01-01T00:00:00.000Z' };
const before: PurgeRule = { kind: 'before', before: '2026-01-01T00:00:00.000Z', heldRooms: [], heldUsers: ['u_1'] };

function jobWith(...keys: readonly string[]): Parameters<typeof expectSamePseudonyms>[0] {
  return { transform: { tables: ['messages'], steps: keys.map((one) => ({ kind: 'pseudonymize', key: one })) } };
}

it.each([user, before])('takes no other key, and not none, for an archive with a pseudonym in the rule %j', (rule) => {
  const rules = [rule, { ...rule, pseudonymKey }];
  expect(() => expectSamePseudonyms(jobWith(), rules)).toThrow(JobError);
  expect(() => expectSamePseudonyms(jobWith('another'), rules)).toThrow(pseudonymKey);
  expect(() => expectSamePseudonyms(jobWith(key), rules)).not.toThrow();
  expect(() => expectSamePseudonyms(jobWith('another'), [rule])).not.toThrow();
});
