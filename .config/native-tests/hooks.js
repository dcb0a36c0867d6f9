// Node's module hooks for the tests: TypeScript, and `@jest/globals` of the test file that runs.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stripTypesOf } from './strip-types.js';

const globals = new URL('./globals.js', import.meta.url).href;

export function resolve(specifier, context, nextResolve) {
  if (specifier === '@jest/globals') return { url: globals, format: 'module', shortCircuit: true };
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: stripTypesOf(await readFile(path, 'utf8'), path), shortCircuit: true };
}
