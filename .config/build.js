// Makes what runs out of `src`: dist/, the bundle that is published, and build/, one file per source, for tests and bench.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeLicences } from './licences.js';

const root = join(import.meta.dirname, '..');

/** What the bundle is entered by: the name in dist, and the source. The load worker is a thread's own entry. */
const entries = {
  program: 'src/bin.ts',
  index: 'src/index.ts',
  'testing/index': 'src/testing/index.ts',
  'load-worker': 'src/load/load-worker.ts',
};

/**
 * Left out of the bundle: one comes with a file of its own (WebAssembly), the others are optional; the drivers of databases
 * are installed by whoever loads into these.
 */
const notBundled = [
  ...['@bokuweb/zstd-wasm', 'parquetjs-lite'],
  ...['pg', 'pg-copy-streams', 'node-sqlite3-wasm', '@duckdb/node-api'],
  // Of the queue, by whoever has workers.
  ...['bullmq', 'ioredis'],
];

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
};

/** Leaves every import of a source a file of its own, under the name that it is compiled to. */
const keepFilesApart = {
  name: 'keep-files-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path }) => ({ path: path.replace(/\.ts$/, '.js'), external: true }));
  },
};

async function buildModules() {
  rmSync(join(root, 'build'), { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: ['src/**/*.ts'],
    outbase: 'src',
    outdir: 'build',
    packages: 'external',
    plugins: [keepFilesApart],
  });
}

/**
 * The code is split, not copied: the program, the library and the load worker share their classes, so that an error that
 * a plug-in imports is the error that the program knows. All chunks lie in dist itself: the worker and jobs/ are found by
 * their place beside it.
 */
export function bundleProgram(outdir, more = {}) {
  return build({
    ...shared,
    ...more,
    entryPoints: entries,
    outdir,
    splitting: true,
    chunkNames: '[name]-[hash]',
    // Names stay, so that the stack in a report of a bug can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    external: notBundled,
    // Some of the packages are CommonJS, and require what Node brings.
    banner: {
      js: "import { createRequire as requireBeside } from 'node:module'; const require = requireBeside(import.meta.url);",
    },
    legalComments: 'none',
    metafile: true,
  });
}

async function bundle() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const { metafile } = await bundleProgram('dist');
  // For the tests: what of which packages went in, and what is left to be found at run time.
  writeFileSync(join(root, 'build/bundle.json'), JSON.stringify(metafile));
  writeLicences(root, join(root, 'dist'), metafile);
  // What an old Node must be able to parse: no import statement, no syntax of later years, nothing bundled in.
  await build({
    ...shared,
    entryPoints: { bin: 'src/launch.ts' },
    outdir: 'dist',
    target: 'es2015',
    supported: { 'dynamic-import': true },
    plugins: [
      {
        name: 'load-the-bundled-program',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\/bin\.ts$/ }, () => ({ path: './program.js', external: true }));
        },
      },
    ],
  });
}

export async function buildAll() {
  await buildModules();
  await bundle();
}
