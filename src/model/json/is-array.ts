/** As `Array.isArray`, but of what is in the list nothing is taken for known. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
