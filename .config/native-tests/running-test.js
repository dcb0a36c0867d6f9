/**
 * Stands for the AsyncLocalStorage in which Jest's runner keeps the test that runs: one runs at a time (`it.concurrent` is
 * not for these tests).
 *
 * A real one has Node 20 follow every promise of the process, and Jest makes one per test file, so that each file was slower
 * than the one before: a fifth of the suite's time.
 */
export class RunningTest {
  #store;

  getStore() {
    return this.#store;
  }

  /** What goes wrong behind the back of a test is put down to the test that runs then. */
  async run(store, work) {
    const before = this.#store;
    this.#store = store;
    try {
      return await work();
    } finally {
      this.#store = before;
    }
  }
}
