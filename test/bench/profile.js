import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Below this share of a thread a stage is not worth a word. */
const leastShare = 0.03;

/**
 * Where the time of a run went, a line a thread, from the files that `node --cpu-prof` left in a folder: the shares of
 * the stages, each with its largest file. What a package or Node itself does counts for the stage that called it.
 * Compiler, garbage collector and disk have threads of their own, which V8's profiler does not see.
 */
export async function profileLines(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  const threads = await Promise.all(files.map(async (name) => readThread(await readFile(join(folder, name), 'utf8'))));
  return threads.sort((a, b) => a.id - b.id).map(describe);
}

function readThread(text) {
  const { nodes, samples, timeDeltas } = JSON.parse(text);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const busyUs = new Map();
  samples.forEach((id, at) => {
    const owner = ownerOf(byId.get(id));
    if (owner !== '(idle)') busyUs.set(owner, (busyUs.get(owner) ?? 0) + timeDeltas[at]);
  });
  const isWorker = nodes.some(({ callFrame }) => callFrame.url.includes('/load/load-worker.js'));
  return { id: isWorker ? 1 : 0, busyUs };
}

/** `sinks/csv-lines` for what is, or was called from, that file; a word in brackets for what no file of ours called. */
function ownerOf(leaf) {
  if (['(idle)', '(garbage collector)'].includes(leaf.callFrame.functionName)) return leaf.callFrame.functionName;
  let isLoading = false;
  for (let node = leaf; node !== undefined; node = node.parent) {
    const { url } = node.callFrame;
    const isPackage = url.includes('/node_modules/');
    const own = isPackage ? undefined : /\/build\/(.+)\.js$/.exec(url)?.[1];
    if (own !== undefined) return own;
    isLoading ||= isPackage || url.startsWith('node:internal/modules/');
  }
  return isLoading ? '(loading modules)' : '(Node)';
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
