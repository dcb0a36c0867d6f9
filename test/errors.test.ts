import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { errorCode } from '../src/errors.ts';

it('reads the code of an error, also of another realm, and of nothing else', () => {
  expect(errorCode(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect(errorCode(runInNewContext("Object.assign(new Error('no'), { code: 'EPERM' })"))).toBe('EPERM');
  for (const value of [undefined, null, 'ENOENT', new Error('ENOENT'), { code: 5 }]) {
    expect(errorCode(value)).toBeUndefined();
  }
});
