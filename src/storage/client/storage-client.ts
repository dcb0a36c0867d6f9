import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { got, RequestError } from 'got';
import { abortError, errorCode, UnreachableError } from '../../errors.ts';
import { storageAddress, type StorageTarget } from '../../model/run/storage-target.ts';
import { proxyAgents } from '../../rocketchat/http/proxy-agent.ts';
import { parseServerUrl } from '../../server-url.ts';
import type { Clock } from '../../system/clock.ts';
import { tool } from '../../version.ts';
import type { StorageAccess } from '../access/storage-access.ts';
import { errorCodeOf, storageFailure } from './storage-failure.ts';
import type { StorageAnswer, StorageRequest } from './storage-request.ts';

/** What a client takes from its surroundings. */
export interface StorageSurroundings {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** The proxy for an address, credentials included. */
  readonly proxyFor?: (url: string) => string | undefined;
}

/** A part of 8 MiB over the slowest line that a backup is made through, some 200 kbit/s. */
const requestTimeoutMs = 360_000;
const connectTimeoutMs = 15_000;
/** Without a byte either way. */
const idleTimeoutMs = 60_000;
/** As the SDKs of Amazon have it by default, and one more. */
const attempts = 4;
const firstPauseMs = 250;

const lean = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  decompress: false,
  timeout: { connect: connectTimeoutMs, socket: idleTimeoutMs, request: requestTimeoutMs },
  headers: { 'user-agent': `${tool.name}/${tool.version}` },
});

/**
 * The one door to an object store: signs requests (Signature Version 4), repeats what failed for a while, and makes errors
 * of what nobody expected. aws4fetch signs (8 kB in the bundle) and got sends, as everywhere in this program, through the
 * same proxies: the SDK would be 590 kB for these dozen requests, without its chain of credentials.
 */
export class StorageClient {
  readonly target: StorageTarget;
  readonly clock: Clock;
  readonly #access: StorageAccess;
  readonly #surroundings: StorageSurroundings;
  /** What the secret makes for a day: four of the six hashes of a signature. */
  readonly #signingKeys = new Map<string, ArrayBuffer>();
  #agents: ReturnType<typeof proxyAgents> | undefined;

  constructor(target: StorageTarget, access: StorageAccess, surroundings: StorageSurroundings) {
    this.target = target;
    this.clock = surroundings.clock;
    this.#access = access;
    this.#surroundings = surroundings;
  }

  /** Of an object, or of the whole prefix, for messages. */
  addressOf(key?: string): string {
    return key === undefined ? storageAddress(this.target) : `${storageAddress(this.target)}/${key}`;
  }

  /** Where requests go, without what is asked for. */
  get server(): string {
    return this.#urlOf({}).origin;
  }

  /**
   * @throws UnreachableError when there is no answer, AccessError when the keys are refused, OutputError for what the store
   *   cannot do; for an aborted signal its reason
   */
  async send(request: StorageRequest): Promise<StorageAnswer> {
    const url = this.#urlOf(request);
    const { signal, clock, random } = this.#surroundings;
    for (let attempt = 1; ; attempt++) {
      if (signal?.aborted === true) throw abortError(signal);
      const result = await this.#exchange(url, request);
      const isLast = attempt === attempts;
      if ('failure' in result) {
        if (isLast) throw unreachable(request, url, result.failure);
      } else if (result.status < 300 || request.expected?.includes(result.status) === true) {
        return result;
      } else if (isLast || !mayPass(result)) {
        const { bucket } = this.target;
        const at = { server: url.origin, bucket, region: this.#access.region, nowMs: clock.now() };
        const { action, method } = request;
        throw storageFailure(result, { ...at, action, method });
      }
      await clock.sleep(firstPauseMs * 2 ** attempt * (0.5 + random() / 2), signal).catch((error: unknown) => {
        throw signal?.aborted === true ? abortError(signal) : error;
      });
    }
  }

  /** Amazon's own servers have the bucket in their name, unless its certificate would not fit; all others in the path. */
  #urlOf({ key, query }: Pick<StorageRequest, 'key' | 'query'>): URL {
    const { region, endpoint } = this.#access;
    const { bucket, prefix } = this.target;
    const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const isInName = endpoint === undefined && /^[a-z0-9-]+$/.test(bucket);
    const server = endpoint ?? `https://${isInName ? `${bucket}.` : ''}s3.${region}.${domain}`;
    const path = [...(isInName ? [] : [bucket]), ...(key === undefined ? [] : [...(prefix ? [prefix] : []), key])];
    const url = new URL(
      `${server}/${path
        .flatMap((part) => part.split('/'))
        .map(encodePart)
        .join('/')}`,
    );
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    // A form would have + for a space, which the canonical request of a signature has not.
    url.search = url.search.replaceAll('+', '%20');
    return url;
  }

  /** What leads through the proxy of the environment, kept for its sockets; a text: why that cannot be used. */
  #agentFor(url: URL): ReturnType<typeof proxyAgents> | string | undefined {
    const written = this.#surroundings.proxyFor?.(url.href);
    if (written === undefined || this.#agents !== undefined) return this.#agents;
    const proxy = parseServerUrl(written);
    return 'problem' in proxy ? proxy.problem : (this.#agents = proxyAgents(proxy, url.protocol === 'https:'));
  }

  async #exchange(url: URL, request: StorageRequest): Promise<StorageAnswer | { readonly failure: string }> {
    const { method, headers = {}, body } = request;
    const { signal, clock } = this.#surroundings;
    const { accessKeyId, secretAccessKey, sessionToken, region } = this.#access;
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      ...(sessionToken !== undefined && { sessionToken }),
      cache: this.#signingKeys,
      datetime: new Date(clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
      headers: {
        ...headers,
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
      },
    });
    const signed = await signer.sign();
    const agent = this.#agentFor(url);
    if (typeof agent === 'string') return { failure: `the proxy of the environment: ${agent}` };
    try {
      const answer = await lean(url, {
        method,
        responseType: 'buffer',
        headers: Object.fromEntries(signed.headers),
        ...(method !== 'GET' && method !== 'HEAD' && { body: Buffer.from(body ?? '') }),
        ...(signal && { signal }),
        ...(agent && { agent }),
      });
      const date = Date.parse(answer.headers.date ?? '');
      const read = Object.entries(answer.headers).map(([name, value]) => [name, value?.toString()] as const);
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(read),
        body: answer.body,
        dateMs: Number.isNaN(date) ? undefined : date,
      };
    } catch (error) {
      if (signal?.aborted === true) throw abortError(signal);
      if (error instanceof RequestError) return { failure: errorCode(error) ?? 'no answer' };
      throw error;
    }
  }
}

/** As RFC 3986 has it: what encodeURIComponent leaves, too, which signatures want encoded. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Whether the same request may succeed in a moment. */
function mayPass(answer: StorageAnswer): boolean {
  const code = errorCodeOf(answer);
  if (code === 'NotImplemented') return false;
  // 409: somebody else is just writing the same object (API_PutObject, If-None-Match).
  const isConflict = answer.status === 409 && (code === 'ConditionalRequestConflict' || code === 'OperationAborted');
  return answer.status >= 500 || answer.status === 429 || code === 'RequestTimeout' || isConflict;
}

function unreachable({ action }: StorageRequest, url: URL, failure: string): UnreachableError {
  return new UnreachableError(`Cannot ${action}: ${url.origin} gave no answer (${failure})`, {
    hint: 'Check the network and AWS_ENDPOINT_URL; nothing is lost, and the same command may be run again',
  });
}
