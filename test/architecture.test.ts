import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withFacts, type Import, type SourceFacts } from './support/program/source-facts.ts';

/**
 * Below all rooms: what these import of one another and of `model` and `system` is listed, files at the top of src by name.
 * `model` holds what one stage hands to the next: messages, rooms, rows, columns, places in a list, options.
 */
const belowAll: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'version.ts': [],
  'omit-undefined.ts': [],
  'secret-fingerprint.ts': [],
  'jobs-folder.ts': [],
  // Commands to copy stand in hints of every room.
  'shell-word.ts': [],
  system: ['errors.ts'],
  model: ['errors.ts'],
  'server-url.ts': ['model'],
  // Keys and signatures of bytes, whatever the bytes are: jobs name a key, archives are signed by it.
  signature: ['errors.ts'],
  plugins: ['errors.ts', 'model'],
  // What an endpoint means. A job names endpoints before any is asked, an archive long after.
  endpoints: ['model'],
};

/**
 * The rooms in the order of a message's way, and which others each may import, types included. One with none
 * listed knows itself and what is below all. What stands further down may know what stands further up, never the reverse.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  job: [],
  rocketchat: [],
  journal: [],
  archive: [],
  transforms: [],
  tables: [],
  // What databases and tools have to be told of the tables.
  schemas: ['tables'],
  sinks: [],
  // Rows of a Parquet file are handed to its writer as they lie there: the form is the writer's.
  readers: ['sinks'],
  // Times and names near a wrong one are read as in a job.
  snapshot: ['job', 'archive', 'tables', 'sinks', 'readers'],
  // Pages are made of the archive alone: no run; of journals those that it keeps. Trees of `md` have their odd shapes read by
  // transforms.
  transcript: ['journal', 'archive', 'transforms', 'tables', 'snapshot'],
  // Counted from the archive alone; the page has the look of the transcript, and its times and names.
  report: ['archive', 'tables', 'snapshot', 'transcript'],
  // What is made of an archive for its readers, in `_view`: pages, and what databases have to be told.
  views: ['archive', 'tables', 'schemas', 'readers', 'snapshot', 'transcript', 'report'],
  // A reader of published archives like any other: databases hold what these hold.
  database: ['archive', 'tables', 'schemas', 'sinks', 'snapshot', 'views'],
  // Another reader of published archives: object stores get copies of these. Proxies are those of the door to the workspace.
  storage: ['rocketchat', 'archive'],
  // What a run sets out to do, from the job, the room list and the archive's state; it counts what it owes in rows.
  plan: ['job', 'rocketchat', 'journal', 'archive', 'tables'],
  'run-event.ts': ['archive'],
  'environment.ts': ['rocketchat', 'archive', 'plan', 'run-event.ts'],
  // The stages of a run: only the plan, the journals and what `model` holds connect them.
  extract: ['job', 'rocketchat', 'journal', 'archive', 'plan', 'run-event.ts'],
  // Rows that go to files which are not published yet.
  parts: ['job', 'archive', 'tables', 'sinks', 'snapshot'],
  // What formats lack of earlier runs is copied from those that can be read.
  load: ['job', 'journal', 'archive', 'transforms', 'tables', 'sinks', 'readers', 'snapshot', 'plan', 'parts'],
  // Content of what messages show comes when the messages are loaded; patience and globs are those of the door.
  files: ['rocketchat', 'journal', 'archive', 'tables', 'snapshot'],
  record: ['job', 'journal', 'archive', 'tables', 'plan'],
  preview: [
    ...['job', 'rocketchat', 'journal', 'archive', 'snapshot', 'plan', 'extract', 'load', 'files', 'record'],
    ...['environment.ts', 'run-event.ts'],
  ],
  // What an archive says is compared with what the server says, made into rows the same way.
  audit: [...['job', 'journal', 'archive', 'transforms', 'tables', 'snapshot', 'plan', 'preview']],
  // It and a purge take pages away that show what is gone, and make them again.
  compaction: ['job', 'archive', 'tables', 'sinks', 'readers', 'snapshot', 'views'],
  // Rows are removed as a compaction writes files anew; kept journals, frame by frame.
  purge: ['job', 'journal', 'archive', 'tables', 'readers', 'snapshot', 'views', 'compaction'],
  demo: [],
  testing: ['sinks'],
  // Workers read lists as a run does, into journals that the run takes over; they share its rate limit.
  queue: ['rocketchat', 'journal', 'archive', 'storage', 'plan', 'extract', 'run-event.ts', 'environment.ts'],
  'system-environment.ts': ['rocketchat', 'environment.ts'],
  // Steps of a run that join stages of which none knows another, and those that follow publishing: a file each.
  pipeline: [
    ...['job', 'rocketchat', 'journal', 'archive', 'snapshot', 'plan', 'extract', 'load', 'files', 'record', 'purge'],
    ...['views', 'database', 'storage', 'run-event.ts', 'environment.ts'],
  ],
  // All tables once more, of kept journals, by the stages that made them.
  rebuild: ['job', 'archive', 'load', 'pipeline'],
  'pipeline.ts': [
    ...['views', 'job', 'rocketchat', 'archive', 'plan', 'extract', 'load', 'record', 'preview'],
    ...['pipeline', 'environment.ts', 'system-environment.ts'],
  ],
  // Runs jobs at their times, each as a run of its own.
  schedule: ['job', 'archive', 'run-event.ts', 'pipeline.ts'],
  cli: [
    ...['job', 'rocketchat', 'archive', 'tables', 'sinks', 'snapshot', 'plan', 'record', 'preview'],
    ...[
      'audit',
      'purge',
      'rebuild',
      'schemas',
      'database',
      'storage',
      'transcript',
      'report',
      'compaction',
      'queue',
      'schedule',
      'demo',
      'run-event.ts',
      'environment.ts',
      'pipeline.ts',
    ],
  ],
  // What the signatures of the library mention.
  'public-types.ts': ['job', 'rocketchat', 'archive'],
  'index.ts': [
    'public-types.ts',
    ...['job', 'rocketchat', 'archive', 'tables', 'sinks', 'snapshot', 'database', 'storage', 'transcript', 'report'],
    ...['preview', 'compaction', 'purge', 'rebuild', 'audit', 'schedule'],
    ...['run-event.ts', 'environment.ts', 'pipeline.ts'],
  ],
  'bin.ts': ['cli'],
  'launch.ts': ['bin.ts'],
};

/** What of the world only some files may touch: modules (their types are free), and names that need no import. */
const world: readonly { readonly what: string; readonly uses: RegExp; readonly only: readonly string[] }[] = [
  {
    what: 'the network',
    uses: /^(got|bullmq|ioredis|https?-proxy-agent|undici|ws|pg|pg-copy-streams|node:(http|https|http2|net|tls|dgram|dns)|fetch|WebSocket|XMLHttpRequest)$/,
    // The schedule serves its health and metrics on loopback; it asks nobody anything.
    only: [
      'rocketchat/http/client.ts',
      'rocketchat/limit-connecting.ts',
      'rocketchat/files/file-door.ts',
      // To whom a job names, beside the workspace: an authority for time stamps, and whoever is told of a run.
      'rocketchat/post.ts',
      'storage/client/storage-client.ts',
      'rocketchat/http/proxy-agent.ts',
      'database/postgres/open-postgres.ts',
      'queue/redis/open-redis.ts',
      'demo/',
      'schedule/health-server.ts',
    ],
  },
  {
    what: 'the file system',
    uses: /^(node:fs(\/promises)?|node:sqlite|node-sqlite3-wasm|@duckdb\/node-api)$/,
    // What the program changes goes through system/disk.ts; a job is read where it is, and so are the certificates that it names
    // and who holds a lock.
    only: [
      'system/disk.ts',
      'system/disk-open.ts',
      'system/disk-reader.ts',
      'system/disk/',
      'system/process-start-id.ts',
      'system/this-process.ts',
      // Databases write their files themselves.
      'database/sqlite/sqlite-driver.ts',
      // Of a file that is not of this program, owner and mode are kept.
      'database/sqlite/in-copy.ts',
      'database/duckdb/open-duckdb.ts',
      'database/duckdb/private-log.ts',
      'job/load-job.ts',
      'job/yaml/secret-file.ts',
      'rocketchat/http/tls-identity.ts',
      'testing/',
    ],
  },
  {
    what: 'the process and its console',
    // proxy-from-env reads the variables itself.
    uses: /^(node:process|process|console|proxy-from-env)$/,
    only: ['bin.ts', 'launch.ts', 'rocketchat/http/proxy-for.ts', 'system/this-process.ts'],
  },
  {
    what: 'modules that no import names',
    // What they reach is seen by none of these rules.
    uses: /^(node:module|require|eval|Function)$/,
    only: ['launch.ts', 'system/zstd.ts', 'plugins/resolve-plugin.ts'],
  },
  { what: 'other processes', uses: /^node:(child_process|cluster)$/, only: [] },
  { what: 'threads', uses: /^node:worker_threads$/, only: ['load/load-worker.ts', 'load/start-loading.ts'] },
  {
    what: 'the clock and chance',
    uses: /^(Date\.now|new Date\(\)|performance|node:perf_hooks|Math\.random|crypto|randomUUID|randomBytes|generateKeyPairSync)$/,
    only: [
      'system/clock.ts',
      'system/disk/loop-turns.ts',
      'system/system-surroundings.ts',
      'bin.ts',
      'demo/server/rules.ts',
      'signature/generate-key.ts',
    ],
  },
  {
    what: 'timers',
    uses: /^(setTimeout|setInterval|setImmediate|node:timers(\/promises)?)$/,
    // A request and a logout must end in real time, whatever clock the run has; a status line is redrawn; progress goes
    // to the load threads once per turn of the event loop, which files that are opened at once must leave some; the demo makes
    // latency.
    only: [
      'system/clock.ts',
      'system/disk/loop-turns.ts',
      'load/progress-batches.ts',
      'cli/log/line-log.ts',
      'rocketchat/http/client.ts',
      'rocketchat/limit-connecting.ts',
      'rocketchat/connect.ts',
      'demo/server/server.ts',
    ],
  },
];

/** The stages of a run: none may know another, whatever the lists above say. */
const stages = ['extract', 'load', 'files', 'record'];

const longestFile = 250;
const broadestFolder = 15;
const generated = ['demo/sample/data/', 'tables/data/', 'transcript/search/data/'];

/**
 * What may have a name that something else has, too: the demo is a program of its own, the server; a command is named as
 * the function of the library that does its work.
 */
const ownNames = ['demo/', 'cli/commands/'];

interface Source extends SourceFacts {
  /** Relative to src. */
  readonly path: string;
  /** Its stage, layer or, at the top, its own name. */
  readonly unit: string;
  readonly lines: number;
  readonly words: ReadonlySet<string>;
}

const root = join(import.meta.dirname, '../src');
const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const sources: readonly Source[] = (await withFacts(texts)).map((source) => ({
  ...source,
  unit: source.path.split('/')[0] ?? source.path,
  lines: source.text.split('\n').length - 1,
  words: wordsOf(source.text),
}));
const byPath = new Map(sources.map((source) => [source.path, source]));

/** Names in a source without its comments, and more. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').match(/[\w$]+/g));
}

const unitOf = (path: string): string => path.split('/')[0] ?? path;
const isOurs = (to: string): boolean => byPath.has(to);

/** Why an import between two of our rooms is not allowed; undefined when it is. */
function objection({ path, unit }: Source, { to }: Import): string | undefined {
  const target = unitOf(to);
  if (target === unit) return undefined;
  const below = belowAll[unit];
  if (below !== undefined)
    return below.includes(target) ? undefined : `${path} lies below all rooms, and imports ${to}`;
  if (target in belowAll) return undefined;
  return rooms[unit]?.includes(target) === true ? undefined : `${path} may not know ${to}`;
}

/** What imports each other, types included: each with the way back to it. */
function circlesFrom(starts: readonly string[], importsOf: (name: string) => readonly string[]): readonly string[] {
  const trail: string[] = [];
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (name: string): void => {
    if (trail.includes(name)) {
      found.push([...trail.slice(trail.indexOf(name)), name].join(' -> '));
      return;
    }
    if (done.has(name)) return;
    trail.push(name);
    for (const imported of importsOf(name)) visit(imported);
    trail.pop();
    done.add(name);
  };
  for (const start of starts) visit(start);
  return found;
}

/**
 * By folder, what imports what among all that lies in it, types included: a folder counts as one, whatever is in it, and a
 * file as itself. So a file may stand between two folders beside it, above one and below the other, but not on both sides of one.
 */
function importsBelow(): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const byFolder = new Map<string, Map<string, Set<string>>>();
  for (const { path, imports } of sources) {
    for (const { to } of imports.filter((imported) => isOurs(imported.to))) {
      const [from, target] = [path.split('/'), to.split('/')];
      const depth = from.findIndex((part, at) => part !== target[at]);
      if (depth === -1) continue;
      const folder = from.slice(0, depth).join('/');
      const among = byFolder.get(folder) ?? new Map<string, Set<string>>();
      byFolder.set(folder, among);
      const [importing = '', imported = ''] = [from[depth], target[depth]];
      among.set(importing, (among.get(importing) ?? new Set()).add(imported));
    }
  }
  return byFolder;
}

describe('the architecture', () => {
  it('has a place for every folder and file of src', () => {
    const known = new Set([...Object.keys(rooms), ...Object.keys(belowAll)]);
    expect(sources.filter(({ unit }) => !known.has(unit)).map(({ path }) => path)).toEqual([]);
    expect(sources.length).toBeGreaterThan(100);
  });

  it('resolves every relative import to a file of src', () => {
    const unresolved = sources.flatMap(({ path, imports }) =>
      imports.filter(({ to }) => to.endsWith('.ts') && !isOurs(to)).map(({ to }) => `${path} -> ${to}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('lets no room know others than those listed', () => {
    const objections = sources.flatMap((source) =>
      source.imports.filter(({ to }) => isOurs(to)).flatMap((imported) => objection(source, imported) ?? []),
    );
    expect(objections).toEqual([]);
  });

  it('allows no import that no source needs', () => {
    const needs = (from: string, target: string): boolean =>
      sources.some(
        ({ unit, imports }) => unit === from && imports.some(({ to }) => isOurs(to) && unitOf(to) === target),
      );
    const allowed = Object.entries({ ...rooms, ...belowAll });
    const needless = allowed.flatMap(([from, targets]) =>
      targets.filter((target) => !needs(from, target)).map((target) => `${from} -> ${target}`),
    );
    expect(needless).toEqual([]);
  });

  it('has stages that do not know each other', () => {
    for (const stage of stages) expect(rooms[stage]?.filter((known) => stages.includes(known))).toEqual([]);
  });

  it.each([
    ['what is below all', belowAll],
    ['the rooms', rooms],
  ])('has %s in an order in which each knows only what stands before it, and so no circle', (_, listed) => {
    const order = Object.keys(listed);
    const forward = Object.entries(listed).flatMap(([from, targets]) =>
      targets.filter((target) => order.indexOf(target) >= order.indexOf(from)).map((target) => `${from} -> ${target}`),
    );
    expect(forward).toEqual([]);
  });

  it(`has no folder of more than ${broadestFolder} files`, () => {
    const filesIn = new Map<string, number>();
    for (const { path } of sources) filesIn.set(dirname(path), (filesIn.get(dirname(path)) ?? 0) + 1);
    expect([...filesIn].filter(([, files]) => files > broadestFolder)).toEqual([]);
  });

  it('has no cycles of files, types included', () => {
    const importsOf = (path: string): readonly string[] =>
      (byPath.get(path)?.imports ?? []).map(({ to }) => to).filter(isOurs);
    expect(circlesFrom([...byPath.keys()], importsOf)).toEqual([]);
  });

  it('has no folder in which folders or files beside each other import each other, types included', () => {
    const folders = importsBelow();
    const circles = [...folders].flatMap(([folder, among]) =>
      circlesFrom([...among.keys()], (name) => [...(among.get(name) ?? [])]).map(
        (circle) => `src/${folder}: ${circle}`,
      ),
    );
    expect(circles).toEqual([]);
    expect(folders.size).toBeGreaterThan(100);
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

  it('exports each name from one file', () => {
    const filesOf = new Map<string, readonly string[]>();
    for (const { path, exports } of sources) {
      if (ownNames.some((folder) => path.startsWith(folder))) continue;
      for (const name of exports) filesOf.set(name, [...new Set([...(filesOf.get(name) ?? []), path])]);
    }
    expect([...filesOf].filter(([, paths]) => paths.length > 1)).toEqual([]);
    expect(filesOf.size).toBeGreaterThan(500);
  });

  it('exports nothing that no other file of the program, its tests or its build names', () => {
    const others = ['test', '.config'].flatMap((folder) =>
      readdirSync(join(root, '..', folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(ts|js)$/.test(path))
        .map((path) => wordsOf(readFileSync(join(root, '..', folder, path), 'utf8'))),
    );
    const usesOf = new Map<string, number>();
    for (const words of [...sources.map((source) => source.words), ...others]) {
      for (const word of words) usesOf.set(word, (usesOf.get(word) ?? 0) + 1);
    }
    const unused = sources.flatMap(({ path, exports }) =>
      exports.filter((name) => usesOf.get(name) === 1).map((name) => `${path}: ${name}`),
    );
    expect(unused).toEqual([]);
    expect(sources.flatMap(({ exports }) => exports).length).toBeGreaterThan(1_000);
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
