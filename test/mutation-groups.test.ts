import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

const groups = JSON.parse(readFileSync(join(root, '.config/mutation-groups.json'), 'utf8')) as Readonly<
  Record<string, { readonly sources: readonly string[]; readonly tests: readonly string[] }>
>;

describe('the groups of test:mutation', () => {
  it.each(Object.entries(groups))('are sources and tests that are there: %s', (_name, { sources, tests }) => {
    expect([...sources, ...tests].filter((place) => !existsSync(join(root, place)))).toEqual([]);
    expect([sources.length, tests.length]).not.toContain(0);
  });
});
