// `@jest/globals` for modules that Node loads once for many test files: bindings that follow the file that runs.
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test;

export function useGlobalsOf(testFile) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = testFile);
}
