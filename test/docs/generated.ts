import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import prettier from 'prettier';

export const root = join(import.meta.dirname, '../..');

/**
 * Expects a document to hold, between `<!-- name: … -->` and `<!-- /name -->`, what is made from the sources.
 * UPDATE_DOCS=1 npm test -- test/docs writes it.
 */
export async function expectGenerated(document: string, name: string, text: string): Promise<void> {
  const path = join(root, document);
  const marked = new RegExp(`(<!-- ${name}: .*? -->\\n).*?(<!-- /${name} -->)`, 's');
  const before = await readFile(path, 'utf8');
  expect(before).toMatch(marked);
  const made = before.replace(marked, (_, open: string, close: string) => `${open}\n${text}\n${close}`);
  const formatted = await prettier.format(made, { ...(await prettier.resolveConfig(path)), filepath: path });
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(path, formatted);
  expect(await readFile(path, 'utf8')).toBe(formatted);
}
