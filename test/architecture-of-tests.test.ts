import { executionAsyncId } from 'node:async_hooks';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** What tests the program as a whole, and what tests share. Every other folder is one of src, with its name. */
const ofTheWhole = ['bench', 'browser', 'docs', 'e2e', 'fixtures', 'library', 'life', 'long', 'services', 'support'];
/** Beside all folders: what holds of the sources, the tests and the package as such. */
const ofTheProject = ['architecture', 'architecture-of-tests', 'mutation-groups', 'package'];
const broadestFolder = 15;

const root = join(import.meta.dirname, '..');
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(join(root, folder), posix.join(entry.parentPath, entry.name)))
    .sort();

const sources = filesBelow('src').filter((path) => path.endsWith('.ts'));
const written = filesBelow('test').filter((path) => !path.startsWith('fixtures/'));
const tests = written
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => ({ path, folder: dirname(path), subject: basename(path).replace(/(\.property)?\.test\.ts$/, '') }));
const beside = tests.filter(({ path }) => !ofTheWhole.includes(path.split('/')[0] ?? ''));

/** The sources, relative to src, that a test imports itself or by what it imports of test/support. */
function sourcesOf(path: string): readonly string[] {
  const text = readFileSync(join(root, 'test', path), 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
    .map(([, specifier = '']) => posix.join('test', dirname(path), specifier))
    .flatMap((target) => {
      if (target.startsWith('src/')) return [target.slice('src/'.length)];
      return isShared(path) ? [] : sourcesOf(target.slice('test/'.length));
    });
}

const isShared = (path: string): boolean => path.startsWith('support/');
const isIn = (folder: string, source: string): boolean => folder === '.' || source.startsWith(`${folder}/`);
const namesake = (subject: string): readonly string[] =>
  sources.filter((source) => basename(source, '.ts') === subject).map(dirname);

describe('the tests', () => {
  it('stand in folders of src, but for those of the whole program', () => {
    const strange = beside.filter(({ folder }) => folder !== '.' && !existsSync(join(root, 'src', folder)));
    expect(strange.map(({ path }) => path)).toEqual([]);
    expect(ofTheWhole.filter((folder) => existsSync(join(root, 'src', folder)))).toEqual([]);
    expect(beside.length).toBeGreaterThan(100);
  });

  it('import a source of the folder of src that they stand in, or are named after one', () => {
    const astray = beside.filter(
      ({ path, folder, subject }) =>
        !(folder === '.' && ofTheProject.includes(subject)) &&
        !namesake(subject).includes(folder) &&
        !(folder !== '.' && sourcesOf(path).some((source) => isIn(folder, source))),
    );
    expect(astray.map(({ path }) => path)).toEqual([]);
  });

  it('stand where the source stands that they are named after', () => {
    const astray = beside.filter(({ folder, subject }) => {
      const folders = namesake(subject);
      return folders.length > 0 && !folders.includes(folder);
    });
    expect(astray.map(({ path, subject }) => `${path}: ${namesake(subject).join(', ')}`)).toEqual([]);
  });

  it(`have no folder of more than ${broadestFolder} files`, () => {
    const filesIn = new Map<string, number>();
    for (const path of written) filesIn.set(dirname(path), (filesIn.get(dirname(path)) ?? 0) + 1);
    expect([...filesIn].filter(([, files]) => files > broadestFolder)).toEqual([]);
  });

  it('run without a hook on every promise of the process', async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await Promise.resolve();
    // Promises have numbers only where something follows them (.config/native-tests/running-test.js).
    expect(executionAsyncId()).toBe(0);
  });
});
