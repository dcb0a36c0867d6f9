import { UnreachableError } from '../errors.ts';
import { post } from './post.ts';

/** Milliseconds: an answer is a kilobyte, and a run that is published waits for it. */
const timeoutMs = 20_000;

const hint = 'Nothing is lost: the next run asks again';

/**
 * Asks a time stamping authority (RFC 3161, over HTTP).
 *
 * @param proxyFor the proxy for an address, credentials included
 * @returns the body of its answer, whatever it is
 * @throws UnreachableError when none comes, or one of another status than 200
 */
export async function askAuthority(
  url: string,
  query: Uint8Array,
  proxyFor: ((url: string) => string | undefined) | undefined,
): Promise<Buffer> {
  const failed = (reason: string): UnreachableError =>
    new UnreachableError(`Cannot get a time stamp from ${new URL(url).origin}: ${reason}`, { hint });
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
  const body = Buffer.from(query);
  const answer = await post({ url, headers, body, timeoutMs, followRedirect: true, proxyFor, failed });
  if (answer.statusCode !== 200) throw failed(`HTTP ${answer.statusCode}`);
  return answer.body;
}
