import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { thisOperator } from '../../src/system/operator.ts';

const fails = (): never => {
  throw Object.assign(new Error('A system error occurred: uv_os_get_passwd returned ENOENT'), {
    code: 'ERR_SYSTEM_ERROR',
  });
};
const named = { hostname: () => 'archive-1', userInfo: () => ({ username: 'archivist' }) };

describe('who runs the program', () => {
  it('is the account on the machine', () => {
    expect(thisOperator(named)).toEqual({ host: 'archive-1', user: 'archivist' });
    expect(thisOperator().host).toBe(hostname());
  });

  it('is unknown in a container whose account has no name, and on a machine without one', () => {
    expect(thisOperator({ ...named, userInfo: fails })).toEqual({ host: 'archive-1', user: null });
    expect(thisOperator({ hostname: fails, userInfo: () => ({ username: '' }) })).toEqual({ host: null, user: null });
  });
});
