/** Since 7.1 chat.syncMessages has a cursor (PR #33810). */
export function pagesChanges(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 7 || (major === 7 && minor >= 1);
}
