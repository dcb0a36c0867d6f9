import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { jobChanges } from '../support/changed-jobs/job-changes.ts';
import { expectGenerated, root } from './generated.ts';

const lines = jobChanges.map(({ change, does }) => `| ${change} | ${does} |`);

/** Names of properties, at any depth, of the parts of a job that change what is read or written. */
function keysIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => [
    ...(name === 'properties' ? Object.keys(value as object) : []),
    ...keysIn(value),
  ]);
}

describe('what docs/job-file.md says of a job that changes', () => {
  it('is what the tests of changed jobs hold', () =>
    expectGenerated(
      'docs/job-file.md',
      'job-changes',
      ['| what changes | what the next run does |', '| --- | --- |', ...lines].join('\n'),
    ));

  it('leaves out no key of a job file', async () => {
    const schema: unknown = JSON.parse(await readFile(join(root, 'jobs/job.schema.json'), 'utf8'));
    const said = jobChanges.map(({ change }) => change).join('\n');
    // Parts of keys that are named, and what belongs to a login, a purge or an address.
    const parts: readonly string[] = [
      ...['transform', 'format', 'options', 'index', 'count'],
      ...['url', 'userId', 'authToken', 'user', 'password', 'tls', 'ca', 'cert', 'key', 'timestamp'],
      ...['to', 'objectLock', 'webhook', 'rocketchat', 'messages', 'reason', 'by', 'users'],
    ];
    const isSaid = (key: string): boolean => new RegExp(`\`${key}[\`:]`).test(said);
    expect([...new Set(keysIn(schema))].filter((key) => !isSaid(key) && !parts.includes(key))).toEqual([]);
  });
});
