// Node's module hooks for the tests: TypeScript, and `@jest/globals` of the test file that runs.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const globals = new URL('./globals.js', import.meta.url).href;
/** By the hash of its source what a file is without types: each worker reads most of the program, and so does the next run. */
const kept = join(import.meta.dirname, '../../node_modules/.cache/native-tests');
mkdirSync(kept, { recursive: true });

export function resolve(specifier, context, nextResolve) {
  if (specifier === '@jest/globals') return { url: globals, format: 'module', shortCircuit: true };
  // What we import of our own is named whole: Node would look for it, and for package.json, thousands of times.
  if (specifier.startsWith('.') && specifier.endsWith('.ts')) {
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.ts')) return nextLoad(url, context);
  return { format: 'module', source: await withoutTypes(fileURLToPath(url)), shortCircuit: true };
}

async function withoutTypes(path) {
  const source = readFileSync(path, 'utf8');
  const place = join(kept, createHash('sha256').update(source).digest('hex'));
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  // A worker that finds everything kept never loads the compiler.
  const { stripTypesOf } = await import('./strip-types.js');
  const stripped = stripTypesOf(source, path);
  // Two workers may write it at once: each its own file, and the same text.
  const own = `${place}.${process.pid}`;
  writeFileSync(own, stripped);
  renameSync(own, place);
  return stripped;
}
