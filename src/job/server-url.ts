/**
 * The address of a server as the rest of the program wants it: http or https, perhaps with a path (a workspace under
 * `https://example.org/chat`), without a trailing slash and
 * without the `/api/v1` that people copy along.
 *
 * The problem never quotes the address: it may hold a password.
 */
export function parseServerUrl(text: string): { readonly url: string } | { readonly problem: string } {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    return { problem: 'expected an address that begins with https:// or http://' };
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return { problem: 'expected an address without a user name or password in it' };
  }
  if (parsed.search !== '' || parsed.hash !== '') return { problem: 'expected an address without "?" and "#"' };
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '');
  return { url: parsed.origin + path };
}
