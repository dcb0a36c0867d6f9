import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLineLog } from '../../../src/cli/log/line-log.ts';
import { hidingLog } from '../../../src/cli/log/hiding-log.ts';
import { createJsonLog } from '../../../src/cli/log/json-log.ts';
import { Secrets } from '../../../src/cli/log/secrets.ts';
import type { Log } from '../../../src/cli/log/log.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { impatientClock } from '../../support/clocks/impatient-clock.ts';
import { runHere } from '../../support/program/fake-process.ts';

/** All that comes from outside of the job file, and must not be printed. */
const outside = {
  JOB: 'project-nightingale',
  GATEWAY_USER: 'gate-user',
  GATEWAY_PASSWORD: 'p4ss w%rd',
  USER_ID: sampleLogin.userId,
};
const pathToken = 'k3y-0123456789abcdef';

let folder: string;
let served: ServedWorkspace;
/** Lets in who knows the path and the password; fails the second request, and repeats what it was asked. */
let gateway: Server;
let requests = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-outside-'));
  served = await serveWorkspace(createSampleWorkspace(), { cap: 100 });
  const target = new URL(served.url);
  gateway = createServer((incoming, response) => {
    const { url = '', headers, method } = incoming;
    requests += 1;
    if (!url.startsWith(`/${pathToken}/`) || requests === 2) {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: false, error: `${url} ${JSON.stringify(headers)}` }));
      return;
    }
    const path = url.slice(pathToken.length + 1);
    const { hostname, port } = target;
    incoming.pipe(
      request({ hostname, port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  await writeFile(join(folder, 'path-token'), `${pathToken}\n`);
  const { port } = gateway.address() as AddressInfo;
  await writeFile(
    join(folder, 'job.yaml'),
    `name: "\${JOB}"
server:
  url: "http://\${GATEWAY_USER}:p4ss%20w%25rd@\${HOST}:${port}/\${file:path-token}"
  userId: "\${USER_ID}"
  authToken: "\${file:token}"
extract: [{ endpoint: groups.messages, rooms: ["\${ROOM}"] }]
sinks: [{ format: jsonl }]
output: out/\${JOB}
`,
  );
  await writeFile(join(folder, 'token'), sampleLogin.authToken);
});

afterAll(async () => {
  gateway.close();
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

describe('values that came from variables and files', () => {
  it.each([
    ['lines', ['run', 'job.yaml', '--verbose']],
    ['JSON', ['run', 'job.yaml', '--verbose', '--log-format', 'json']],
    ['a plan', ['plan', 'job.yaml']],
    ['a check', ['check', 'job.yaml']],
  ])(
    'are in no warning, progress line, field or report of %s, and the address is shown as its origin',
    async (_, args) => {
      requests = 0;
      const env = { ...outside, ROOM: 'hiring-*', HOST: '127.0.0.1' };
      const { code, stdout, stderr } = await runHere(args, { cwd: folder, env, clock: impatientClock() });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const encoded = Buffer.from('gate-user:p4ss w%rd').toString('base64');
      for (const value of [...Object.values(outside), pathToken, 'p4ss%20w%25rd', encoded]) {
        expect(stderr).not.toContain(value);
        expect(stdout).not.toContain(value);
      }
      expect(stderr).toMatch(/http-500|: 500/);
      expect(stderr + stdout).toContain('http://127.0.0.1:');
      expect(stderr + stdout).toContain('[secret]');
    },
  );
});

describe('the log', () => {
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const speak = (log: Log): void => {
    log.detail('a-secret-value', { field: 'a-secret-value' });
    log.info('a-secret-value', { field: 'a-secret-value' });
    log.warn('a-secret-value', { hint: 'a-secret-value' });
    log.error({ message: 'a-secret-value', hint: 'a-secret-value' }, { field: 'a-secret-value' }, 'a-secret-value');
    log.status(() => 'a-secret-value');
    log.status(null);
  };

  it('hides in every way of talking, whatever it is asked to say', () => {
    const secrets = new Secrets({});
    secrets.addOutside('a-secret-value');
    let written = '';
    const stderr = { write: (text: string) => (written += text), columns: 80 };
    for (const mode of ['live', 'plain', 'timed'] as const) {
      speak(hidingLog(createLineLog({ stderr, clock }, 'detail', mode), secrets));
    }
    speak(hidingLog(createJsonLog({ stderr, clock }, 'detail'), secrets));
    expect(written).not.toContain('a-secret-value');
    expect(written.match(/\[secret\]/g)?.length).toBeGreaterThan(20);
  });

  it('hides a value as it is, quoted and in an address, but shows the origin of an address', () => {
    const secrets = new Secrets({ ROCKETCHAT_URL: 'https://chat.example.org/t0ken-in-path' });
    secrets.addOutside('say "hi"\n');
    secrets.addOutside('chat.example.org');
    secrets.addOutside('abc');
    expect(secrets.hide(JSON.stringify({ said: 'say "hi"\n' }))).toBe('{"said":"[secret]"}');
    expect(secrets.hide(`/x?y=${encodeURIComponent('say "hi"\n')}`)).toBe('/x?y=[secret]');
    expect(secrets.hide('of https://chat.example.org/t0ken-in-path')).toBe('of https://chat.example.org/[secret]');
    const withoutScheme = new Secrets({ ROCKETCHAT_URL: 'chat.example.org', ROCKETCHAT_AUTH_TOKEN: 't0ken' });
    expect(withoutScheme.hide('for example https://chat.example.org')).toBe('for example https://chat.example.org');
    for (const url of [
      'bob:p4ss@chat.example.org',
      't0ken',
      'chat.example.org/t0ken-in-path',
      'eyJhbGci.eyJzdWIi.c2lnbmF0_1',
    ]) {
      const secrets = new Secrets({ ROCKETCHAT_URL: url, ROCKETCHAT_AUTH_TOKEN: 't0ken' });
      expect(secrets.hide(`of ${url}`)).toMatch(/^of \[secret\]/);
    }
    // Three letters are in too many words, and no secret.
    expect(secrets.hide('abcdef')).toBe('abcdef');
  });
});
