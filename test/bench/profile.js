import { readFile, readdir, rm } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../../.config/build.js';

const folder = join(import.meta.dirname, '../../build/profiled');

/** What is profiled: the bundle that is installed, with maps beside it that say which source its code is from. */
export const profiledBin = join(folder, 'program.js');

export async function bundleToProfile() {
  await rm(folder, { recursive: true, force: true });
  await bundleProgram('build/profiled', { sourcemap: 'external' });
}

/** Below this share of a thread a stage is not worth a word. */
const leastShare = 0.03;

/**
 * Where the time of a run went, a line a thread, from the files that `node --cpu-prof` left in a folder: the shares of
 * the stages, each with its largest file. What a package or Node itself does counts for the stage that called it.
 * Compiler, garbage collector and disk have threads of their own, which V8's profiler does not see.
 */
export async function profileLines(profiles) {
  const names = await readdir(folder);
  const maps = new Map();
  for (const name of names.filter((one) => one.endsWith('.js.map'))) {
    const map = new SourceMap(JSON.parse(await readFile(join(folder, name), 'utf8')));
    maps.set(join(folder, name.slice(0, -'.map'.length)), map);
  }
  const files = (await readdir(profiles)).filter((name) => name.endsWith('.cpuprofile'));
  const threads = await Promise.all(
    files.map(async (name) => readThread(await readFile(join(profiles, name), 'utf8'), maps)),
  );
  return threads.sort((a, b) => a.id - b.id).map(describe);
}

function readThread(text, maps) {
  const { nodes, samples, timeDeltas } = JSON.parse(text);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const busyUs = new Map();
  samples.forEach((id, at) => {
    const owner = ownerOf(byId.get(id), maps);
    if (owner !== '(idle)') busyUs.set(owner, (busyUs.get(owner) ?? 0) + timeDeltas[at]);
  });
  const isWorker = nodes.some(({ callFrame }) => callFrame.url.endsWith('/load-worker.js'));
  return { id: isWorker ? 1 : 0, busyUs };
}

/** `sinks/csv-lines` for what is, or was called from, that file; a word in brackets for what no file of ours called. */
function ownerOf(leaf, maps) {
  if (['(idle)', '(garbage collector)'].includes(leaf.callFrame.functionName)) return leaf.callFrame.functionName;
  let isLoading = false;
  let packageName;
  for (let node = leaf; node !== undefined; node = node.parent) {
    const source = sourceOf(node.callFrame, maps);
    const own = /^[./]*src\/(.+)\.ts$/.exec(source)?.[1];
    if (own !== undefined) return own;
    packageName ??= /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
    isLoading ||= source.startsWith('node:internal/modules/');
  }
  if (isLoading) return '(loading modules)';
  // What Node's event loop calls of it: of got nearly all there is.
  return packageName === undefined ? '(Node)' : `(${packageName.replace('/', ' ')})`;
}

/** The file that a function was bundled from; of what was not bundled its address. */
function sourceOf({ url, lineNumber, columnNumber }, maps) {
  const map = url.startsWith('file:') ? maps.get(fileURLToPath(url)) : undefined;
  return map?.findEntry(lineNumber, columnNumber).originalSource ?? url;
}

function describe({ id, busyUs }) {
  const totalUs = [...busyUs.values()].reduce((sum, us) => sum + us, 0);
  const stages = new Map();
  for (const [owner, us] of busyUs) {
    const stage = stages.get(owner.split('/')[0]) ?? { us: 0, files: [] };
    stage.us += us;
    if (owner.includes('/')) stage.files.push({ name: owner.slice(owner.indexOf('/') + 1), us });
    stages.set(owner.split('/')[0], stage);
  }
  const percent = (us) => `${Math.round((100 * us) / totalUs)} %`;
  const shares = [...stages]
    .filter(([, { us }]) => us / totalUs >= leastShare)
    .sort(([, a], [, b]) => b.us - a.us)
    .map(([stage, { us, files }]) => {
      const [largest] = files.sort((a, b) => b.us - a.us);
      return `${stage} ${percent(us)}${largest === undefined ? '' : ` (${largest.name} ${percent(largest.us)})`}`;
    });
  return `${id === 0 ? 'main thread' : 'load thread'}, ${(totalUs / 1e6).toFixed(1)} s: ${shares.join(', ')}`;
}
