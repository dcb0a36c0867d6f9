import { got, RequestError } from 'got';
import { errorCode, UnreachableError } from '../errors.ts';
import { parseServerUrl } from '../server-url.ts';
import { proxyAgents } from './http/proxy-agent.ts';

/** Milliseconds: an answer is a kilobyte, and a run that is published waits for it. */
const timeoutMs = 20_000;

const hint = 'Nothing is lost: the next run asks again';

/**
 * Asks a time stamping authority (RFC 3161, over HTTP).
 *
 * @param proxyFor the proxy for an address, credentials included
 * @returns the body of its answer, whatever it is
 * @throws UnreachableError when none comes
 */
export async function askAuthority(
  url: string,
  query: Uint8Array,
  proxyFor: ((url: string) => string | undefined) | undefined,
): Promise<Buffer> {
  const failed = (reason: string): UnreachableError =>
    new UnreachableError(`Cannot get a time stamp from ${new URL(url).origin}: ${reason}`, { hint });
  const proxyText = proxyFor?.(url);
  const proxy = proxyText === undefined ? undefined : parseServerUrl(proxyText);
  if (proxy !== undefined && 'problem' in proxy) throw failed(`the proxy of the environment: ${proxy.problem}`);
  try {
    const answer = await got.post(url, {
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Buffer.from(query),
      responseType: 'buffer',
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      throwHttpErrors: false,
      ...(proxy && { agent: proxyAgents(proxy, url.startsWith('https:')) }),
    });
    if (answer.statusCode !== 200) throw failed(`HTTP ${answer.statusCode}`);
    return Buffer.from(answer.body);
  } catch (error) {
    if (error instanceof RequestError) throw failed(errorCode(error) ?? 'no answer');
    throw error;
  }
}
