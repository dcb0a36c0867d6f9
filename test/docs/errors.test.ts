import { expect, it } from '@jest/globals';
import { errorList } from './error-list.ts';
import { expectGenerated } from './generated.ts';

it('docs/troubleshooting.md has every error of the sources, in its own words', async () => {
  const list = errorList();
  expect(list).toContain('`Cannot read job file "…": there is no such file`');
  expect(list).toContain('`no such host`: Check the host name in the url.');
  await expectGenerated('docs/troubleshooting.md', 'errors', list);
});
