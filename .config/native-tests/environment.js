// The environment of a test file that Node loads: the global object is the process's, and what a file may change of the
// process is put back after it.
import { ModuleMocker } from 'jest-mock';
import { createContext } from 'node:vm';

/** Jest wants one of every environment; nothing runs in it. */
const context = createContext({});

export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #variables = { ...process.env };
  #folder = process.cwd();
  #exit = process.exit;
  #console = globalThis.console;
  #globals;

  constructor({ projectConfig }) {
    this.#globals = projectConfig.globals;
  }

  setup() {
    Object.assign(globalThis, this.#globals);
  }

  teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    process.chdir(this.#folder);
    process.exit = this.#exit;
    globalThis.console = this.#console;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return context;
  }
}
