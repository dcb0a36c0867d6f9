import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadJob } from '../../src/job/load-job.ts';
import { env, jobFolder, shortest } from '../support/program/job-folder.ts';

const folder = jobFolder();

describe('a job file', () => {
  it('gets every default when it says only what to read and which format to write', async () => {
    expect(await folder.load(shortest)).toEqual({
      name: 'job',
      server: { url: env.ROCKETCHAT_URL, login: { kind: 'token', userId: 'uSeRiD', authToken: 't0ken' } },
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'csv' }],
      output: folder.path('output', 'job'),
      concurrency: 4,
    });
  });

  it.each([
    ['{ endpoint: groups.messages, rooms: ["*"] }', ['messages']],
    ['{ rooms: ["*"] }', ['messages']],
    ['{ endpoint: chat.getMentionedMessages, rooms: ["*"] }', ['mentioned_messages']],
    [
      '{ endpoint: chat.getMentionedMessages, rooms: ["*"] }, { endpoint: im.messages, rooms: ["*"] }',
      ['messages', 'mentioned_messages'],
    ],
  ])('writes the tables that its entries fill: extract [%s]', async (entries, tables) => {
    const { transform } = await folder.load(`extract: [${entries}]\nsinks: [{ format: csv }]\n`);
    expect(transform).toEqual({ tables });
  });

  it('has entries that read rooms of every kind, with the filters, and says no endpoint in them', async () => {
    const entry = '{ rooms: [a], mentionIds: all, starredIds: [x], pinned: true, via: history, pageSize: 9 }';
    const { extract } = await folder.load(`extract: [${entry}, { rooms: [b] }]\nsinks: [{ format: csv }]\n`);
    expect(extract).toStrictEqual([
      { rooms: ['a'], mentionIds: ['all'], starredIds: ['x'], pinned: true, via: 'history', pageSize: 9 },
      { rooms: ['b'] },
    ]);
  });

  it('names certificates by absolute paths, from the current folder on', async () => {
    const { server } = await folder.load(
      `${shortest}server: { tls: { ca: ca.pem, cert: ./tls/client.pem, key: /run/key.pem } }\n`,
    );
    expect(server.tls).toEqual({
      ...{ ca: folder.path('ca.pem'), cert: folder.path('tls', 'client.pem'), key: '/run/key.pem' },
    });
  });

  it('keeps everything it says', async () => {
    const job = await folder.load(`
name: nightly
server: { url: 'http://localhost:3000/chat//', user: bob, password: "p w" }
extract:
  - endpoint: groups.messages
    rooms: ["ops-*", "!ops-noise"]
    mentionIds: all
    starredIds: [a, b]
    pinned: true
    pageSize: 50
  - endpoint: chat.getMentionedMessages
    rooms: [general]
    pageSize: 10000
transform: { tables: [rooms, links], md: json }
sinks:
  - { format: parquet, compression: snappy }
  - { format: csv, delimiter: "\\t", bom: true, excelSafe: false, compression: none }
  - { format: csv, compression: gzip }
  - { format: jsonl, compression: zstd }
output: /srv/archive
concurrency: 16
maxWait: 1h30m
schedule: 15 2 * * *
raw: keep
`);
    expect(job).toEqual({
      name: 'nightly',
      server: { url: 'http://localhost:3000/chat', login: { kind: 'password', user: 'bob', password: 'p w' } },
      extract: [
        {
          endpoint: 'groups.messages',
          rooms: ['ops-*', '!ops-noise'],
          mentionIds: ['all'],
          starredIds: ['a', 'b'],
          pinned: true,
          pageSize: 50,
        },
        { endpoint: 'chat.getMentionedMessages', rooms: ['general'], pageSize: 10_000 },
      ],
      transform: { tables: ['rooms', 'links'], md: 'json' },
      sinks: [
        { format: 'parquet', compression: 'snappy' },
        { format: 'csv', delimiter: '\t', bom: true, excelSafe: false, compression: 'none' },
        { format: 'csv', compression: 'gzip' },
        { format: 'jsonl', compression: 'zstd' },
      ],
      output: '/srv/archive',
      concurrency: 16,
      maxWaitMs: 5_400_000,
      schedule: '15 2 * * *',
      raw: 'keep',
    });
  });

  it('writes under the current folder, not under its own', async () => {
    await folder.write('elsewhere.yaml', `${shortest}output: archive/here\n`);
    const job = await loadJob(folder.path('elsewhere.yaml'), env, '/srv/project');
    expect(job.output).toBe(join('/srv/project', 'archive/here'));
    expect(job.name).toBe('elsewhere');
  });

  it('may share parts through anchors', async () => {
    const job = await folder.load(`
extract:
  - { endpoint: groups.messages, rooms: &rooms [a, "\${ROCKETCHAT_USER_ID}"] }
  - { endpoint: chat.getMentionedMessages, rooms: *rooms }
sinks: [{ format: csv }]
`);
    expect(job.extract.map(({ rooms }) => rooms)).toEqual([
      ['a', 'uSeRiD'],
      ['a', 'uSeRiD'],
    ]);
  });

  it('may begin with a byte order mark and end its lines with CRLF', async () => {
    expect((await folder.load(`\ufeff${shortest.replaceAll('\n', '\r\n')}`)).concurrency).toBe(4);
  });
});

describe('the login of a job', () => {
  const url = { ROCKETCHAT_URL: 'https://x' };
  const token = { kind: 'token', userId: 'i', authToken: 't' };
  const password = { kind: 'password', user: 'u', password: 'p' };

  it.each([
    ['a token from the environment', '', { ROCKETCHAT_USER_ID: 'i', ROCKETCHAT_AUTH_TOKEN: 't' }, token],
    ['a password from the environment', '', { ROCKETCHAT_USER: 'u', ROCKETCHAT_PASSWORD: 'p' }, password],
    ['half a token from each', 'server: { userId: i }', { ROCKETCHAT_AUTH_TOKEN: 't', ROCKETCHAT_USER: 'u' }, token],
    [
      'half a password from each',
      'server: { user: u }',
      { ROCKETCHAT_AUTH_TOKEN: 't', ROCKETCHAT_PASSWORD: 'p' },
      password,
    ],
    [
      'the file before the environment',
      'server: { userId: i, authToken: t }',
      { ROCKETCHAT_AUTH_TOKEN: 'other' },
      token,
    ],
    [
      'the environment where keys are left empty',
      'server:\n  userId:\n  authToken: t',
      { ROCKETCHAT_USER_ID: 'i' },
      token,
    ],
    [
      'the environment where the server is left empty',
      'server:',
      { ROCKETCHAT_USER: 'u', ROCKETCHAT_PASSWORD: 'p' },
      password,
    ],
    [
      'a token beside empty variables',
      '',
      { ROCKETCHAT_USER_ID: 'i', ROCKETCHAT_AUTH_TOKEN: 't', ROCKETCHAT_USER: '' },
      token,
    ],
  ])('can be %s', async (_, server, variables, login) => {
    expect((await folder.load(`${shortest}${server}\n`, { ...url, ...variables })).server.login).toEqual(login);
  });
});

describe('a secret file', () => {
  it('loses the line breaks at its end and nothing else', async () => {
    await folder.write('token', 't0ken\r\n\n');
    await folder.write('password', ' p$ {ROCKETCHAT_URL} ${ROCKETCHAT_URL}\nsecond line\n');
    const withToken = await folder.load(`${shortest}server: { userId: i, authToken: "\${file:token}" }\n`);
    expect(withToken.server.login).toEqual({ kind: 'token', userId: 'i', authToken: 't0ken' });
    const path = folder.path('password');
    const withPassword = await folder.load(`${shortest}server: { user: u, password: "\${file:${path}}" }\n`);
    expect(withPassword.server.login).toMatchObject({
      password: ' p$ {ROCKETCHAT_URL} ${ROCKETCHAT_URL}\nsecond line',
    });
  });
});
