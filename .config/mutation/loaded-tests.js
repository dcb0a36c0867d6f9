// The tests of a few files, found by Jest's own `describe` and `it`, and run one by one in this process.
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useGlobalsOf } from '../native-tests/globals.js';

register('./generation-hooks.js', import.meta.url);

const { jestExpect: expect } = createRequire(createRequire(import.meta.url).resolve('jest-circus'))('@jest/expect');
const mocker = new ModuleMocker(globalThis);
const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  // Only Stryker ends a test that takes too long.
  setTimeout: () => jest,
};

let generation = 0;

export class LoadedTests {
  #roots;

  constructor(roots) {
    this.#roots = roots;
  }

  /** The files as they are now, and a new copy of every module of the project that they import. */
  static async load(files) {
    generation += 1;
    useGlobalsOf({ ...circus, expect, jest });
    const roots = [];
    const seen = new Map();
    for (const file of files) {
      circus.resetState();
      await import(`${pathToFileURL(join(process.cwd(), file)).href}?generation=${generation}`);
      const root = circus.getState().rootDescribeBlock;
      for (const test of testsIn(root)) {
        const name = `${file} ${nameOf(test)}`;
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        test.id = count === 1 ? name : `${name} #${count}`;
      }
      roots.push(root);
    }
    return new LoadedTests(roots);
  }

  /** What costs least comes first: most faults are noticed without the property tests. */
  sort(costs) {
    this.#roots.sort((one, other) => costOf(one, costs) - costOf(other, costs));
    for (const root of this.#roots) sortBlock(root, costs);
  }

  /**
   * @param isWanted which tests, by id
   * @param before called with the id of each before it runs
   * @param shouldStop asked after each test
   * @returns what ran: id, milliseconds, and the error of a test that failed
   */
  async run({ isWanted = () => true, before = () => undefined, shouldStop = () => false }) {
    const results = [];
    const variables = { ...process.env };
    const folder = process.cwd();
    for (const root of this.#roots) {
      if (results.some(shouldStop)) break;
      await runBlock(root, { isWanted, before, shouldStop, results });
      for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
      Object.assign(process.env, variables);
      process.chdir(folder);
      mocker.restoreAllMocks();
    }
    return results;
  }
}

function costOf(item, costs) {
  if (item.type !== 'describeBlock') return costs.get(item.id) ?? 0;
  return item.children.reduce((sum, child) => sum + costOf(child, costs), 0);
}

function sortBlock(block, costs) {
  block.children.sort((one, other) => costOf(one, costs) - costOf(other, costs));
  for (const child of block.children) if (child.type === 'describeBlock') sortBlock(child, costs);
}

async function runBlock(block, run) {
  const tests = testsIn(block).filter(({ mode, id }) => mode !== 'skip' && mode !== 'todo' && run.isWanted(id));
  if (tests.length === 0) return;
  const hookError = await errorOf(block, 'beforeAll');
  for (const child of block.children) {
    if (run.results.some(run.shouldStop)) break;
    if (child.type === 'describeBlock') await runBlock(child, run);
    else if (tests.includes(child)) run.results.push(await runTest(child, run, hookError));
  }
  const error = await errorOf(block, 'afterAll');
  const last = run.results.at(-1);
  if (error !== undefined && last !== undefined) last.error ??= error;
}

async function runTest(test, { before }, hookError) {
  before(test.id);
  const startedMs = performance.now();
  const blocks = [];
  for (let block = test.parent; block !== undefined; block = block.parent) blocks.unshift(block);
  let error = hookError;
  for (const block of blocks) error ??= await errorOf(block, 'beforeEach');
  error ??= await failure(test.fn);
  for (const block of blocks.reverse()) error = (await errorOf(block, 'afterEach')) ?? error;
  return { id: test.id, ms: performance.now() - startedMs, error };
}

async function errorOf(block, type) {
  for (const hook of block.hooks) {
    const error = hook.type === type ? await failure(hook.fn) : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}

async function failure(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing was thrown');
  }
}

function testsIn(block) {
  return block.children.flatMap((child) => (child.type === 'describeBlock' ? testsIn(child) : [child]));
}

function nameOf({ name, parent }) {
  return parent?.parent === undefined ? name : `${nameOf(parent)} ${name}`;
}
