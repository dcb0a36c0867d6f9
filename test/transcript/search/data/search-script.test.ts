import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { searchScript } from '../../../../src/transcript/search/data/search-script.ts';

const root = join(import.meta.dirname, '../../../..');

it('the script of the search is made of its source: UPDATE_DOCS=1 npm test -- search-script writes it', async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/transcript/search/page/search-page.ts'],
    bundle: true,
    write: false,
    // Classic: modules are not loaded from folders.
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    charset: 'utf8',
    legalComments: 'none',
  });
  const script = outputFiles[0]?.text ?? '';
  if (process.env['UPDATE_DOCS'] === '1') {
    const source = `// Made of page/search-page.ts by test/transcript/search/data/search-script.test.ts.\nexport const searchScript = ${JSON.stringify(script)};\n`;
    await writeFile(join(root, 'src/transcript/search/data/search-script.ts'), source);
  } else {
    expect(searchScript).toBe(script);
  }
  expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
});
