import { getProxyForUrl } from 'proxy-from-env';

/** This machine, in every way to write it: no proxy could lead to it. As Go's net/http does. */
const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

const variables = ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

/**
 * The proxy that the environment of this process names for an address: HTTPS_PROXY or HTTP_PROXY by its scheme, else
 * ALL_PROXY, in capitals or not; none for what NO_PROXY lists.
 *
 * @returns as written, credentials included. Without a scheme it is an http:// proxy, as for curl and Go: the library takes
 *   the scheme of the url, and few proxies speak TLS.
 */
export function proxyFor(url: string): string | undefined {
  if (loopback.test(new URL(url).hostname)) return undefined;
  const proxy = getProxyForUrl(url);
  if (proxy === '') return undefined;
  const written = proxy.replace(/^https?:\/\//, '');
  return variables.some((name) => process.env[name] === written) ? `http://${written}` : proxy;
}
