// npm run test:mutation [-- <group>… [src/<file>…] [--incremental]]: puts faults into the sources one by one, and prints
// those that the tests do not notice and the score of every folder. Seconds for a file, minutes for most groups.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm } from './npm.js';
import useMemory from './test-in-memory.js';

const root = join(import.meta.dirname, '..');

/** Each is run by itself, so that its score says what its own tests hold: files, or folders with what is below them. */
const groups = JSON.parse(readFileSync(join(import.meta.dirname, 'mutation-groups.json'), 'utf8'));
/** Faults that change nothing that anybody could see, and why. Without a replacement: whatever stands there instead. */
const equivalents = JSON.parse(readFileSync(join(import.meta.dirname, 'mutation-equivalents.json'), 'utf8'));
const sourcesOf = (place) => (place.endsWith('.ts') ? place : `${place}/**/*.ts`);
const testFilesOf = (place) =>
  place.endsWith('.ts')
    ? [place]
    : readdirSync(join(root, place), { recursive: true })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => `${place}/${file}`)
        .sort();
const prefix = join(root, 'node_modules', '.stryker');
const packageOf = (name) => join(prefix, 'node_modules', '@stryker-mutator', name);

/** Not among the development dependencies: 168 packages that no other command needs. 10 wants Node 22. */
const version = '9.6.1';

const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('--'));
const files = words.filter((word) => word.startsWith('src/'));
const named = words.filter((word) => !options.includes(word) && !files.includes(word));
const unknown = named.find((name) => !Object.hasOwn(groups, name)) ?? options.find((name) => name !== '--incremental');
if (unknown !== undefined) {
  console.error(
    `Unknown "${unknown}", expected --incremental, files of src/, and groups: ${Object.keys(groups).join(', ')}`,
  );
  process.exit(64);
}

if (!existsSync(packageOf('core'))) {
  mkdirSync(prefix, { recursive: true });
  npm(['install', '--no-save', '--ignore-scripts', '--prefix', prefix, `@stryker-mutator/core@${version}`]);
}

/** @returns every fault: its file, its place, what became of it */
function mutate(name, { sources, tests }) {
  const place = join(prefix, name);
  const report = `${place}.report.json`;
  const settings = {
    mutate: files.length > 0 ? files : sources.map(sourcesOf),
    testRunner: 'in-process',
    plugins: [join(import.meta.dirname, 'mutation/in-process-runner.js')],
    mutationCosts: `${place}.costs.json`,
    mutationTests: tests.flatMap(testFilesOf),
    warnings: { unknownOptions: false, slow: false },
    testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
    // Each fault that shows while modules are loaded leaves a copy of them in memory.
    maxTestRunnerReuse: 300,
    coverageAnalysis: 'perTest',
    // Tests of locks and of processes do not bear company.
    concurrency: 1,
    timeoutMS: 3_000,
    ignorePatterns: ['/build', '/dist', '/output', '/.ci'],
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: report },
    incremental: options.includes('--incremental'),
    incrementalFile: `${place}.incremental.json`,
    allowConsoleColors: false,
  };
  // A run that fails writes none, and the last one's would be taken for it.
  rmSync(report, { force: true });
  writeFileSync(`${place}.config.json`, JSON.stringify(settings));
  const stryker = join(packageOf('core'), 'bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', `${place}.config.json`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Where the tests fail without any fault it ends with 0, too.
  if (status !== 0 || !existsSync(report)) process.exit(status || 1);
  const { files: reported } = JSON.parse(readFileSync(report, 'utf8'));
  return Object.entries(reported).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => asEquivalent({ ...mutant, file, original: textAt(source, mutant.location) })),
  );
}

function asEquivalent(fault) {
  const isNamed = equivalents.some(
    ({ file, original, replacement = fault.replacement }) =>
      file === fault.file && original === fault.original && replacement === fault.replacement,
  );
  return isNamed && missed.has(fault.status) ? { ...fault, status: 'Equivalent' } : fault;
}

function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join(' ').replace(/\s+/g, ' ');
}

const noticed = new Set(['Killed', 'Timeout']);
const missed = new Set(['Survived', 'NoCoverage']);
const shorten = (text) => (text.length <= 70 ? text : `${text.slice(0, 69)}…`);

/** Faults that do not compile or run at all, and those that are named equivalent, count for nothing. */
function scoreLine(name, faults) {
  const kept = faults.filter(({ status }) => noticed.has(status)).length;
  const tried = kept + faults.filter(({ status }) => missed.has(status)).length;
  return tried === 0 ? [] : [`${String(Math.floor((100 * kept) / tried)).padStart(3)} %  ${kept} / ${tried}  ${name}`];
}

useMemory();
const chosen = named.length > 0 ? named : Object.keys(groups);
const summary = [];
for (const name of chosen) {
  const faults = mutate(name, groups[name]);
  console.log(`\n${name}: not noticed`);
  for (const { file, location, original, replacement, mutatorName, status } of faults) {
    if (!missed.has(status)) continue;
    const untested = status === 'NoCoverage' ? ' (no test comes here)' : '';
    console.log(
      `  ${file}:${location.start.line} ${mutatorName}: ${shorten(original)} -> ${shorten(replacement ?? '')}${untested}`,
    );
  }
  const folders = [...new Set(faults.map(({ file }) => dirname(file)))].sort();
  summary.push(
    ...scoreLine(name, faults),
    ...folders.flatMap((folder) =>
      scoreLine(
        `  ${folder}/`,
        faults.filter(({ file }) => dirname(file) === folder),
      ),
    ),
    ...[...new Set(faults.map(({ file }) => file))].flatMap((file) =>
      scoreLine(
        `    ${file}`,
        faults.filter((fault) => fault.file === file),
      ),
    ),
  );
}
console.log(`\nNoticed / tried\n${summary.join('\n')}`);
