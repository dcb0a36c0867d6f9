import { describe, expect, it } from '@jest/globals';
import { extractFingerprint, jobFingerprint } from '../../src/job/fingerprint.ts';
import type { Job } from '../../src/job/job.ts';

const job: Job = {
  name: 'n',
  server: { url: 'https://x', login: { kind: 'token', userId: 'i', authToken: 't' } },
  extract: [{ endpoint: 'groups.messages', rooms: ['a', 'b'], mentionIds: ['m', 'k'] }],
  transform: { tables: ['messages', 'links'] },
  sinks: [{ format: 'csv', bom: true }, { format: 'parquet' }],
  output: '/o',
  concurrency: 4,
};
const [entry] = job.extract;

/** A change of the job, and whether it changes what is read and what is written. */
const changes: [change: string, changed: Partial<Job>, read: boolean, written: boolean][] = [
  ['nothing', {}, false, false],
  ['the login', { server: { url: 'https://x', login: { kind: 'password', user: 'u', password: 'p' } } }, false, false],
  [
    'the place, the pace and the time',
    { output: '/p', concurrency: 1, maxWaitMs: 1, schedule: '@daily' },
    false,
    false,
  ],
  [
    'the page size',
    { extract: [{ endpoint: 'groups.messages', rooms: ['a', 'b'], mentionIds: ['m', 'k'], pageSize: 3 }] },
    false,
    false,
  ],
  [
    'the order of keys',
    { extract: [{ mentionIds: ['m', 'k'], rooms: ['a', 'b'], endpoint: 'groups.messages' }] },
    false,
    false,
  ],
  [
    'the order of ids',
    { extract: [{ endpoint: 'groups.messages', rooms: ['a', 'b'], mentionIds: ['k', 'm', 'k'] }] },
    false,
    false,
  ],
  [
    'the order of tables and formats',
    { transform: { tables: ['links', 'messages'] }, sinks: job.sinks.toReversed() },
    false,
    false,
  ],
  ['the server', { server: { ...job.server, url: 'https://y' } }, true, true],
  ['a room', { extract: [{ endpoint: 'groups.messages', rooms: ['a', 'c'], mentionIds: ['m', 'k'] }] }, true, true],
  ['a filter', { extract: [{ endpoint: 'groups.messages', rooms: ['a', 'b'], mentionIds: ['m'] }] }, true, true],
  [
    'the endpoint',
    { extract: [{ endpoint: 'chat.getMentionedMessages', rooms: ['a', 'b'], mentionIds: ['m', 'k'] }] },
    true,
    true,
  ],
  ['the default scope', { extract: entry === undefined ? [] : [{ ...entry, scope: 'joined' }] }, false, false],
  ['the scope', { extract: entry === undefined ? [] : [{ ...entry, scope: 'readable' }] }, true, true],
  ['that there is an endpoint', { extract: [{ rooms: ['a', 'b'], mentionIds: ['m', 'k'] }] }, true, true],
  ['an entry', { extract: entry === undefined ? [] : [entry, entry] }, true, true],
  ['the name', { name: 'm' }, false, true],
  ['a table', { transform: { tables: ['messages'] } }, false, true],
  ['md', { transform: { ...job.transform, md: 'json' } }, false, true],
  ['a format', { sinks: [{ format: 'parquet' }] }, false, true],
  [
    'the library that encodes',
    {
      sinks: [
        { format: 'csv', bom: true },
        { format: 'parquet', engine: 'parquetjs-lite' },
      ],
    },
    false,
    true,
  ],
  ['an option of a format', { sinks: [{ format: 'csv' }, { format: 'parquet' }] }, false, true],
  ['raw', { raw: 'keep' }, false, true],
];

describe('fingerprints of a job', () => {
  it.each(changes)('tell whether %s changes what is read or written', (_, changed, read, written) => {
    const other = { ...job, ...changed };
    expect(extractFingerprint(other) !== extractFingerprint(job)).toBe(read);
    expect(jobFingerprint(other) !== jobFingerprint(job)).toBe(written);
  });

  it('are the same in every version of the program, so that archives go on', () => {
    // Computed by another program (Python's json and hashlib).
    expect(extractFingerprint(job)).toBe('28dabd138ceffb50243b38a1a1b8b8a492fd0c6161c58fad3bbe5f18062fc6c7');
    expect(jobFingerprint(job)).toBe('07288a16143c08163a4ee323576f790a03f3e61bec4f151be25da540e979d4be');
  });
});
