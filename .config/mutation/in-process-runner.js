// Stryker's test runner for this project: tests are loaded once, and a fault is switched on and off beneath them. By
// Jest each fault loads every test file of its group again, which takes a second and more; here most take milliseconds.
import '../fixed-seed.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { LoadedTests } from './loaded-tests.js';

/** What instrumented sources and Stryker share. */
const shared = (globalThis.__stryker__ ??= {});
const activeVariable = '__STRYKER_ACTIVE_MUTANT__';

const longRunMs = 3_000;

class InProcessRunner {
  static inject = ['options'];
  #files;
  #tests;
  #costsFile;

  constructor({ mutationTests, mutationCosts }) {
    this.#files = mutationTests;
    this.#costsFile = mutationCosts;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.#tests = await LoadedTests.load(this.#files);
    const results = await this.#tests.run({
      before: (id) => {
        shared.currentTestId = id;
      },
    });
    shared.currentTestId = undefined;
    // For this process and those that follow it.
    writeFileSync(this.#costsFile, JSON.stringify(results.map(({ id, ms }) => [id, ms])));
    this.#tests.sort(this.#costs());
    const tests = results.map(({ id, ms, error }) =>
      error === undefined
        ? { id, name: id, timeSpentMs: ms, status: 0 }
        : { id, name: id, timeSpentMs: ms, status: 1, failureMessage: textOf(error) },
    );
    return { status: 'complete', tests, mutantCoverage: shared.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment }) {
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    const isWanted = wanted === undefined ? undefined : (id) => wanted.has(id);
    // Of the hundred times as many passes as without the fault that Stryker waits for, ten show that there is no end.
    shared.hitLimit = hitLimit === undefined ? undefined : hitLimit / 10;
    try {
      if (!reloadEnvironment && this.#tests !== undefined) {
        const startedMs = performance.now();
        const found = await this.#try(activeMutant, isWanted);
        // What a test keeps for later ones may hide a fault, and what a fault has left behind may look like one. Long
        // property tests keep nothing.
        if (found.status === 'timeout') return found;
        if (found.status === 'survived' && performance.now() - startedMs > longRunMs) return found;
        if (found.status === 'killed' && (await this.#passes(found.killedBy[0]))) return found;
      }
      activate(activeMutant);
      this.#tests = await LoadedTests.load(this.#files);
      this.#tests.sort(this.#costs());
      return await this.#try(activeMutant, isWanted);
    } catch (error) {
      return { status: 'error', errorMessage: textOf(error) };
    } finally {
      activate(undefined);
      // Modules that were loaded with a fault in them serve no other.
      if (reloadEnvironment) this.#tests = undefined;
    }
  }

  /** Milliseconds of each test when it ran without a fault. */
  #costs() {
    return new Map(JSON.parse(readFileSync(this.#costsFile, 'utf8')));
  }

  async #try(mutant, isWanted) {
    activate(mutant);
    shared.hitCount = shared.hitLimit === undefined ? undefined : 0;
    const results = await this.#tests.run({ isWanted, shouldStop: ({ error }) => error !== undefined });
    activate(undefined);
    if (shared.hitCount > shared.hitLimit) return { status: 'timeout', reason: 'more passes than without the fault' };
    const failed = results.find(({ error }) => error !== undefined);
    const nrOfTests = results.length;
    if (failed === undefined) return { status: 'survived', nrOfTests };
    return { status: 'killed', nrOfTests, killedBy: [failed.id], failureMessage: textOf(failed.error) };
  }

  async #passes(test) {
    const results = await this.#tests.run({ isWanted: (id) => id === test });
    return results.every(({ error }) => error === undefined);
  }
}

/** By the variable for processes and threads that a test starts. */
function activate(mutant) {
  shared.activeMutant = mutant?.id;
  if (mutant === undefined) delete process.env[activeVariable];
  else process.env[activeVariable] = mutant.id;
}

function textOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// A test that leaves something behind must not end the process for those after it.
process.on('uncaughtException', () => undefined);

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
