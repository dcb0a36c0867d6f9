import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tool } from '../src/version.ts';

const root = join(import.meta.dirname, '..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Package {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}

const manifest = readJson('package.json') as Package;
const lock = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> };

/** Dependencies whose code is not written yet: the test fails as soon as one of them is imported. */
const awaited = ['cli-progress'];

/** What a line of a module imports, re-exports, requires or loads; not the word `from` inside a text. */
const specifiers = /(?:^(?:import|export)\b.*from |^\} from |import\(|require(?:\.resolve)?\()'([^'.][^']*)'/gm;

/** Names of packages that the sources import, however they do. */
const imported = new Set(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(root, 'src', name), 'utf8').matchAll(specifiers)])
    .map(([, specifier = '']) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
    .filter((name) => !name.startsWith('node:')),
);

describe('package.json', () => {
  it('has the name and the version that files and manifests carry', () => {
    expect({ name: manifest.name, version: manifest.version }).toEqual(tool);
    expect(Object.keys(manifest.bin)).toEqual([tool.name]);
  });

  it('names exact versions only', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('has what the sources import as dependencies, and nothing else', () => {
    const unused = Object.keys(manifest.dependencies).filter((name) => !imported.has(name));
    expect(unused).toEqual(awaited.filter((name) => name in manifest.dependencies));
    expect([...imported].filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });

  it('installs nothing that runs a script on the way', () => {
    const withScripts = Object.entries(lock.packages).filter(
      ([, { hasInstallScript, dev }]) => hasInstallScript && !dev,
    );
    expect(withScripts.map(([path]) => path)).toEqual([]);
  });
});
