import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Every document for people, by its path from the root. */
export const documents: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'jobs/README.md'],
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);

/** @param path as in `documents` */
export function textOf(path: string): string {
  const text = documents[path];
  if (text === undefined) throw new Error(`There is no document "${path}"`);
  return text;
}

/** The code blocks of a language in a document; '': of no language. */
export function fenced(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}

/** A document without its code blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```\w*\n.*?^```$/gms, '');
}
