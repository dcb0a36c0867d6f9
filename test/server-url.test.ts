import { describe, expect, it } from '@jest/globals';
import { parseServerUrl } from '../src/server-url.ts';

describe('the address of a server', () => {
  it.each([
    ['https://chat.example.org', 'https://chat.example.org', ''],
    ['https://chat.example.org/', 'https://chat.example.org', ''],
    ['https://chat.example.org:443/api/v1/', 'https://chat.example.org', ''],
    ['http://chat.example.org:3000/team/chat//', 'http://chat.example.org:3000', '/team/chat'],
  ])('%s is read as %s and a path', (text, origin, path) => {
    expect(parseServerUrl(text)).toEqual({ url: origin + path, origin, basicAuth: undefined, secrets: [] });
  });

  it('gives up the credentials of a proxy, which are shown nowhere', () => {
    const address = parseServerUrl('https://proxy:p%40ss%@chat.example.org');
    const encoded = Buffer.from('proxy:p%40ss%').toString('base64');
    expect(address).toMatchObject({ url: 'https://chat.example.org', basicAuth: `Basic ${encoded}` });
    expect(address).toHaveProperty('secrets', [encoded, 'proxy', 'proxy', 'p%40ss%', 'p%40ss%']);
  });

  it('takes for a secret what looks like one in a path, and no ordinary word', () => {
    expect(parseServerUrl('https://gateway.example.org/chat/Xk7%C3%A4-9f3a2b/rocketchat')).toMatchObject({
      origin: 'https://gateway.example.org',
      secrets: ['Xk7%C3%A4-9f3a2b', 'Xk7ä-9f3a2b'],
    });
  });

  it.each(['', 'chat.example.org', 'ftp://chat.example.org', 'user:hunter2@chat', 'https://chat/?token=hunter2'])(
    'refuses %j without repeating it',
    (text) => {
      const { problem } = parseServerUrl(text) as { problem: string };
      expect(problem).toMatch(/^expected an address/);
      expect(problem).not.toContain('hunter2');
    },
  );
});
