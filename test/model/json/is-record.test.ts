import { expect, it } from '@jest/globals';
import { ExactNumber } from '../../../src/model/json/exact-number.ts';
import { isRecord } from '../../../src/model/json/is-record.ts';

it('takes no list, null or number for an object of keys, however the number is held', () => {
  expect(isRecord({ a: 1 })).toBe(true);
  for (const value of [null, [], 'a', 1, new ExactNumber('12345678901234567890')]) expect(isRecord(value)).toBe(false);
});
