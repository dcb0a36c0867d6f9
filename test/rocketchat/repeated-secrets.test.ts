import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { connect } from '../../src/rocketchat/connect.ts';
import type { Login } from '../../src/model/login.ts';
import { json, serve, workspace, type Handler, type Loopback } from '../support/network/loopback.ts';
import { impatientClock } from '../support/clocks/impatient-clock.ts';

const secret = 'Zq7-the_secret';
/** What the server makes of a password. */
const madeToken = 'Mk3-made_token';
const logins: readonly [string, Login][] = [
  ['token', { kind: 'token', userId: 'u1', authToken: secret }],
  ['password', { kind: 'password', user: 'archivist', password: secret }],
];

let loopback: Loopback | undefined;
afterEach(async () => {
  await loopback?.close();
  loopback = undefined;
});

/** Everything a careless logger could print. */
function everything(error: unknown): string {
  const plain = inspect(error, { depth: 9, showHidden: true, getters: true });
  return plain + JSON.stringify(error) + (error instanceof Error ? `${error.message}${error.stack ?? ''}` : '');
}

/** Servers and proxies that repeat what they were sent. */
const answers: readonly [string, Handler][] = [
  ['401', (_, response) => json(response, 401, { status: 'error', message: `Bad token ${secret} ${madeToken}` })],
  ['404', (_, response) => json(response, 404, { success: false, error: secret, errorType: `error-${secret}` })],
  ['429', (_, response) => json(response, 429, { success: false, error: secret }, { 'x-echo': secret })],
  ['500', (_, response) => json(response, 500, { success: false, error: `${secret} ${madeToken} failed` })],
  ['502 page', (_, response) => response.writeHead(502).end(`<pre>X-Auth-Token: ${secret}</pre>`)],
  ['redirect', (_, response) => response.writeHead(302, { location: `/login?token=${secret}` }).end()],
  ['200 page', (_, response) => response.end(`<html>${secret}`)],
  ['reset', (request) => request.socket.destroy()],
];

describe.each(logins)('a %s', (kind, login) => {
  it.each(answers)('is in no error after %s, neither while connecting nor later', async (_, answer) => {
    // Connecting: every answer is the bad one. Later: only that of the endpoint is.
    for (const handler of [answer, workspace(answer)]) {
      loopback = await serve((request, response) =>
        handler !== answer && request.url === '/api/v1/login'
          ? json(response, 200, { data: { userId: 'u1', authToken: madeToken, me: { username: 'a' } } })
          : handler(request, response),
      );
      const options = {
        url: loopback.url,
        login,
        clock: impatientClock(),
        concurrency: 16,
        random: () => 0,
        maxWaitMs: 0,
      };
      const failure = await connect(options)
        .then((chat) => chat.get('groups.messages', { roomId: 'r1' }).finally(() => chat.close()))
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(failure).toHaveProperty('exitCode');
      expect(everything(failure)).not.toContain(secret);
      // Before the login nobody can know the token that it will make.
      if (handler !== answer && kind === 'password') expect(everything(failure)).not.toContain(madeToken);
      await loopback.close();
    }
  });

  it('is in no error of a dead server', async () => {
    loopback = await serve(() => undefined);
    const { url } = loopback;
    await loopback.close();
    const failure: unknown = await connect({
      url,
      login,
      clock: impatientClock(),
      concurrency: 16,
      random: () => 0,
    }).catch((error: unknown) => error);
    expect(failure).toHaveProperty('kind', 'unreachable');
    expect(everything(failure)).not.toContain(secret);
    expect(kind).toBe(login.kind);
  });
});
