import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { purgeCheck, type PurgeRule } from '../../../src/model/run/purge-rule.ts';

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
    tsMs: fc.integer({ min: -1, max: 49 }).map((hours) => Date.UTC(2020, 0, 1) + hours * 3_600_000),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 5 }), message, (rules, sent) => {
      const isMeant = rules.some((each) => purgeCheck([each]).message(sent));
      expect(purgeCheck(rules).message(sent)).toBe(isMeant);
    }),
    { numRuns: 2000 },
  );
});
