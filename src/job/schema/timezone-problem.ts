/** What was expected instead of this time zone, undefined when it is one that this machine knows. */
export function timezoneProblem(name: string): string | undefined {
  const expected = 'expected an IANA time zone such as Europe/Berlin or UTC';
  // Newer engines also take offsets, which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return expected;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return expected;
  }
}
