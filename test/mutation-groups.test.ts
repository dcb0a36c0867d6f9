import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

const groups = JSON.parse(readFileSync(join(root, '.config/mutation-groups.json'), 'utf8')) as Readonly<
  Record<string, { readonly sources: readonly string[]; readonly tests: readonly string[] }>
>;

interface Equivalent {
  readonly file: string;
  /** As the source has it, lines and their indentation made one space. */
  readonly original: string;
  readonly replacement?: string;
  readonly why: string;
}

const equivalents = JSON.parse(
  readFileSync(join(root, '.config/mutation-equivalents.json'), 'utf8'),
) as readonly Equivalent[];

describe('the faults that are named equivalent', () => {
  it('are of sources as they stand, and each has its reason', () => {
    const stale = equivalents.filter(({ file, original, why }) => {
      const source = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
      return why === '' || !source.replace(/\s+/g, ' ').includes(original);
    });
    expect(stale).toEqual([]);
  });
});

describe('the groups of test:mutation', () => {
  it.each(Object.entries(groups))('are sources and tests that are there: %s', (_name, { sources, tests }) => {
    expect([...sources, ...tests].filter((place) => !existsSync(join(root, place)))).toEqual([]);
    expect([sources.length, tests.length]).not.toContain(0);
  });
});
