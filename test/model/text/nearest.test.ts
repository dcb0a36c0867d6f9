import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearest } from '../../../src/model/text/nearest.ts';

const keys = ['name', 'server', 'extract', 'transform', 'sinks', 'output', 'concurrency', 'maxWait', 'compression'];

describe('nearest', () => {
  it.each([
    ['sink', 'sinks'],
    ['srever', 'server'],
    ['compresion', 'compression'],
    ['max-wait', 'maxWait'],
    ['MAX_WAIT', 'maxWait'],
    ['nmae', 'name'],
    ['ｏｕｔｐｕｔ', 'output'],
    ['tables', undefined],
    ['', undefined],
    ['x', undefined],
  ])('takes %j for %j', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  it('finds every key again after one typing error', () => {
    const position = fc.nat();
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        position,
        fc.constantFrom('drop', 'double', 'change', 'swap'),
        (key, at, error) => {
          const index = at % key.length;
          const letters = Array.from(key);
          const letter = letters[index] ?? '';
          if (error === 'drop') letters.splice(index, 1);
          else if (error === 'double') letters.splice(index, 0, letter);
          else if (error === 'change') letters[index] = '~';
          else letters.splice(index, 2, ...letters.slice(index, index + 2).reverse());
          expect(nearest(letters.join(''), keys)).toBe(key);
        },
      ),
    );
  });
});
