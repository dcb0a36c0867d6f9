import { got, RequestError } from 'got';
import { errorCode, type UnreachableError } from '../errors.ts';
import { parseServerUrl } from '../server-url.ts';
import { proxyAgents } from './http/proxy-agent.ts';

/** What is posted, to somebody who is not the workspace. */
interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly timeoutMs: number;
  /** Whether somebody else may get the body, whom the address leads to. */
  readonly followRedirect: boolean;
  /** The proxy for an address, credentials included. */
  readonly proxyFor: ((url: string) => string | undefined) | undefined;
  /** The error for a clause that says what went wrong. */
  readonly failed: (reason: string) => UnreachableError;
}

/**
 * Posts once to somebody who is not the workspace, and so has no rate limit.
 *
 * @returns status and body of the answer, whatever they are
 * @throws UnreachableError (`failed`) when there is none
 */
export async function post(posted: Posted): Promise<{ readonly statusCode: number; readonly body: Buffer }> {
  const { url, headers, body, timeoutMs, followRedirect, proxyFor, failed } = posted;
  const proxyText = proxyFor?.(url);
  const proxy = proxyText === undefined ? undefined : parseServerUrl(proxyText);
  if (proxy !== undefined && 'problem' in proxy) throw failed(`the proxy of the environment: ${proxy.problem}`);
  try {
    const answer = await got.post(url, {
      headers,
      body,
      responseType: 'buffer',
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      followRedirect,
      throwHttpErrors: false,
      ...(proxy && { agent: proxyAgents(proxy, url.startsWith('https:')) }),
    });
    return { statusCode: answer.statusCode, body: Buffer.from(answer.body) };
  } catch (error) {
    if (error instanceof RequestError) throw failed(errorCode(error) ?? 'no answer');
    throw error;
  }
}
