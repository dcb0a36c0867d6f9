import { expect, it } from '@jest/globals';
import { exitCodes } from '../../src/errors.ts';
import { textOf } from './documents.ts';

it('docs/operations.md names every exit code', () => {
  const operations = textOf('docs/operations.md');
  const table = operations.slice(operations.indexOf('| exit code'), operations.indexOf('For a scheduler'));
  const named = [...table.matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap((match) =>
    (match[1] ?? '').split(', ').map(Number),
  );
  expect(named).toEqual(Object.values(exitCodes));
});
