import { got, RequestError } from 'got';
import { errorCode, UnreachableError } from '../errors.ts';
import { parseServerUrl } from '../server-url.ts';
import { proxyAgents } from './http/proxy-agent.ts';

/** Milliseconds: what is posted is a few kilobytes, and a run that has ended waits for it. */
const timeoutMs = 10_000;

/**
 * Posts JSON to an address that is a secret: messages name its origin only. Redirects are not followed, which would carry
 * it to somebody else.
 *
 * @param name of the key that has the address: two may be on one host
 * @param proxyFor the proxy for an address, credentials included
 * @throws UnreachableError when no status of 2xx comes
 */
export async function postJson(
  url: string,
  name: string,
  body: string,
  proxyFor: ((url: string) => string | undefined) | undefined,
): Promise<void> {
  const failed = (reason: string): UnreachableError =>
    new UnreachableError(`Cannot notify ${new URL(url).origin} (${name}): ${reason}`, {
      hint: 'Check the address under "notify" of the job, and that what listens there is up',
    });
  const proxyText = proxyFor?.(url);
  const proxy = proxyText === undefined ? undefined : parseServerUrl(proxyText);
  if (proxy !== undefined && 'problem' in proxy) throw failed(`the proxy of the environment: ${proxy.problem}`);
  try {
    const { statusCode } = await got.post(url, {
      headers: { 'content-type': 'application/json' },
      body,
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      ...(proxy && { agent: proxyAgents(proxy, url.startsWith('https:')) }),
    });
    if (statusCode < 200 || statusCode > 299) throw failed(`HTTP ${statusCode}`);
  } catch (error) {
    if (error instanceof RequestError) throw failed(errorCode(error) ?? 'no answer');
    throw error;
  }
}
