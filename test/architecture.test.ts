import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/**
 * Who may import whom, as data. A stage knows its own folder, what lies below all stages, and what stands here for it:
 * types only, unless `values` is set. Every line gives the reason; a line that no source needs any more fails.
 */
const mayImport: readonly {
  readonly from: string;
  readonly file: string;
  readonly values?: true;
  readonly because: string;
}[] = [
  { from: 'extractors', file: 'rocketchat/rocketchat.ts', because: 'the door that endpoints are read through' },
  { from: 'extractors', file: 'rocketchat/room.ts', because: 'an endpoint reads rooms of some types' },
  { from: 'extractors', file: 'rocketchat/message.ts', values: true, because: 'a page is parsed once, as it comes' },
  { from: 'extractors', file: 'rocketchat/changes.ts', values: true, because: 'and so is a page of changes' },
  {
    from: 'transforms',
    file: 'rocketchat/message.ts',
    values: true,
    because: 'a raw message and its dates are read one way',
  },
  { from: 'transforms', file: 'rocketchat/room.ts', because: 'a step is told which rooms there are' },
  { from: 'transforms', file: 'tables/flat-message.ts', because: 'what transforms make and tables read' },
  { from: 'transforms', file: 'tables/column.ts', because: 'JsonValue' },
  { from: 'tables', file: 'rocketchat/message.ts', because: 'a flat message carries the raw one' },
  { from: 'tables', file: 'rocketchat/room.ts', because: 'the table of rooms is read from rooms' },
  { from: 'sinks', file: 'tables/column.ts', because: 'columns and rows are what a sink writes' },
  { from: 'readers', file: 'tables/column.ts', because: 'columns and rows are what a reader gives back' },
  { from: 'readers', file: 'sinks/sink-options.ts', because: 'a file tells the options it was written with' },
  { from: 'job', file: 'sinks/sink-options.ts', because: 'a job file holds the options of sinks' },
  { from: 'job', file: 'transforms/steps/step-options.ts', because: 'and those of steps' },
];

/** Below all stages, files or folders, and what each may import of the others. */
const belowAll: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'clock.ts': [],
  'exact-number.ts': [],
  'version.ts': [],
  'jobs-folder.ts': [],
  'stream.ts': [],
  'bson-order.ts': ['stream.ts'],
  'zstd.ts': ['errors.ts'],
  'disk-errors.ts': ['errors.ts'],
  'disk-open.ts': ['disk-errors.ts'],
  'disk.ts': ['errors.ts', 'disk-errors.ts', 'disk-open.ts'],
  'process-start-id.ts': [],
  'this-process.ts': ['process-start-id.ts'],
  'system-surroundings.ts': ['clock.ts', 'disk.ts', 'this-process.ts'],
  'omit-undefined.ts': [],
  'json.ts': [],
  'secret-fingerprint.ts': [],
  'server-url.ts': [],
  plugins: ['errors.ts'],
};

const stages = [
  'rocketchat',
  'extractors',
  'journal',
  'transforms',
  'tables',
  'sinks',
  'readers',
  'archive',
  'job',
  'demo',
];

/** Layers that know stages: each may import, beside itself, the stages, what is below all, and these. */
const layers: Readonly<Record<string, readonly string[]>> = {
  testing: [],
  // What changed shows against what the archive stores, where the server does not tell.
  run: ['current'],
  current: [],
  compaction: ['current'],
  plan: ['run'],
  state: [],
  'pipeline.ts': ['run'],
  schedule: [],
  cli: ['run', 'plan', 'current', 'state', 'compaction', 'pipeline.ts', 'schedule'],
  'index.ts': ['run', 'plan', 'current', 'state', 'compaction', 'pipeline.ts'],
  'bin.ts': ['cli'],
  'launch.ts': ['bin.ts'],
};

/** What of the world only some files may touch: modules (their types are free), and names that need no import. */
const world: readonly { readonly what: string; readonly uses: RegExp; readonly only: readonly string[] }[] = [
  {
    what: 'the network',
    uses: /^(got|https?-proxy-agent|undici|ws|node:(http|https|http2|net|tls|dgram|dns)|fetch|WebSocket|XMLHttpRequest)$/,
    // The schedule serves its health and metrics on loopback; it asks nobody anything.
    only: ['rocketchat/client.ts', 'rocketchat/proxy-agent.ts', 'demo/', 'schedule/health-server.ts'],
  },
  {
    what: 'the file system',
    uses: /^node:fs(\/promises)?$/,
    // What the program changes goes through disk.ts; a job is read where it is, and so are the certificates that it names
    // and who holds a lock.
    only: [
      'disk.ts',
      'disk-open.ts',
      'job/load-job.ts',
      'job/secret-file.ts',
      'process-start-id.ts',
      'rocketchat/tls-identity.ts',
      'this-process.ts',
      'testing/',
    ],
  },
  {
    what: 'the process and its console',
    // proxy-from-env reads the variables itself.
    uses: /^(node:process|process|console|proxy-from-env)$/,
    only: ['bin.ts', 'launch.ts', 'rocketchat/proxy-for.ts', 'this-process.ts'],
  },
  { what: 'other processes', uses: /^node:(child_process|cluster)$/, only: [] },
  { what: 'threads', uses: /^node:worker_threads$/, only: ['run/load-worker.ts', 'run/start-loading.ts'] },
  {
    what: 'the clock and chance',
    uses: /^(Date\.now|new Date\(\)|performance|node:perf_hooks|Math\.random|crypto|randomUUID|randomBytes)$/,
    only: ['clock.ts', 'bin.ts', 'system-surroundings.ts', 'demo/rules.ts'],
  },
  {
    what: 'timers',
    uses: /^(setTimeout|setInterval|setImmediate|node:timers(\/promises)?)$/,
    // A request and a logout must end in real time, whatever clock the run has; a status line is redrawn; the demo
    // makes latency.
    only: ['clock.ts', 'cli/line-talk.ts', 'rocketchat/client.ts', 'rocketchat/connect.ts', 'demo/server.ts'],
  },
];

const longestFile = 250;
const generated = ['demo/data/', 'tables/data/'];

interface Import {
  readonly to: string;
  readonly typesOnly: boolean;
}

interface Source {
  /** Relative to src. */
  readonly path: string;
  /** Its stage, layer or, at the top, its own name. */
  readonly unit: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Global names and calls it uses that `world` may know. */
  readonly globals: readonly string[];
  readonly anys: readonly number[];
}

const root = join(import.meta.dirname, '../src');
const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map(readSource);
const byPath = new Map(sources.map((source) => [source.path, source]));

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const globals: string[] = [];
  const anys: number[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      imports.push({ to: resolveImport(path, node.moduleSpecifier), typesOnly: importsTypesOnly(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      imports.push({ to: specifier === undefined ? '?' : resolveImport(path, specifier), typesOnly: false });
    } else if (ts.isImportTypeNode(node)) {
      imports.push({ to: resolveImport(path, node.argument), typesOnly: true });
    } else if (node.kind === ts.SyntaxKind.AnyKeyword) {
      anys.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && node.arguments?.length === 0) {
      globals.push('new Date()');
    } else if (ts.isPropertyAccessExpression(node)) {
      globals.push(node.getText());
    } else if (ts.isIdentifier(node) && isGlobalUse(node)) {
      globals.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const declared = namesDeclaredIn(file);
  return {
    path,
    unit: path.split('/')[0] ?? path,
    lines: text.split('\n').length - 1,
    imports,
    globals: globals.filter((name) => !declared.has(name.split('.')[0] ?? name)),
    anys,
  };
}

/** `src/`-relative for our own files, the package's name for others. */
function resolveImport(from: string, specifier: ts.Node): string {
  const text = specifier.getText().replace(/^['"`]|['"`]$/g, '');
  return text.startsWith('.') ? posix.join(dirname(from), text) : text;
}

function importsTypesOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

/** Whether a name is used as a value, and not as the name of a property, a type or a declaration. */
function isGlobalUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isQualifiedName(parent)) return false;
  return !(
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent)
  );
}

/** Names of parameters, variables and imports: a `fetch` that is handed in is not the global one. */
function namesDeclaredIn(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isBindingElement(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isImportSpecifier(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    ) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

const unitOf = (path: string): string => path.split('/')[0] ?? path;
const isOurs = (to: string): boolean => byPath.has(to);

/** Why an import between two of our units is not allowed; undefined when it is. */
function objection({ path, unit }: Source, { to, typesOnly }: Import): string | undefined {
  const target = unitOf(to);
  if (target === unit) return undefined;
  const below = belowAll[unit];
  if (below !== undefined) return below.includes(to) ? undefined : `${path} lies below all stages, and imports ${to}`;
  if (target in belowAll) return undefined;
  const layer = layers[unit];
  if (layer !== undefined) {
    return layer.includes(target) || stages.includes(target) ? undefined : `${path} may not know ${to}`;
  }
  const rule = mayImport.find(({ from, file }) => from === unit && file === to);
  if (rule === undefined) return `${path} imports ${to}: stages do not know each other`;
  return typesOnly || rule.values === true
    ? undefined
    : `${path} imports values from ${to}, of which it may know types`;
}

/** Types are erased: an implementation may import the interface that stands in the file of its factory. */
function cyclesFrom(start: string): readonly string[] {
  const trail: string[] = [];
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const { to, typesOnly } of byPath.get(path)?.imports ?? []) if (isOurs(to) && !typesOnly) visit(to);
    trail.pop();
    done.add(path);
  };
  visit(start);
  return found;
}

describe('the architecture', () => {
  it('has a place for every folder and file of src', () => {
    const known = new Set([...stages, ...Object.keys(layers), ...Object.keys(belowAll)]);
    expect(sources.filter(({ unit }) => !known.has(unit)).map(({ path }) => path)).toEqual([]);
    expect(sources.length).toBeGreaterThan(100);
  });

  it('resolves every relative import to a file of src', () => {
    const unresolved = sources.flatMap(({ path, imports }) =>
      imports.filter(({ to }) => to.endsWith('.ts') && !isOurs(to)).map(({ to }) => `${path} -> ${to}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('keeps stages apart: only the layers above them know several', () => {
    const objections = sources.flatMap((source) =>
      source.imports.filter(({ to }) => isOurs(to)).flatMap((imported) => objection(source, imported) ?? []),
    );
    expect(objections).toEqual([]);
  });

  it('allows no import that no source needs', () => {
    const needed = (from: string, file: string, values: boolean): boolean =>
      sources.some(
        ({ unit, imports }) =>
          unit === from && imports.some(({ to, typesOnly }) => to === file && (!values || !typesOnly)),
      );
    expect(mayImport.filter(({ from, file, values }) => !needed(from, file, values === true))).toEqual([]);
  });

  it('has no cycles', () => {
    expect([...new Set(sources.flatMap(({ path }) => cyclesFrom(path)))]).toEqual([]);
  });

  it.each(world)('lets only some files touch $what', ({ uses, only }) => {
    const touching = sources
      .filter(
        ({ path }) => !only.some((allowed) => (allowed.endsWith('/') ? path.startsWith(allowed) : path === allowed)),
      )
      .flatMap(({ path, imports, globals }) =>
        [...imports.filter(({ typesOnly }) => !typesOnly).map(({ to }) => to), ...globals]
          .filter((name) => uses.test(name))
          .map((name) => `${path}: ${name}`),
      );
    expect(touching).toEqual([]);
  });

  it('has no any', () => {
    expect(sources.flatMap(({ path, anys }) => anys.map((line) => `${path}:${line}`))).toEqual([]);
  });

  it(`has no file over ${longestFile} lines and no drawer for odds and ends`, () => {
    const written = sources.filter(({ path }) => !generated.some((folder) => path.startsWith(folder)));
    expect(written.filter(({ lines }) => lines > longestFile).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    );
    expect(sources.filter(({ path }) => /(^|\/)(utils?|common|helpers?|misc)(\/|\.ts$)/.test(path))).toEqual([]);
    expect(
      sources.filter(({ path }) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.d)?\.ts$/.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });
});
