import { UnreachableError } from '../errors.ts';
import { post } from './post.ts';

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
  const headers = { 'content-type': 'application/json' };
  const { statusCode } = await post({ url, headers, body, timeoutMs, followRedirect: false, proxyFor, failed });
  if (statusCode < 200 || statusCode > 299) throw failed(`HTTP ${statusCode}`);
}
