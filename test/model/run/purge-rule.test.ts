import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { keyedHash, purgeCheck, type Held, type PurgeRule } from '../../../src/model/run/purge-rule.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
const rule: fc.Arbitrary<PurgeRule> = fc.record({
  kind: fc.constant('before' as const),
  before: fc.constantFrom('2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z', '2020-01-03T00:00:00.000Z'),
  heldRooms: ids,
  heldUsers: ids,
});

it('purges what any rule of a retention says, whichever of them are looked at', () => {
  const message = fc.record({
    id: fc.constant('m'),
    versionOf: fc.constant(null),
    roomIds: fc.constantFrom(['a'], ['b'], ['c', 'a'], ['d']),
    userIds: fc.constantFrom(['a'], ['b'], ['c'], []),
    usernames: fc.constantFrom(['anna'], []),
    tsMs: fc.integer({ min: -1, max: 49 }).map((hours) => Date.UTC(2020, 0, 1) + hours * 3_600_000),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 5 }), message, (rules, sent) => {
      const isMeant = rules.some((each) => purgeCheck([each]).message(sent));
      expect(purgeCheck(rules).message(sent)).toBe(isMeant);
    }),
    { numRuns: quickOrLong(400, 20_000) },
  );
});

it('leaves what a job holds alone where it was purged by its time, and not where by its id or its sender', () => {
  const old = { id: 'm', versionOf: null, roomIds: ['room'], userIds: ['a'], usernames: ['anna'], tsMs: 0 };
  const before: PurgeRule = { kind: 'before', before: '2020-01-01T00:00:00.000Z', heldRooms: [], heldUsers: [] };
  const nobody: Held = { rooms: [], users: [] };
  const isPurged = (rules: readonly PurgeRule[], held = nobody): boolean => purgeCheck(rules, held).message(old);
  expect(isPurged([before])).toBe(true);
  expect(isPurged([before, { ...before, before: '2021-01-01T00:00:00.000Z' }], { ...nobody, rooms: ['room'] })).toBe(
    false,
  );
  for (const name of ['a', 'anna']) expect(isPurged([before], { ...nobody, users: [name] })).toBe(false);
  const all = { rooms: ['room'], users: ['a'] };
  const key = 'k';
  expect(isPurged([{ kind: 'messages', key, hashes: [keyedHash(key, 'm')] }], all)).toBe(true);
  expect(isPurged([{ kind: 'user', key, hash: keyedHash(key, 'a'), until: '2020-01-01T00:00:00.000Z' }], all)).toBe(
    true,
  );
});
