import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { packedDocument } from '../.config/packed-document.js';
import { tool } from '../src/version.ts';
import { quickOrLong } from './support/quick-or-long.ts';

const root = join(import.meta.dirname, '..');
const readText = (path: string): string => readFileSync(join(root, path), 'utf8');
const readJson = (path: string): unknown => JSON.parse(readText(path));

interface Package {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What esbuild says of the bundle. */
interface Bundle {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
        readonly entryPoint?: string;
      }
    >
  >;
}

const manifest = readJson('package.json') as Package;
const lock = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> };
const { outputs } = readJson('build/bundle.json') as Bundle;
const bundle = Object.values(outputs);

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readText(join('src', name)));

/** What a line of a module imports, re-exports, requires or loads; not the word `from` inside a text. */
const specifiers = /(?:^(?:import|export)\b.*from |^\} from |import\(|require(?:\.resolve)?\()'([^'.][^']*)'/gm;

const packageNameOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Names of packages that the sources import, however they do. */
const imported = new Set(
  sources
    .flatMap((text) => [...text.matchAll(specifiers)])
    .map(([, specifier = '']) => packageNameOf(specifier))
    .filter((name) => !name.startsWith('node:')),
);

/** Names of packages whose code the bundle holds. */
const bundled = new Set(
  bundle
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
);

describe('package.json', () => {
  it('has the name and the version that files and manifests carry', () => {
    expect({ name: manifest.name, version: manifest.version }).toEqual(tool);
    expect(Object.keys(manifest.bin)).toEqual([tool.name]);
  });

  it('names exact versions only', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    const versions = Object.values({ ...dependencies, ...optionalDependencies, ...devDependencies });
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('names every package that the sources import', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    const named = { ...dependencies, ...optionalDependencies, ...devDependencies };
    expect([...imported].filter((name) => !(name in named))).toEqual([]);
  });

  it('has those as dependencies that the bundle leaves out, and nothing else', () => {
    const leftOut = new Set(
      bundle
        .flatMap(({ imports }) => imports)
        .filter(({ path, external }) => external === true && !path.startsWith('.'))
        .map(({ path }) => packageNameOf(path))
        .filter((name) => imported.has(name)),
    );
    expect([...leftOut].sort()).toEqual(
      Object.keys({
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        // Drivers of databases, which are installed by whoever loads into these.
        ...manifest.peerDependencies,
      }).sort(),
    );
    expect([...imported].filter((name) => !leftOut.has(name) && !bundled.has(name))).toEqual([]);
  });

  it('installs nothing that runs a script on the way', () => {
    const withScripts = Object.entries(lock.packages).filter(
      ([, { hasInstallScript, dev }]) => hasInstallScript && !dev,
    );
    expect(withScripts.map(([path]) => path)).toEqual([]);
  });

  it('has a lock file that `npm ci` takes on every platform: it holds all optional packages that any other names', () => {
    const names = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const missing = Object.values(lock.packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !names.has(name));
    expect(missing).toEqual([]);
  });

  it('loads what speaks to object stores for those alone who ask for it: no run does, nor the library', () => {
    /** Files of a chunk, and of all that it imports before it does anything. */
    const loadedBy = (path: string, seen = new Set<string>()): ReadonlySet<string> => {
      if (seen.has(path)) return seen;
      seen.add(path);
      for (const { path: next, kind } of outputs[path]?.imports ?? []) {
        if (kind === 'import-statement') loadedBy(next, seen);
      }
      return seen;
    };
    const chunkOf = (source: string): string =>
      Object.keys(outputs).find((path) => Object.keys(outputs[path]?.inputs ?? {}).includes(source)) ?? '';
    const client = chunkOf('src/storage/client/storage-client.ts');
    const eager = ['src/bin.ts', 'src/index.ts', 'src/pipeline.ts', 'src/job/load-job.ts'].map(chunkOf);
    expect([client, ...eager]).not.toContain('');
    for (const path of eager) expect([path, loadedBy(path).has(client)]).toEqual([path, false]);
    const asked = outputs[chunkOf('src/storage/open-bucket.ts')]?.imports.filter(
      ({ kind }) => kind === 'dynamic-import',
    );
    expect(asked?.some(({ path }) => loadedBy(path).has(client))).toBe(true);
  });

  it('suggests the version of parquetjs-lite that it names', () => {
    const { 'parquetjs-lite': version = '' } = manifest.optionalDependencies;
    expect(readText('src/sinks/parquet/load-parquetjs-lite.ts')).toContain(`const version = '${version}';`);
  });
});

interface Packed {
  readonly files: readonly { readonly path: string }[];
  readonly unpackedSize: number;
  readonly filename: string;
}

/** To have npm pack takes a second. */
const longDescribe = quickOrLong(describe.skip, describe);

longDescribe('what npm packs', () => {
  let folder = '';
  let all: Packed | undefined;
  let packed: ReadonlySet<string> = new Set();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'));
    const pack = ['.config/pack.js', '--json', '--pack-destination', folder];
    [all] = JSON.parse(execFileSync(process.execPath, pack, { cwd: root, encoding: 'utf8' })) as [Packed];
    packed = new Set(all.files.map(({ path }) => path));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a package.json with what users need, and no script that npm could warn of', () => {
    const text = execFileSync('tar', ['-xzOf', join(folder, all?.filename ?? ''), 'package/package.json'], {
      encoding: 'utf8',
    });
    const { name, version, bin, engines, dependencies, optionalDependencies } = manifest;
    const shown = JSON.parse(text) as object;
    expect(shown).toMatchObject({ name, version, bin, engines, dependencies, optionalDependencies });
    expect(Object.keys(shown).filter((key) => ['scripts', 'devDependencies', 'jest'].includes(key))).toEqual([]);
  });

  it('is the bundle, the examples of jobs, the documents, what deploys it, and what a package has to hold; no source, no bench, no stamp', () => {
    expect([...packed].filter((path) => !/^(deploy|dist|docs|jobs)\//.test(path)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect([...packed].filter((path) => /bench|\.ts$|(^|\/)\./.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
    expect(packed).toContain('dist/bin.js');
  });

  it('has documents of which every link leads to a file of the package, and none about sources alone', () => {
    execFileSync('tar', ['-xzf', join(folder, all?.filename ?? ''), '-C', folder]);
    const documents = [...packed].filter((path) => path.endsWith('.md'));
    const links = documents.flatMap((path) =>
      [...readFileSync(join(folder, 'package', path), 'utf8').matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/i.test(target))
        .map((target) => ({ path, linked: posix.join(posix.dirname(path), target).replace(/\/$/, '') })),
    );
    const isThere = (name: string): boolean => [...packed].some((path) => path === name || path.startsWith(`${name}/`));
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ linked }) => !isThere(linked))).toEqual([]);
    expect(documents).not.toContain('docs/architecture.md');
    expect(documents).toContain('docs/library.md');
  });

  it('is as large as README.md says', () =>
    expect(readText('README.md')).toContain(`one bundle of ${Math.ceil((all?.unpackedSize ?? 0) / 1e6)} MB`));

  it('holds every file that a hint or a help text names', () => {
    const named = new Set(
      sources.flatMap((text) => text.match(/\b(?:jobs|docs)\/[\w./-]+\.(?:md|ya?ml|json)\b/g) ?? []),
    );
    // Names for a file of the reader's own.
    for (const name of ['jobs/mine.yaml', 'jobs/nightly.yaml']) named.delete(name);
    expect(named).toContain('docs/job-file.md');
    expect([...named].filter((name) => !packed.has(name))).toEqual([]);
  });

  it('holds the licence of every package in the bundle', () => {
    const licences = readText('dist/THIRD-PARTY-LICENCES.txt');
    expect([...bundled].filter((name) => !new RegExp(`^${name} \\d`, 'm').test(licences))).toEqual([]);
    expect(licences).toMatch(/^yargs \d+\.\d+\.\d+ \(MIT\)\n\n(.*\n)*?.*Permission is hereby granted/m);
  });
});

describe('an old Node', () => {
  const launcher = join(root, 'dist/bin.js');

  it('can parse what it is started with, and finds nothing to load before it is refused', () => {
    const file = ts.createSourceFile('bin.js', readText('dist/bin.js'), ts.ScriptTarget.Latest);
    expect(file.statements.filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))).toEqual([]);
    // Later than what Node 10 knows: optional chaining, `??`, private names, top-level await.
    expect(readText('dist/bin.js')).not.toMatch(/\?\.|\?\?|\.#|^await /m);
  });

  it.each(['18.20.8', '20.18.3'])('is refused in one sentence: %s', (version) => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, launcher, 'demo'],
      { encoding: 'utf8' },
    );
    const oldest = /\d+\.\d+/.exec(manifest.engines.node)?.[0] ?? '';
    expect({ status, stdout, stderr }).toEqual({
      status: 78,
      stdout: '',
      stderr: `rocketchat-export needs Node.js ${oldest} or newer, and this is ${version}\n`,
    });
  });
});

const inPackage = new Set(['README.md', 'docs', 'docs/library.md', 'jobs/demo.yaml']);
const shown = (text: string, path = 'docs/library.md'): string =>
  packedDocument(text, path, (name) => inPackage.has(name));

describe('a document in the package', () => {
  it.each([
    ['a link to a source', 'see [`a.ts`](../src/a.ts), [b](../test/b.ts#L1).', 'see `a.ts`, b.'],
    ['links to what is there', '[x](library.md#use) [y](../docs/) [z](../jobs/demo.yaml) [here](#a)', undefined],
    ['addresses', '[x](https://example.org/a.md) [y](mailto:a@example.org)', undefined],
    ['a picture that is not', 'before ![a run](../run.svg) after', 'before  after'],
    ['code', '```ts\n[x](../src/a.ts)\n```\n[x](../src/a.ts)\n', '```ts\n[x](../src/a.ts)\n```\nx\n'],
  ])('keeps or loses %s', (_, text, expected = text) => expect(shown(text)).toBe(expected));

  it('has links from its own folder', () =>
    expect(shown('[x](docs/library.md)', 'README.md')).toBe('[x](docs/library.md)'));
});
