import { describe, expect, it } from '@jest/globals';
import { sumsDifferences } from '../../../src/archive/verify/verify-sums.ts';

const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
const path = '_manifest/SHA256SUMS';
const listOf = (...lines: readonly (readonly [string, string])[]) =>
  Buffer.from(lines.map(([hash, name]) => `${hash}  ${name}\n`).join(''));
const named = new Map([
  ['a.csv', one],
  ['b.csv', two],
]);
const nothing: ReadonlySet<string> = new Set();

describe('SHA256SUMS, compared with what the manifests name', () => {
  it('may say just that, in any order', () =>
    expect(sumsDifferences(listOf([two, 'b.csv'], [one, 'a.csv']), named, nothing)).toEqual([]));

  it('differs where it is gone, or no list of sums', () => {
    expect(sumsDifferences(undefined, named, nothing)).toEqual([
      { path, problem: 'missing', expected: '2 sums', actual: 'no such file' },
    ]);
    expect(sumsDifferences(Buffer.from('hello'), named, nothing)).toEqual([
      { path, problem: 'unreadable', expected: 'lines of SHA-256 and path', actual: 'something else' },
    ]);
  });

  it('differs by a line that it lacks, one that is another, and one of a file that nobody names', () => {
    const list = listOf([three, 'a.csv'], [three, 'c.csv']);
    expect(sumsDifferences(list, named, nothing)).toEqual([
      { path, problem: 'sums', expected: `${one}  a.csv`, actual: `${three}  a.csv` },
      { path, problem: 'sums', expected: `${two}  b.csv`, actual: 'no such line' },
      {
        path,
        problem: 'sums',
        expected: 'no such line: no manifest names the file',
        actual: `${three}  c.csv`,
      },
    ]);
  });

  it('may have or lack what is just being published, but not say something else of what is named', () => {
    const mayDiffer = new Set(['b.csv', 'c.csv']);
    expect(sumsDifferences(listOf([one, 'a.csv']), named, mayDiffer)).toEqual([]);
    expect(sumsDifferences(listOf([one, 'a.csv'], [two, 'b.csv'], [three, 'c.csv']), named, mayDiffer)).toEqual([]);
    expect(sumsDifferences(listOf([one, 'a.csv'], [three, 'b.csv']), named, mayDiffer)).toMatchObject([
      { expected: `${two}  b.csv`, actual: `${three}  b.csv` },
    ]);
  });

  it('may say anything of what a manifest named that cannot be read', () => {
    const unknown = new Map([['a.csv', '']]);
    expect(sumsDifferences(listOf([three, 'a.csv']), unknown, nothing)).toEqual([]);
    expect(sumsDifferences(Buffer.of(), unknown, nothing)).toEqual([]);
  });
});
