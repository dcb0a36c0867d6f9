import { expect, it } from '@jest/globals';
import { nameForId } from '../../../src/transcript/layout/page-names.ts';

it('gives no room a folder that programs take for an option', () => {
  const ids = ['会議室', 'חדר', '-rf', '--', '_x', ''];
  const names = ids.map(nameForId);
  expect(names.filter((name) => !/^[0-9A-Za-z][0-9A-Za-z-]*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(ids.length);
  expect(names[4]).toMatch(/^x-[0-9a-f]{16}$/);
});
