import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loginUser } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { findTexts, holds } from '../../support/program/find-texts.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { inflict } from '../../support/network/faults.ts';
import { json, serve } from '../../support/network/loopback.ts';
import { runHere } from '../../support/program/fake-process.ts';
import type { Ended } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { fileWorkspace } from '../../support/workspaces/file-workspace.ts';
import { plainMessage } from '../../support/workspaces/small-workspace.ts';

const longIt = quickOrLong(it.skip, it);

/** One word, so that the index of the search has it as it is. */
const purgedText = 'xylophonewords';
const isLong = quickOrLong(false, true);
const purgedId = 'purged00000000001';
const pseudonymKey = 'pseudonym-key-of-this-test-0451';
const { privatePem } = sampleKey(7);

/** The middle line of the PEM holds the key itself. */
const secrets = {
  token: sampleLogin.authToken,
  password: sampleLogin.password,
  'proxy password': 'pr0xy-pass-of-this-test',
  'pseudonymize key': pseudonymKey,
  'signing key': privatePem.split('\n')[1] ?? '',
  'webhook path': 'h00k-of-this-test-9f8e7d6c',
};

interface Variant {
  readonly login: 'token' | 'password';
  readonly job: Readonly<Record<string, unknown>>;
  /** How much is printed. */
  readonly log: readonly string[];
}

const signed = { sign: { key: '${file:../key.pem}' } };
const texts = [
  { format: 'csv', compression: 'gzip' },
  { format: 'jsonl', compression: 'zstd' },
];
const kept = { transcript: true, report: true, load: 'sqlite:chat.db', notify: { webhook: '${HOOK}' }, ...signed };
const whole = { raw: 'keep', attachments: { avatars: true }, ...kept };
const pseudonymous = {
  transform: { steps: [{ pseudonymize: { key: '${PSEUDONYM_KEY}' } }] },
  ...kept,
};
const tables = [
  'messages',
  'mentions',
  'reactions',
  'attachments',
  'links',
  'message_versions',
  'rooms',
  'users',
  'room_members',
];

const logs: readonly Variant['log'][] = [
  ['--verbose', '--log-format', 'json'],
  ['--verbose', '--log-format', 'pretty'],
  ['--quiet'],
  [],
];

/** Every format in every compression, every login, every level of the log; what hides names cannot keep raw pages or files. */
const variants: readonly Variant[] = [
  {
    login: 'token',
    log: ['--verbose', '--log-format', 'json'],
    job: { ...whole, transform: { tables, md: 'json' }, sinks: [{ format: 'parquet' }, ...texts] },
  },
  ...quickOrLong<readonly Variant[]>(
    [],
    [
      ...logs.flatMap((log) =>
        (['token', 'password'] as const).map((login): Variant => ({
          login,
          log,
          job: { ...pseudonymous, sinks: [{ format: 'parquet' }, ...texts] },
        })),
      ),
      ...(['none', 'gzip', 'zstd'] as const).map((compression): Variant => ({
        login: 'password',
        log: [],
        job: {
          ...whole,
          transform: { tables },
          partition: 'month',
          sinks: [
            { format: 'csv', compression },
            { format: 'jsonl', compression },
          ],
        },
      })),
      ...(['none', 'snappy', 'gzip'] as const).map((compression): Variant => ({
        login: 'token',
        log: ['--verbose'],
        job: { ...whole, transform: { tables, md: 'json' }, sinks: [{ format: 'parquet', compression }] },
      })),
      { login: 'token', log: [], job: { ...whole, sinks: [{ format: 'parquet', engine: 'parquetjs-lite' }] } },
    ],
  ),
];

/** A room with a file and the text that is to go, in a message, an edit of it, a reaction and a link. */
function workspace(): Workspace {
  const avatar = { id: 'me', name: 'me', type: 'image/png', content: Buffer.from('picture'), uploadedAtMs: 0 };
  const chat = fileWorkspace([{ id: 'one' }, { id: 'two' }], { [loginUser.username]: avatar });
  chat.room('alpha')?.insert(storeMessage(purgedMessage(purgedText)));
  return chat;
}

const purgedMessage = (word: string, more: Readonly<Record<string, unknown>> = {}) =>
  plainMessage(7, {
    ...{ _id: purgedId, rid: 'alpha', msg: `${word} https://example.org/${word}`, u: loginUser },
    md: [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: word }] }],
    reactions: { ':tada:': { usernames: [`${word}-reactor`] } },
    attachments: [{ text: `attached ${word}` }],
    ...more,
  });

/** What a run prints. */
const said = ({ stdout, stderr }: Ended): Buffer => Buffer.from(stdout + stderr);

describe.each(variants)('with $login, $log and $job', ({ login, job, log }) => {
  longIt('no file and no line that is printed holds a secret, nor, when it is purged, the text', async () => {
    const chat = workspace();
    let failing = false;
    const { authToken, password, user, userId } = sampleLogin;
    const made = new Set<string>();
    const served = await serveWorkspace(chat, {
      intercept: inflict(({ endpoint, request }) => {
        const token = String(request.headers['x-auth-token'] ?? password);
        if (token !== password) made.add(token);
        if (!failing || endpoint !== 'groups.messages') return null;
        // A server that repeats what it was sent.
        const body = `{"success":false,"error":"cannot ${token}","errorType":"error-${token}"}`;
        return { kind: 'answer', status: 400, contentType: 'application/json', body };
      }),
    });
    const notified: Buffer[] = [];
    const hook = await serve((request, response) => {
      void buffer(request).then((body) => {
        notified.push(body);
        json(response, 200, {});
      });
    });
    try {
      await inTemporaryFolder(async (folder) => {
        const cwd = join(folder, 'all');
        mkdirSync(cwd);
        writeFileSync(join(folder, 'key.pem'), privatePem, { mode: 0o600 });
        writeFileSync(join(cwd, 'job.yaml'), stringify({ extract: [{ rooms: ['*'] }], output: 'archive', ...job }));
        const env = {
          ROCKETCHAT_URL: served.url,
          PSEUDONYM_KEY: pseudonymKey,
          HOOK: `${hook.url}/${secrets['webhook path']}`,
          NO_PROXY: '127.0.0.1',
          HTTPS_PROXY: `http://me:${secrets['proxy password']}@127.0.0.1:9`,
          ...(login === 'token'
            ? { ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken }
            : { ROCKETCHAT_USER: user, ROCKETCHAT_PASSWORD: password }),
        };
        const printed: Ended[] = [];
        const program = async (code: number, ...args: readonly string[]): Promise<Ended> => {
          const ended = await runHere([...args, ...log], { cwd, env });
          expect([args, ended.code, ended.code === code ? '' : ended.stderr]).toEqual([args, code, '']);
          printed.push(ended);
          return ended;
        };
        /** What the long suite does besides. */
        const whole = async (code: number, ...args: readonly string[]): Promise<void> => {
          if (isLong) await program(code, ...args);
        };
        const isPseudonymous = JSON.stringify(job).includes('pseudonymize');

        await whole(0, 'check', 'job.yaml');
        await whole(0, 'plan', 'job.yaml', '--json');
        await program(0, 'run', 'job.yaml', '--json');
        chat
          .room('alpha')
          ?.replace(storeMessage(purgedMessage(`${purgedText}2`, { _updatedAt: '2026-11-20T00:00:00.000Z' })));
        await program(0, 'run', 'job.yaml');
        await whole(0, 'transcript', 'archive', '--output', 'before.zip', '--zip');
        await whole(0, 'transcript', 'archive', '--output', 'before-rsmf', '--format', 'rsmf');
        await program(0, 'search', 'archive', purgedText);
        await whole(0, 'latest', 'archive');
        await whole(0, 'emit', 'archive', '--protocol', 'singer');
        expect(await findTexts(cwd, secrets)).toEqual([]);
        for (const lines of printed.map(said))
          for (const secret of Object.values(secrets)) expect(holds(lines, secret)).toBe(false);

        // What is looked for below is found where it is.
        const places = (await findTexts(cwd, { text: purgedText })).join('\n');
        for (const place of placesOf(job)) expect(places).toMatch(place);

        const messageId = isPseudonymous ? await idOf(program) : purgedId;
        const why = ['--reason', 'a test', '--by', 'me', '--sign-key', '../key.pem'];
        await program(0, 'purge', 'archive', '--message', messageId, ...why);
        for (const copy of ['before.zip', 'before-rsmf']) rmSync(join(cwd, copy), { recursive: true, force: true });
        printed.length = 0;
        await program(0, 'state', 'forget', 'archive', '--yes', '--sign-key', '../key.pem');
        failing = true;
        await program(1, 'run', 'job.yaml');
        failing = false;
        await program(0, 'run', 'job.yaml', '--json');
        await whole(0, 'compact', 'archive', '--sign-key', '../key.pem');
        await whole(0, 'compact', 'archive', '--latest', '--sign-key', '../key.pem');
        await program(0, 'run', 'job.yaml');
        await program(0, 'transcript', 'archive', '--output', 'after.zip', '--zip');
        await program(1, 'search', 'archive', purgedText);
        await whole(1, 'history', 'archive', messageId);
        await whole(0, 'latest', 'archive');
        await whole(0, 'emit', 'archive', '--protocol', 'singer');
        await whole(0, 'load', 'archive', '--to', 'sqlite:chat.db');
        await whole(0, 'report', 'archive');
        if (!isPseudonymous) await whole(0, 'rebuild', 'archive', '--output', 'rebuilt', '--job', 'job.yaml');
        await whole(0, 'transcript', 'archive', '--output', 'after-rsmf', '--format', 'rsmf');
        await whole(0, 'transcript', 'archive', '--output', 'after-eml', '--format', 'eml');
        await whole(0, 'state', 'show', 'archive', '--json');
        await program(0, 'verify', 'archive', '--json');
        await whole(0, 'verify', 'archive', '--server', 'job.yaml');

        // Errors of every sort.
        writeFileSync(
          join(cwd, 'wrong.yaml'),
          stringify({ ...job, extract: [{ rooms: ['nowhere'] }], output: '${PSEUDONYM_KEY}/${ROCKETCHAT_URL}' }),
        );
        await program(78, 'run', 'wrong.yaml', '--json');
        writeFileSync(
          join(cwd, 'unknown.yaml'),
          stringify({ extract: [{ rooms: ['*'] }], ...job, ofNothing: '${PSEUDONYM_KEY}' }),
        );
        await program(78, 'check', 'unknown.yaml');
        const printedAfter = await runHere(['run', 'job.yaml', '--json', ...log], {
          cwd,
          env: { ...env, ROCKETCHAT_URL: `http://me:${secrets['proxy password']}@127.0.0.1:9` },
        });
        expect(printedAfter.code).toBe(69);

        // Of a password the server makes tokens.
        const tokens = Object.fromEntries([...made].map((token, index) => [`token ${index}`, token]));
        expect(made.size).toBeGreaterThan(0);
        expect(await findTexts(cwd, { ...secrets, ...tokens, text: purgedText })).toEqual([]);
        expect(notified.length).toBeGreaterThan(0);
        for (const bytes of [...[...printed, printedAfter].map(said), ...notified]) {
          for (const text of [...Object.values(secrets), ...made]) expect(holds(bytes, text)).toBe(false);
        }
        for (const bytes of notified) expect(holds(bytes, purgedText)).toBe(false);
        const named = printed.filter((ended) => holds(said(ended), purgedText));
        // The search says what it was asked for.
        expect(named.map(({ stdout, stderr }) => stdout + stderr)).toEqual(
          named.slice(0, 1).map(({ stdout, stderr }) => stdout + stderr),
        );
      });
    } finally {
      await served.close();
      await hook.close();
    }
  });
});

/** Where the text has to be before it is purged. */
function placesOf(job: Variant['job']): readonly RegExp[] {
  const sinks = JSON.stringify(job['sinks']);
  return [
    /_view\/transcript\/.*\.html/,
    /_view\/transcript\/.*words-.*\.js/,
    ...(isLong ? [/before\.zip/, /before-rsmf\//] : []),
    /chat\.db/,
    ...('raw' in job ? [/_raw\/.*\.pages\.gz/] : []),
    ...(['parquet', 'csv', 'jsonl'] as const)
      .filter((format) => sinks.includes(format))
      .map((format) => new RegExp(`messages/.*\\.${format}`)),
  ];
}

async function idOf(program: (code: number, ...args: readonly string[]) => Promise<Ended>): Promise<string> {
  const { stdout } = await program(0, 'search', 'archive', purgedText, '--json');
  const first: unknown = JSON.parse(stdout.split('\n')[0] ?? '');
  const id = typeof first === 'object' && first !== null && 'messageId' in first ? first.messageId : undefined;
  expect(typeof id).toBe('string');
  return String(id);
}
