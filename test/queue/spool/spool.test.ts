import { expect, it } from '@jest/globals';
import { isRunKey } from '../../../src/queue/spool/spool.ts';

it.each([
  ['0123456789abcdef0123', true],
  ['0123456789abcdef0123.over', true],
  ['0123456789abcdef012', false],
  ['0123456789abcdef01234', false],
  ['0123456789ABCDEF0123', false],
  ['0123456789abcdef0123.tmp', false],
  ['spool.json', false],
])('takes %s for the folder of a run: %s', (name, expected) => {
  expect(isRunKey(name)).toBe(expected);
});
