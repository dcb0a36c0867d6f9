import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { isRecord } from '../../src/model/json/is-record.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { failure } from '../support/failure.ts';
import { env, jobFolder, shortest } from '../support/program/job-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { unicodeText } from '../support/data/unicode-text.ts';

const folder = jobFolder();

/** What could end a string, a line or a variable, or begin something else. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '"',
      "'",
      '\n',
      '\r',
      '${',
      '$${',
      '}',
      '$',
      ': ',
      '- ',
      '#',
      '[',
      '{',
      '*',
      '&',
      '!',
      '\\',
      '---\n',
      '\t',
    ),
    unicodeText({ maxLength: 3 }),
  ),
  maxLength: 12,
});

describe('the value of a variable', () => {
  it('arrives as it is, whatever it holds, and changes nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (value) => {
        fc.pre(value !== '');
        const text = `${shortest}server: { user: u, password: "a\${X}b\${X}" }\n`;
        const job = await folder.load(text, { ...env, X: value });
        const plain = await folder.load(text, { ...env, X: 'x' });
        expect(job).toEqual({
          ...plain,
          server: { ...plain.server, login: { kind: 'password', user: 'u', password: `a${value}b${value}` } },
        });
      }),
      { numRuns: quickOrLong(8, 150) },
    );
  });
});

describe('a secret', () => {
  const secret = 'hUnTeR2-s3cret';
  const whole = {
    name: 'n',
    server: { url: 'https://x', userId: 'i', authToken: 't' },
    extract: [{ endpoint: 'groups.messages', rooms: ['a'], mentionIds: ['m'], pageSize: 5, pinned: true }],
    transform: { tables: ['messages'], md: 'json' },
    sinks: [{ format: 'csv', delimiter: ',', compression: 'none' }],
    output: 'o',
    concurrency: 2,
    maxWait: '3m',
    schedule: '@daily',
    raw: 'keep',
  };

  /** Every place of a job where a value can stand, as a list of keys. */
  function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
    const below = Array.isArray(value) || isRecord(value) ? Object.entries(value) : [];
    return [...(path.length > 0 ? [path] : []), ...below.flatMap(([key, child]) => placesIn(child, [...path, key]))];
  }

  function replaced(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
    if (key === undefined) return replacement;
    if (Array.isArray(value))
      return value.map((item: unknown, index) => (index === Number(key) ? replaced(item, rest, replacement) : item));
    return isRecord(value) ? { ...value, [key]: replaced(value[key], rest, replacement) } : value;
  }

  async function expectSilence(text: string, variables: Record<string, string>) {
    const outcome: unknown = await folder.load(text, variables).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(inspect(outcome, { depth: 20, showHidden: true })).not.toContain(secret);
  }

  it.each(placesIn(whole))('from a variable is in no error, wherever it stands: %s %s %s', async (...path) => {
    const text = stringify(replaced(whole, path, `\${SECRET} `));
    await expectSilence(text, { ...env, SECRET: secret });
    await expectSilence(`${text}unknown: 1\n`, { ...env, SECRET: secret });
    // As an invalid value of the wrong kind, and with what makes it invalid in most places.
    await expectSilence(text, { ...env, SECRET: `~/${secret}\u0000 !,` });
  });

  it.each([
    ['url', `https://bob:${secret}@x?y`],
    ['url', `${secret}://x`],
    ['authToken', `${secret} with spaces`],
    ['authToken', [secret]],
    ['password', { [`p`]: secret }],
    ['userId', `${secret}\n`],
  ])('that stands in the file itself under server.%s is in no error', async (key, value) => {
    const error = await failure(folder.load(shortest + stringify({ server: { [key]: value } })));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });

  it('of a proxy may stand in the address, and is kept apart from it', async () => {
    const { server } = await folder.load(`${shortest}server: { url: "https://bob:${secret}@x/chat" }\n`);
    expect(server.url).toBe('https://x/chat');
    expect(server.basicAuth).toBe(`Basic ${Buffer.from(`bob:${secret}`).toString('base64')}`);
  });

  it.each([
    `server: ${secret}`,
    `server: [${secret}]`,
    `server: "${secret}`,
    `server: {url: @${secret}`,
    `server:\n  url: "\\q${secret}"`,
  ])('in a file that YAML cannot read is in no error: %s', async (text) => {
    const error = await failure(folder.load(`${shortest}${text}\n`));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });

  it('from the environment is in no error', async () => {
    const variables = Object.fromEntries(Object.keys(env).map((name) => [name, `${secret}\n`]));
    const error = await failure(folder.load(`${shortest}zzz: 1\n`, variables));
    expect(error.message).toContain('variable ROCKETCHAT_AUTH_TOKEN');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });

  it('is hidden by whoever prints, but for variables that only name rooms', async () => {
    await folder.write('room', 'of-a-file');
    await folder.write(
      'job.yaml',
      `extract: [{ rooms: ["\${ROOM}", "\${file:${folder.path('room')}}", "\${TOKEN}"] }]
sinks: [{ format: csv }]
hold: { rooms: ["\${HELD}"] }
server: { userId: u, authToken: "\${TOKEN}" }\n`,
    );
    const hidden = new Set<string>();
    const variables = { ROCKETCHAT_URL: env.ROCKETCHAT_URL, ROOM: 'ops-*', TOKEN: secret, HELD: 'board' };
    await loadJob(folder.path('job.yaml'), variables, folder.path(), (value) => hidden.add(value));
    expect([...hidden].toSorted()).toEqual([secret, 'board', 'of-a-file'].toSorted());
  });

  it('is looked for in every place of a job', () => {
    expect(placesIn(whole)).toHaveLength(28);
    expect(parse(stringify(whole))).toEqual(whole);
  });
});
