import { getProxyForUrl } from 'proxy-from-env';

/** This machine, in every way to write it: no proxy could lead to it. As Go's net/http does. */
const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The proxy that the environment of this process names for an address: HTTPS_PROXY or HTTP_PROXY by its scheme, else
 * ALL_PROXY, in capitals or not; none for what NO_PROXY lists.
 *
 * @returns as written, credentials included
 */
export function proxyFor(url: string): string | undefined {
  if (loopback.test(new URL(url).hostname)) return undefined;
  const proxy = getProxyForUrl(url);
  return proxy === '' ? undefined : proxy;
}
