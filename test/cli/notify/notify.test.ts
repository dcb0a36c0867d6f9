import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secrets } from '../../../src/cli/log/secrets.ts';
import { keepAddresses } from '../../../src/cli/keep-login.ts';
import { notify } from '../../../src/cli/notify/notify.ts';
import { overdueNotification } from '../../../src/cli/notify/notification.ts';
import { json, serve, type Loopback } from '../../support/network/loopback.ts';

let receiver: Loopback | undefined;
let posted: { readonly url: string; readonly type: string | undefined; readonly body: unknown }[];

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

/** Responds with these statuses, the last one for ever. */
async function receive(statuses: readonly number[]): Promise<string> {
  posted = [];
  receiver = await serve((request, response) => {
    void text(request).then((body) => {
      posted.push({ url: request.url ?? '', type: request.headers['content-type'], body: JSON.parse(body) });
      const status = statuses[Math.min(posted.length, statuses.length) - 1] ?? 200;
      json(response, status, { success: status === 200 }, status === 302 ? { location: '/elsewhere' } : {});
    });
  });
  return receiver.url;
}

const notification = {
  ...overdueNotification('nightly', 'nightly', '2026-01-01T02:15:00.000Z'),
  text: 'nightly: Cannot log in with s3cret-token',
};

/** What is logged, and how long it pauses, while it notifies. */
async function tell(to: { webhook?: string; rocketchat?: string }) {
  const told: string[] = [];
  const pausesMs: number[] = [];
  const secrets = new Secrets({});
  secrets.add('s3cret-token');
  keepAddresses({ notify: to }, { keepSecret: (secret) => secrets.add(secret) });
  const say =
    (level: string) =>
    (message: string): void =>
      void told.push(secrets.hide(`${level} ${message}`));
  const log = {
    ...{ isLive: false, detail: say('detail'), info: say('info'), warn: say('warn') },
    ...{ error: () => undefined, status: () => undefined },
  };
  const clock = { now: () => 0, sleep: (ms: number) => Promise.resolve(void pausesMs.push(ms)) };
  const context = { log, hide: (shown: string) => secrets.hide(shown), processContext: { clock } };
  await notify({ name: 'nightly', notify: to }, notification, context);
  return { told, pausesMs, secrets };
}

describe('notify', () => {
  it('posts JSON to a webhook, and the sentence to a Rocket.Chat, both without secrets', async () => {
    const url = await receive([200]);
    const { told } = await tell({ webhook: `${url}/in`, rocketchat: `${url}/hooks/64f0aa/Zw9q8r7t6y5u` });
    const said = 'nightly: Cannot log in with [secret]';
    expect(posted.toSorted((a, b) => (a.url < b.url ? -1 : 1))).toEqual([
      { url: '/hooks/64f0aa/Zw9q8r7t6y5u', type: 'application/json', body: { text: said } },
      { url: '/in', type: 'application/json', body: { ...notification, text: said } },
    ]);
    const keys = ['notify.rocketchat', 'notify.webhook'];
    expect(told.toSorted()).toEqual(keys.map((key) => `detail nightly: told ${url} (${key})`));
  });

  it('tries twice more, then warns without the path, which is a secret', async () => {
    const url = await receive([500]);
    const { told, pausesMs, secrets } = await tell({ webhook: `${url}/hooks/64f0aa/Zw9q8r7t6y5u` });
    expect(posted).toHaveLength(3);
    expect(pausesMs).toEqual([1000, 5000]);
    expect(told).toEqual([`warn nightly: Cannot notify ${url} (notify.webhook): HTTP 500`]);
    expect(secrets.hide('Zw9q8r7t6y5u')).toBe('[secret]');
  });

  it('is done when a later attempt is taken', async () => {
    const { told } = await tell({ webhook: await receive([503, 200]) });
    expect(posted).toHaveLength(2);
    expect(told).toEqual([expect.stringContaining('detail nightly: told')]);
  });

  it('follows no redirect', async () => {
    const url = await receive([302]);
    expect((await tell({ webhook: url })).told).toEqual([
      `warn nightly: Cannot notify ${url} (notify.webhook): HTTP 302`,
    ]);
    expect(posted.map(({ url: path }) => path)).toEqual(['/', '/', '/']);
  });

  it('warns where nobody listens', async () => {
    const url = await receive([200]);
    await receiver?.close();
    expect((await tell({ webhook: url })).told).toEqual([
      `warn nightly: Cannot notify ${url} (notify.webhook): ECONNREFUSED`,
    ]);
  });
});
