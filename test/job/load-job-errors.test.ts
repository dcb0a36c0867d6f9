import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { JobError } from '../../src/errors.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { failure } from '../support/failure.ts';
import { env, jobFolder, shortest } from '../support/program/job-folder.ts';

const folder = jobFolder();

const extract = 'extract: [{ endpoint: groups.messages, rooms: ["*"] }]\n';
const sinks = 'sinks: [{ format: csv }]\n';

/** One mistake in a file, and the line of the error that names it. */
const mistakes: [mistake: string, text: string, line: string, hint?: string][] = [
  ['an unknown key', `${shortest}concurency: 3\n`, '3:1 concurency: unknown key', 'Did you mean "concurrency"?'],
  ['a key in the wrong case', `${shortest}max_wait: 3m\n`, '3:1 max_wait: unknown key', 'Did you mean "maxWait"?'],
  [
    'a key nobody knows',
    `${shortest}transform:\n  zzz: 1\n`,
    '4:3 transform.zzz: unknown key',
    'Known here: tables, md',
  ],
  ['a key of another place', `${shortest}tables: []\n`, '3:1 tables: does not belong here', 'It is a key of transform'],
  ['a key of Object', `${shortest}constructor: 1\n__proto__: 2\n`, '4:1 __proto__: unknown key'],
  [
    'a filter of the other endpoint',
    `${sinks}extract:\n  - endpoint: chat.getMentionedMessages\n    rooms: [a]\n    pinned: true\n`,
    '5:5 extract[0].pinned: does not belong here',
    'It is a key of extract[] with endpoint: groups.messages or channels.messages or im.messages or none',
  ],
  [
    'an unknown key of an entry without endpoint',
    `${sinks}extract:\n  - rooms: [a]\n    pinnd: true\n`,
    '4:5 extract[0].pinnd: unknown key',
    'Did you mean "pinned"?',
  ],
  [
    'an endpoint that is left empty',
    `${sinks}extract:\n  - endpoint:\n    rooms: [a]\n`,
    '3:14 extract[0].endpoint: is empty, expected one of "groups.messages", "channels.messages", "im.messages", "chat.getMentionedMessages"',
  ],
  [
    'a client certificate without its key',
    `${shortest}server: { tls: { cert: client.pem } }\n`,
    '3:16 server.tls: expected cert and key together',
  ],
  [
    'a database of a kind that nobody knows',
    `${shortest}load: mysql://root:hunter22@host/chat\n`,
    '3:7 load: expected postgres://user@host/database, sqlite:FILE or duckdb:FILE',
  ],
  [
    'a bucket with keys in its address',
    `${shortest}push: s3://AK:hunter22@archives/nightly\n`,
    '3:7 push: expected s3://bucket/prefix, without keys',
  ],
  [
    'a lock of no length',
    `${shortest}push: { to: s3://archives/nightly, objectLock: 7 years }\n`,
    '3:48 push.objectLock: expected years or days, such as 7y or 90d',
  ],
  ['a missing section', sinks, '1:1 extract: missing, expected a list of at least one'],
  ['an empty section', `${extract}sinks:\n`, '2:7 sinks: is empty, expected a list of at least one'],
  ['no sink', `${extract}sinks: []\n`, '2:8 sinks: expected a list of at least one'],
  [
    'a missing choice',
    `${extract}sinks:\n  - bom: true\n`,
    '3:5 sinks[0].format: missing, expected one of "parquet", "csv", "jsonl"',
  ],
  [
    'a misspelt key that chooses the others',
    `${sinks}extract:\n  - endpiont: groups.messages\n    rooms: [a]\n`,
    '3:5 extract[0].endpiont: unknown key',
    'Did you mean "endpoint"?',
  ],
  [
    'an unknown key beside an unknown endpoint',
    `${sinks}extract:\n  - endpoint: groups.message\n    room: [a]\n`,
    '4:5 extract[0].room: unknown key',
    'Did you mean "rooms"?',
  ],
  [
    'a misspelt format key',
    `${extract}sinks: [{ formt: csv }]\n`,
    '2:11 sinks[0].formt: unknown key',
    'Did you mean "format"?',
  ],
  [
    'an unknown format',
    `${extract}sinks:\n  - format: parqet\n`,
    '3:13 sinks[0].format: is "parqet", expected one of "parquet", "csv", "jsonl"',
    'Did you mean "parquet"?',
  ],
  [
    'a compression that the engine does not have',
    `${extract}sinks:\n  - format: parquet\n    engine: parquetjs-lite\n    compression: zstd\n`,
    '5:18 sinks[0].compression: is "zstd", engine "parquetjs-lite" does not have it, expected one of "snappy", "gzip", "none"',
  ],
  [
    'an engine that does not exist',
    `${extract}sinks: [{ format: parquet, engine: parquetjs }]\n`,
    '2:36 sinks[0].engine: is "parquetjs", expected one of "hyparquet", "parquetjs-lite"',
  ],
  [
    'two sinks with one name',
    `${extract}sinks:\n  - format: csv\n  - format: csv\n    compression: none\n`,
    '4:5 sinks[1]: would write the same files as a sink before it, expected each format and ending once',
  ],
  [
    'one word where a list belongs',
    `${sinks}extract:\n  - endpoint: groups.messages\n    rooms: ops\n`,
    '4:12 extract[0].rooms: is "ops", expected a list of at least one',
    'Put brackets around it, or write one line "- …" for each',
  ],
  [
    'a format where a list of them belongs',
    `${extract}sinks: csv\n`,
    '2:8 sinks: is "csv", expected a list of at least one',
    'Write a line for each format below "sinks:", such as "  - format: csv"',
  ],
  [
    'a list of the names of formats',
    `${extract}sinks: [csv]\n`,
    '2:9 sinks[0]: is "csv", expected',
    'Write a line for each format below "sinks:", such as "  - format: csv"',
  ],
  [
    'the sign of a shell for the home folder',
    `${shortest}output: ~/archive\n`,
    '3:9 output: is "~/archive", expected a path, "~" is not your home folder here: write the whole path',
  ],
  [
    'a number where text belongs',
    `${sinks}extract:\n  - endpoint: groups.messages\n    rooms: [2024]\n`,
    '4:13 extract[0].rooms[0]: is 2024, expected text',
    'Put quotes around it to make it text',
  ],
  [
    'a room that is only an exclamation mark',
    `${sinks}extract:\n  - endpoint: groups.messages\n    rooms: ["*", "!"]\n`,
    '4:18 extract[0].rooms[1]: is "!", expected an id, a name or a glob, "!" before it to exclude',
  ],
  [
    'two ids in one text',
    `${sinks}extract:\n  - { endpoint: groups.messages, rooms: [a], mentionIds: "a,b" }\n`,
    '3:58 extract[0].mentionIds: is "a,b", expected one id, without spaces or commas',
  ],
  [
    'no rows on a page',
    `${sinks}extract:\n  - { endpoint: groups.messages, rooms: [a], pageSize: 0 }\n`,
    '3:56 extract[0].pageSize: is 0, expected a whole number from 1 to 10000',
  ],
  [
    'too much concurrency',
    `${shortest}concurrency: 99\n`,
    '3:14 concurrency: is 99, expected a whole number from 1 to 16',
  ],
  ['no number', `${shortest}concurrency: .nan\n`, '3:14 concurrency: is NaN, expected a whole number from 1 to 16'],
  [
    'a variable for a number',
    `${shortest}concurrency: \${ROCKETCHAT_USER_ID}\n`,
    '3:14 concurrency: is the text of "${ROCKETCHAT_USER_ID}", expected a whole number from 1 to 16',
    'Variables give text: write the value itself here',
  ],
  ['a duration without a unit', `${shortest}maxWait: 30\n`, '3:10 maxWait: is 30, expected text such as "30m"'],
  [
    'a duration with a wrong unit',
    `${shortest}maxWait: 3 weeks\n`,
    '3:10 maxWait: is "3 weeks", expected a duration such as 90s, 30m, 2h or 1h30m',
  ],
  [
    'a schedule that is none',
    `${shortest}schedule: 61 * * * *\n`,
    '3:11 schedule: is "61 * * * *", expected a cron expression',
  ],
  [
    'a schedule that is a date',
    `${shortest}schedule: 2030-01-01T00:00:00\n`,
    '3:11 schedule: is "2030-01-01T00:00:00", expected',
  ],
  ['a schedule that never comes', `${shortest}schedule: 0 0 31 2 *\n`, '3:11 schedule: is "0 0 31 2 *", expected'],
  ['a home folder', `${shortest}output: ~/archive\n`, '3:9 output: is "~/archive", expected a path'],
  ['a name with a slash', `${shortest}name: a/b\n`, '3:7 name: is "a/b", expected a name without'],
  ['a name that is a folder', `${shortest}name: ..\n`, '3:7 name: is "..", expected a name'],
  [
    'a table twice',
    `${shortest}transform: { tables: [rooms, rooms] }\n`,
    '3:30 transform.tables[1]: is "rooms", expected each table once',
  ],
  ['a wrong constant', `${shortest}raw: true\n`, '3:6 raw: is true, expected "keep"'],
  [
    'a long delimiter',
    `${extract}sinks: [{ format: csv, delimiter: "||" }]\n`,
    '2:35 sinks[0].delimiter: is "||", expected one character',
  ],
  ['a server that is a text', `${shortest}server: https://x\n`, '3:9 server: expected keys with values'],
  [
    'an address of another kind',
    `${shortest}server: { url: "ftp://x" }\n`,
    '3:16 server.url: expected an address that begins with',
  ],
  [
    'an address with a query',
    `${shortest}server: { url: "https://x?token=b" }\n`,
    '3:16 server.url: expected an address without "?"',
  ],
  [
    'a token with a line break',
    `${shortest}server:\n  authToken: "a\\nb"\n`,
    '4:14 server.authToken: expected a token',
  ],
  [
    'a token and a password',
    `${shortest}server: { userId: i, user: u }\n`,
    '3:9 server: two logins, a token and a password (userId, user)',
  ],
  [
    'an unknown variable',
    `${shortest}output: \${NOWHERE}\n`,
    '3:9 output: the variable NOWHERE is not set',
    'Set NOWHERE, or write ${NOWHERE:-default}',
  ],
  [
    'an unknown variable for a token, which is not to be written into the file as a default',
    `${shortest}server: { userId: u, authToken: "\${NOWHERE}" }\n`,
    '3:33 server.authToken: the variable NOWHERE is not set',
    'Set NOWHERE; where a file sets it: set -a && . ./FILE && set +a',
  ],
  [
    'a variable that has to be there',
    `${shortest}output: \${EMPTY:?say where}\n`,
    '3:9 output: the variable EMPTY is empty: say where',
    'Set EMPTY; where a file sets it: set -a && . ./FILE && set +a',
  ],
  [
    'a retention without an end',
    `${shortest}retention: { messages: forever, reason: policy, by: me }\n`,
    '3:24 retention.messages: is "forever", expected a number of days or years, such as 90d or 7y',
  ],
  [
    "a retention on nobody's word",
    `${shortest}retention: { messages: 7y, reason: policy, by: " " }\n`,
    '3:48 retention.by: is " ", expected words: the chain keeps them',
  ],
  [
    'a retention that cannot see what is old',
    `${shortest}retention: { messages: 7y, reason: policy, by: me }\ntransform: { steps: [{ dropColumns: [ts] }] }\n`,
    '3:12 retention: which needs the column "ts" that "dropColumns" takes out, expected one of the two',
  ],
  [
    'a retention of what no table knows',
    `${shortest}retention: { messages: 7y, reason: policy, by: me }\ntransform: { tables: [mentions, links] }\n`,
    '3:12 retention: which needs the table "messages" to see what is old, expected it among "transform.tables"',
  ],
  ['no variable', `${shortest}output: "a/\${b c}"\n`, '3:9 output: holds a ${ that is no variable'],
  ['an open variable', `${shortest}output: "a/\${b"\n`, '3:9 output: holds a ${ that is no variable'],
  [
    'a secret file that is not there',
    `${shortest}output: \${file:none}\n`,
    '3:9 output: the file "none" does not exist',
  ],
  [
    'a key that nobody has made yet',
    `${shortest}sign: { key: "\${file:my keys/archive.key}" }\n`,
    '3:14 sign.key: the file "my keys/archive.key" does not exist',
    "Make the key once: rocketchat-export keygen 'my keys/archive.key'. Relative paths start from the current folder",
  ],
  [
    'a secret file that is a folder',
    `${shortest}output: \${file:.}\n`,
    '3:9 output: the file "." is not a regular file',
  ],

  ['an empty file', '', '1:1: the file is empty'],
  ['a file of comments', '# nothing\n', '1:1: the file is empty'],
  ['a list', '- a\n', '1:1: expected keys with values'],
  ['a second document', `${shortest}---\n${shortest}`, '3:1: a second document begins here'],
  ['a key twice', `${shortest}server:\n  url: a\n  url: b\n`, '5:3: the key "url" was there before, on line 4'],
  ['a tab', 'server:\n\turl: a\n', '2:1: a tab indents this line', 'Indent with spaces'],
  ['a star without quotes', 'rooms: [*]\n', '1:9: "*" begins an alias here'],
  ['an exclamation mark without quotes', 'rooms: [!ops]\n', '1:9: "!" begins a tag here'],
  [
    'a variable in brackets without quotes',
    'rooms: [${A}]\n',
    '1:10: a variable without quotes stands inside brackets',
    'Inside [ ] and { } a variable',
  ],
  [
    'a variable in braces without quotes, after which no line of the file can be read',
    'server: { url: ${ROCKETCHAT_URL} }\na: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n',
    '1:17: a variable without quotes stands inside brackets',
    'Inside [ ] and { } a variable',
  ],
  [
    'a room with the # of the client in brackets',
    'rooms: [#general]\nname: x\n',
    '1:9: "#" begins a comment here',
    'Write a room by its name alone',
  ],
  ['an open bracket', 'rooms: [a\n', '2:1: wrong indentation, or a bracket or quote that is not closed'],
  ['an alias of nothing', 'a: *b\n', '1:4: no anchor "&b" stands before this alias'],
  ['an alias of itself', 'a: &b [*b]\n', '1:8: the alias "*b" contains itself'],
  ['a list as a key', '? [a]\n: 1\n', '1:3: a key should be a word'],
  ['brackets without end', `a: ${'['.repeat(20_000)}\n`, '1:36: values are nested more than 32 deep'],
  ['dashes without end', `a:\n  ${'- '.repeat(20_000)}\n`, '2:67: values are nested more than 32 deep'],
];

describe('an error of a job file', () => {
  it.each(mistakes)('names %s with line, column and key', async (...[, text, line, hint]) => {
    const error = await failure(folder.load(text, { ...env, EMPTY: '' }));
    expect(error).toBeInstanceOf(JobError);
    expect(error.message).toContain(`\n  job.yaml:${line}`);
    if (hint !== undefined) expect(error.message).toContain(`\n    ${hint}`);
  });

  it('names all mistakes of the file, in its order', async () => {
    const error = await failure(
      folder.load('srver: 1\nextract:\n  - endpoint: x\n    rooms: []\nconcurrency: no\noutput: ${NO}\n', {}),
    );
    expect(error.message.split('\n').filter((line) => /^ {2}\S/.test(line))).toEqual([
      '  job.yaml:1:1 server.url: missing',
      '  job.yaml:1:1 server: no login, expected a token or a password',
      '  job.yaml:1:1 sinks: missing, expected a list of at least one',
      '  job.yaml:1:1 srver: unknown key',
      '  job.yaml:3:15 extract[0].endpoint: is "x", expected one of "groups.messages", "channels.messages", "im.messages", "chat.getMentionedMessages"',
      '  job.yaml:5:14 concurrency: is "no", expected a whole number from 1 to 16',
      '  job.yaml:6:9 output: the variable NO is not set',
    ]);
    expect(error.message).toMatch(/^Cannot use job file "job.yaml": 7 problems\n/);
  });

  it('says once that a file of another kind is no job, not of each of its lines', async () => {
    const lines = Array.from({ length: 30 }, (_, at) => `} else if (a${at}) { b: [c: {`).join('\n');
    const error = await failure(folder.load(`import x from 'y';\n${lines}\n`));
    expect(error.message).toContain('1 problem');
    expect(error.message).toMatch(/\d+ more lines of this file are no YAML: check that it is a job file/);
  });

  it('advises no quotes around a number that would be wrong with them, too', async () => {
    const error = await failure(folder.load(`${shortest}maxWait: 30\n`));
    expect(error.message).not.toContain('quotes');
  });

  it('says of a value whose variable is missing only that', async () => {
    const error = await failure(folder.load(`${shortest}server: { url: "\${NOWHERE}" }\n`));
    expect(error.message).toMatch(/^Cannot use job file "job.yaml": 1 problem\n.*the variable NOWHERE is not set/);
  });

  it('names the variable that a wrong default came from', async () => {
    const error = await failure(folder.load(shortest, { ...env, ROCKETCHAT_URL: 'chat.example.org' }));
    expect(error.message).toContain(
      '\n  variable ROCKETCHAT_URL: expected an address that begins with https:// or http://',
    );
  });

  it.each([
    [{}, 'server.url: missing'],
    [{ ROCKETCHAT_URL: 'https://x' }, 'server: no login'],
    [{ ROCKETCHAT_URL: 'https://x', ROCKETCHAT_USER_ID: 'i' }, 'server.authToken: missing'],
    [{ ROCKETCHAT_URL: 'https://x', ROCKETCHAT_PASSWORD: 'p' }, 'server.user: missing'],
    [{ ...env, ROCKETCHAT_USER: 'u' }, '(ROCKETCHAT_USER_ID, ROCKETCHAT_AUTH_TOKEN, ROCKETCHAT_USER)'],
  ])('asks for the address and one whole login: %j', async (variables, text) => {
    expect((await failure(folder.load(shortest, variables))).message).toContain(text);
  });

  it('stays small when aliases explode', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(10)}]`,
    );
    const error = await failure(folder.load(['l0: &l0 x', ...levels].join('\n')));
    expect(error.message).toContain('aliases make more than 10000 values');
    expect(error.message).toContain('1 problem\n');
  });
});

describe('a path that is no job file', () => {
  beforeAll(async () => {
    await mkdir(folder.path('a-folder'));
    await folder.write('large.yaml', '#'.repeat(70_000));
    await folder.write('latin1.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
  });

  it.each([
    ['none.yaml', 'there is no such file'],
    ['a-folder', 'it is a folder'],
    ['large.yaml', 'it has 70000 bytes, expected at most 65536'],
    ['latin1.yaml', 'it is not UTF-8 text'],
  ])('is named: %s', async (name, reason) => {
    const error = await failure(loadJob(name, env, folder.path()));
    expect(error).toBeInstanceOf(JobError);
    expect(error.message).toBe(`Cannot read job file "${name}": ${reason}`);
  });
});
