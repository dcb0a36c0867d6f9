// Preloaded into a process (`node --import`): reports how many files its main thread loaded as modules, on file descriptor 3.
import { writeSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Runs in a thread of its own: what it counts is shared memory. CommonJS shows in the cache of `require`.
const hooks = `
  let count;
  export const initialize = (shared) => { count = shared; };
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (url.startsWith('file:') && loaded.format !== 'commonjs') Atomics.add(count, 0, 1);
    return loaded;
  }
`;

if (isMainThread) {
  const count = new Int32Array(new SharedArrayBuffer(4));
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: count });
  process.on('exit', () => {
    const { cache } = createRequire(import.meta.url);
    writeSync(3, JSON.stringify({ modules: Atomics.load(count, 0) + Object.keys(cache).length }));
  });
}
