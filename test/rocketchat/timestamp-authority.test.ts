import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { askAuthority } from '../../src/rocketchat/timestamp-authority.ts';
import { closeAfterEach } from '../support/close-after-each.ts';
import { serve } from '../support/network/loopback.ts';

const closeAtEnd = closeAfterEach();
const query = Uint8Array.from([0x30, 0, 0xff]);

/** An authority whose answer is the query and a byte more. */
const authority = async (status = 200): Promise<string> => {
  const server = await serve((request, response) => {
    if (request.url === '/old') {
      response.writeHead(307, { location: '/' }).end();
      return;
    }
    void buffer(request).then((body) => {
      response.writeHead(status, { 'content-type': request.headers.accept ?? '' });
      response.end(Buffer.concat([body, Buffer.from([7])]));
    });
  });
  closeAtEnd(() => server.close());
  return server.url;
};

describe('a time stamping authority', () => {
  it('gets the bytes of the query, also where it has moved, and its own come back', async () => {
    const url = await authority();
    for (const place of [url, `${url}/old`]) {
      expect([...(await askAuthority(place, query, undefined))]).toEqual([0x30, 0, 0xff, 7]);
    }
  });

  it('that refuses, is not there or lies behind no proxy is named by its origin', async () => {
    const url = await authority(403);
    await expect(askAuthority(`${url}/a?key=secret`, query, undefined)).rejects.toThrow(
      `Cannot get a time stamp from ${url}: HTTP 403`,
    );
    await expect(askAuthority('http://127.0.0.1:1/a', query, undefined)).rejects.toThrow(
      'Cannot get a time stamp from http://127.0.0.1:1: ECONNREFUSED',
    );
    await expect(askAuthority(url, query, () => 'ftp://proxy')).rejects.toThrow(
      `Cannot get a time stamp from ${url}: the proxy of the environment: `,
    );
  });
});
