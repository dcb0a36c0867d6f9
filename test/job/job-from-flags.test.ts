import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../src/errors.ts';
import { jobFromFlags, type ExportFlags } from '../../src/job/job-from-flags.ts';
import { failure } from '../support/failure.ts';
import { env, jobFolder } from '../support/program/job-folder.ts';

const folder = jobFolder();

function problems(flags: ExportFlags, variables: Readonly<Record<string, string>> = env): Promise<string> {
  return failure(Promise.resolve().then(() => jobFromFlags(flags, variables, '/srv'))).then((error) => {
    expect(error).toBeInstanceOf(UsageError);
    return error.message;
  });
}

describe('the flags of export', () => {
  it('need no more than rooms', () => {
    expect(jobFromFlags({ rooms: ['ops'] }, env, '/srv')).toEqual({
      name: 'export',
      server: { url: env.ROCKETCHAT_URL, login: { kind: 'token', userId: 'uSeRiD', authToken: 't0ken' } },
      extract: [{ rooms: ['ops'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'parquet' }],
      output: '/srv/output/export',
      concurrency: 4,
    });
  });

  it('make the job that a file with the same content is', async () => {
    const fromFile = await folder.load(`
name: both
server: { url: "https://flag.example.org" }
extract:
  - { endpoint: chat.getMentionedMessages, rooms: [a, "!b"], pageSize: 20 }
  - { endpoint: groups.messages, rooms: [a, "!b"], pageSize: 20, mentionIds: [all], starredIds: [x], pinned: true }
transform: { tables: [messages, links], md: json }
sinks: [{ format: csv, compression: gzip }, { format: jsonl, compression: gzip }]
output: out
concurrency: 2
maxWait: 2h
raw: keep
`);
    const fromFlags = jobFromFlags(
      {
        name: 'both',
        url: 'https://flag.example.org/',
        endpoint: ['chat.getMentionedMessages', 'groups.messages'],
        rooms: ['a', '!b'],
        pageSize: 20,
        mentionIds: ['all'],
        starredIds: ['x'],
        pinned: true,
        tables: ['messages', 'links'],
        md: 'json',
        format: ['csv', 'jsonl'],
        compression: 'gzip',
        output: 'out',
        concurrency: 2,
        maxWait: '2h',
        raw: 'keep',
      },
      env,
      folder.path(),
    );
    expect(fromFlags).toEqual(fromFile);
  });

  it('leave variables to the shell', () => {
    expect(jobFromFlags({ rooms: ['${A}'] }, env, '/srv').extract[0]?.rooms).toEqual(['${A}']);
  });

  it.each<[flags: ExportFlags, line: string]>([
    [{}, '--rooms: missing, expected a list of at least one'],
    [{ rooms: ['a', '!'] }, '--rooms: is "!", expected'],
    [{ rooms: ['a'], endpoint: ['groups.mesages'] }, '--endpoint: is "groups.mesages", expected one of'],
    [{ rooms: ['a'], format: ['cvs'] }, '--format: is "cvs", expected one of "parquet", "csv", "jsonl"'],
    [{ rooms: ['a'], format: ['csv', 'csv'] }, '--format: would write the same files'],
    [{ rooms: ['a'], format: [] }, '--format: expected a list of at least one'],
    [{ rooms: ['a'], format: ['csv'], compression: 'snappy' }, '--compression: is "snappy", expected one of "gzip"'],
    [{ rooms: ['a'], pageSize: '１００' }, '--page-size: is "１００", expected a whole number from 1 to 10000'],
    [{ rooms: ['a'], concurrency: 'abc' }, '--concurrency: is "abc", expected a whole number from 1 to 16'],
    [
      { rooms: ['a'], since: '2025-01-01', until: '2024-01-01' },
      '--since: is "2025-01-01", which is not before --until "2024-01-01"',
    ],
    [{ rooms: ['a'], maxWait: '30' }, '--max-wait: is "30", expected a duration'],
    [{ rooms: ['a'], mentionIds: ['a,b'] }, '--mention-ids: is "a,b", expected one id'],
    [{ rooms: ['a'], tables: ['mesages'] }, '--tables: is "mesages", expected one of'],
    [{ rooms: ['a'], md: 'yes' }, '--md: is "yes", expected "json"'],
    [{ rooms: ['a'], output: '' }, '--output: is "", expected'],
    [{ rooms: ['a'], url: 'chat' }, '--url: expected an address'],
    [
      { rooms: ['a'], endpoint: ['chat.getMentionedMessages'], pinned: true },
      '--pinned: is a filter of endpoints that this export does not read',
    ],
  ])('are named in their problems, however often they are looked at: %j', async (flags, line) => {
    await problems(flags);
    const message = await problems(flags);
    expect(message).toContain(`\n  ${line}`);
    expect(message).toMatch(/^Cannot export: 1 problem\n/);
  });

  it('name a flag once, however many endpoints and formats it goes to', async () => {
    const both = ['groups.messages', 'chat.getMentionedMessages'];
    const message = await problems({ endpoint: both, rooms: [], format: ['csv', 'jsonl'], compression: 'zip' });
    expect(message.match(/--rooms/g)).toHaveLength(1);
    expect(message.match(/--compression/g)).toHaveLength(1);
  });

  it('name the variables of the login, and of an address that no flag gave', async () => {
    expect(await problems({ rooms: ['a'] }, {})).toContain(
      '\n  variable ROCKETCHAT_URL: missing\n    Set the variable ROCKETCHAT_URL\n  login: no login',
    );
    const half = { ROCKETCHAT_URL: 'https://x', ROCKETCHAT_USER_ID: 'i' };
    expect(await problems({ rooms: ['a'] }, half)).toContain('\n  variable ROCKETCHAT_AUTH_TOKEN: missing');
    const wrong = { ...env, ROCKETCHAT_AUTH_TOKEN: 'a b' };
    expect(await problems({ rooms: ['a'] }, wrong)).toContain('\n  variable ROCKETCHAT_AUTH_TOKEN: expected a token');
  });
});
