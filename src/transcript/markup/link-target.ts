const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/**
 * Where a link may lead: addresses of the web and of mail. Everything else (`javascript:`, `data:`, `file:`, what is no
 * address at all) is undefined, and is shown as the text that it is.
 *
 * @param base the server's address, for what is relative to it; absent: only whole addresses lead anywhere
 */
export function linkTarget(url: string, base?: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const { href, protocol } = new URL(url, base);
  return allowed.has(protocol) ? href : undefined;
}
