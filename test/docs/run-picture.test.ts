import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { runHere } from '../support/program/fake-process.ts';
import { runPicture } from '../support/program/run-picture.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { textOf } from './documents.ts';
import { root } from './generated.ts';

const inFolder = temporaryFolder();
const longIt = quickOrLong(it.skip, it);

longIt('docs/run.svg is a run of today: UPDATE_DOCS=1 npm run test:long -- run-picture makes it', async () => {
  const { code, stdout } = await runHere(['demo'], { cwd: inFolder('') });
  expect(code).toBe(0);
  const picture = runPicture('npx rocketchat-export demo', stdout);
  const path = join(root, 'docs/run.svg');
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(path, picture);
  expect(await readFile(path, 'utf8')).toBe(picture);
  expect(textOf('README.md')).toContain('](docs/run.svg)');
});
