import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../src/errors.ts';
import { parseServerUrl } from '../../src/rocketchat/server-url.ts';

describe('parseServerUrl', () => {
  it.each([
    ['https://chat.example.org', 'https://chat.example.org'],
    ['https://chat.example.org/', 'https://chat.example.org'],
    ['https://chat.example.org:443/api/v1/', 'https://chat.example.org'],
    ['http://chat.example.org:3000/team/chat//?a=b#c', 'http://chat.example.org:3000/team/chat'],
  ])('reads %s as %s', (text, url) => expect(parseServerUrl(text)).toEqual({ url, basicAuth: undefined, secrets: [] }));

  it('takes credentials out of the address', () => {
    const { url, basicAuth, secrets } = parseServerUrl('https://proxy:p%40ss%@chat.example.org');
    expect(url).toBe('https://chat.example.org');
    expect(basicAuth).toBe(`Basic ${Buffer.from('proxy:p%40ss%').toString('base64')}`);
    expect(secrets).toContain('p%40ss%');
  });

  it.each(['', 'chat.example.org', 'ftp://chat.example.org', 'user:hunter2@chat'])(
    'refuses %j without repeating it',
    (text) => {
      expect(() => parseServerUrl(text)).toThrow(UsageError);
      expect(() => parseServerUrl(text)).not.toThrow(/hunter2/);
    },
  );
});
