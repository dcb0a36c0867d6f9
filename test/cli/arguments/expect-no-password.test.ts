import { expect, it } from '@jest/globals';
import { UsageError } from '../../../src/errors.ts';
import { expectNoPassword } from '../../../src/cli/arguments/expect-no-password.ts';
import { runHere } from '../../support/program/fake-process.ts';

it('takes addresses without a password', () => {
  for (const url of [undefined, 'https://chat.example.org', 'https://proxy-user@chat.example.org', 'no address'])
    expect(() => expectNoPassword(url)).not.toThrow();
});

it.each([['rooms'], ['export', '--rooms', 'general'], ['init']])(
  'refuses a password in a flag, and does not repeat it: %s',
  async (...command) => {
    expect(() => expectNoPassword('https://user:s3cret@chat.example.org')).toThrow(UsageError);
    const ended = await runHere([...command, '--url', 'https://user:s3cret@chat.example.org']);
    expect(ended).toMatchObject({ code: 64, stderr: expect.stringContaining('Cannot use a password in --url') });
    expect(ended.stderr).not.toContain('s3cret');
  },
);
