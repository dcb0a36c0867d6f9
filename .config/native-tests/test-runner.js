// Jest's own test runner, but for one thing: a test file and what it imports are loaded by Node, not by Jest's virtual
// machines. A module is then loaded once per worker, not once per test file, of which there are hundreds: more than half of
// the suite's time was loading.
//
// What a test file can rely on: Jest's functions are its own, and the environment variables and the working directory are
// put back after it. The modules it imports and the global object it shares with the files before it in the same worker.
import circus from 'jest-circus/runner';
import asyncHooks from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { compileFunction } from 'node:vm';
import { useGlobalsOf } from './globals.js';
import { RunningTest } from './running-test.js';

register('./hooks.js', import.meta.url);

// How much of a function runs before V8's compiler takes it on, ten times as much as usual: most code of a test runs too
// briefly to earn that back, and a fifth of the suite's time was compiling.
// (Node 24's V8 knows no such flag.)
if (Number.parseInt(process.versions.node, 10) < 24) setFlagsFromString('--interrupt-budget=660000');
// A worker comes back to what no test has used for a while: what V8 has made of it is kept.
setFlagsFromString('--no-flush-bytecode');

const namesInModules = ['exports', 'require', 'module', '__filename', '__dirname'];
const compiled = new Map();

/** Evaluates a CommonJS module once more, without compiling it once more. */
function evaluateAnew(path) {
  if (!compiled.has(path)) {
    const evaluate = compileFunction(readFileSync(path, 'utf8'), namesInModules, { filename: path });
    compiled.set(path, { evaluate, require: createRequire(path) });
  }
  const { evaluate, require } = compiled.get(path);
  const module = { exports: {} };
  evaluate.call(module.exports, module.exports, require, module, path, dirname(path));
  return module.exports;
}

/** What Jest's runner keeps on the global object, which is a new one per test file where Jest loads them. */
const keptOnGlobal = ['EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL', 'RETRY_TIMES'].map((name) => Symbol.for(name));

/** Node 24 keeps such a store without following promises, and does not let it be replaced. */
const followsPromises = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage')?.writable === true;

export default async function runNatively(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  for (const key of keptOnGlobal) delete globalThis[key];
  // Jest's runner wants its state anew.
  runtime.requireInternalModule = (path) => {
    if (!followsPromises) return evaluateAnew(path);
    const { AsyncLocalStorage } = asyncHooks;
    asyncHooks.AsyncLocalStorage = RunningTest;
    try {
      return evaluateAnew(path);
    } finally {
      asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
    }
  };
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = async (path) => {
    useGlobalsOf(runtime.requireModuleOrMock(testPath, '@jest/globals'));
    await import(pathToFileURL(path).href);
  };
  return await circus.default(globalConfig, config, environment, runtime, testPath, sendMessageToJest);
}
