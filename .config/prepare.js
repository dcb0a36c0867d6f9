// Makes a fresh clone ready: installs what the lock file says and builds what runs, each only when it is not done yet.
// With --package also the types of the library: npm does so before it packs or links the folder.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.js';

const root = join(import.meta.dirname, '..');
const inRoot = (path) => join(root, path);

/**
 * npm writes its own record of an installation after it, so an older one is of another lock file. One that has left out
 * what builds (`--omit=dev`) is no use here.
 */
function isInstalled() {
  const record = inRoot('node_modules/.package-lock.json');
  if (!existsSync(record) || !existsSync(inRoot('node_modules/esbuild'))) return false;
  return statSync(record).mtimeMs >= statSync(inRoot('package-lock.json')).mtimeMs;
}

function filesUnder(folder) {
  return readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function sourceFingerprint() {
  const hash = createHash('sha256');
  for (const path of [
    ...filesUnder('src'),
    ...filesUnder('.config'),
    inRoot('tsconfig.json'),
    inRoot('package-lock.json'),
  ]) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Does `work` unless it was done from the same sources. The stamps stay out of what is published. */
async function onceForSources(stampName, result, work) {
  const stamp = inRoot(`build/.${stampName}`);
  const wanted = sourceFingerprint();
  if (existsSync(inRoot(result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, wanted);
}

// No install script is run: nothing that is installed needs its own, and `prepare` would start this file again.
if (!isInstalled()) npm(['ci', '--ignore-scripts']);

await onceForSources('code', 'dist/bin.js', async () => {
  const { buildAll } = await import('./build.js');
  await buildAll();
});
if (process.argv.includes('--package')) {
  await onceForSources('types', 'dist/types/index.d.ts', async () => {
    const { writeTypes } = await import('./types.js');
    writeTypes();
  });
}
