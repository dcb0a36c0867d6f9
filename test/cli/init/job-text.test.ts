import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { jobText } from '../../../src/cli/init/job-text.ts';
import { sampleJobs } from '../../../src/cli/init/purpose.ts';

const jobs = join(import.meta.dirname, '../../../jobs');
const options = { name: 'mine', rooms: ['*'], output: 'kept', keyPath: 'mine.key', schemaPath: '/schema.json' };

/** Keys of the top level that stand in a comment, to be taken in by removing its sign. */
const suggested = /^# ([a-z][a-zA-Z]*): /gm;

it.each(Object.values(sampleJobs))('of %s leaves what may be uncommented where it stands', (name) => {
  const sample = readFileSync(join(jobs, name), 'utf8');
  const keysIn = (text: string): readonly string[] => [...text.matchAll(suggested)].map(([, key = '']) => key);
  expect(keysIn(jobText(sample, options)).toSorted()).toEqual(keysIn(sample).toSorted());
});

it('names in its comments the key that the job has, as whoever copies a command from them needs', () => {
  const sample = readFileSync(join(jobs, sampleJobs.compliance), 'utf8');
  const text = jobText(sample, options);
  expect(text).not.toContain('compliance.key');
  expect(text).toContain('verify kept --public-key mine.key.pub.pem');
  expect(text).toContain('keygen mine.key`');
  expect(text).toContain('${file:mine.key}');
  expect(jobText(sample, { ...options, keyPath: '/keys/compliance.key' })).toContain('keygen /keys/compliance.key`');
});
