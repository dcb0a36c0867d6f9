// Writes the types of the library, dist/types: of what the two entries lead to, and no other file.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './npm.js';

const root = join(import.meta.dirname, '..');
const types = join(root, 'dist/types');

/** `./x.ts`, as the declarations name each other, is `./x.d.ts` on the disk. */
function declarationsNamedIn(file) {
  const names = readFileSync(file, 'utf8').matchAll(/(?:from |import\()["'](\.[^"']+)\.ts["']/g);
  return Array.from(names, ([, name]) => join(dirname(file), `${name}.d.ts`));
}

function reachableFrom(entries) {
  const reached = new Set();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...declarationsNamedIn(file));
  }
  return reached;
}

/** Ends the process where the sources have a type error: what they declare would be wrong. */
export function writeTypes() {
  rmSync(types, { recursive: true, force: true });
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.config/tsconfig.build.json']);
  const kept = reachableFrom([join(types, 'index.d.ts'), join(types, 'testing/index.d.ts')]);
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const file = join(types, name);
    if (file.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
  }
}
