/** Whether it can be called. What it takes and gives is not known, so the caller has to look at the answer. */
export function isFunction(value: unknown): value is (...given: readonly unknown[]) => unknown {
  return typeof value === 'function';
}
