import { createHash } from 'node:crypto';
import { bucketLists, type ListedObject, type ListedUpload, type ListedVersion } from './bucket-lists.ts';
import { lockHeaders, type ObjectLock } from './object-lock.ts';
import type { StorageClient } from './storage-client.ts';
import type { StorageAnswer } from './storage-request.ts';
import { abortUpload, uploadParts, type NewObject } from './upload-parts.ts';

/** An object that is read whole. */
interface ReadObject {
  readonly bytes: Buffer;
  /** For `replace`. */
  readonly etag: string;
  /** Epoch milliseconds, by the store's clock. */
  readonly modifiedMs: number;
  /** The store's own time when it answered. */
  readonly nowMs: number;
}

/** What there is to know of an object without its bytes. */
interface ObjectHead {
  readonly sizeBytes: number;
  /** Of its bytes, as whoever wrote it says; undefined: this program did not. */
  readonly sha256: string | undefined;
  readonly modifiedMs: number;
  readonly nowMs: number;
  /** Nobody may remove it until then; Infinity: until a legal hold ends. undefined: it is not locked. */
  readonly lockedUntilMs: number | undefined;
  /** The bucket keeps every version of it. */
  readonly isVersioned: boolean;
}

/** Where an object's own SHA-256 stands: of one made of parts the store knows only a checksum of checksums. */
const sha256Header = 'x-amz-meta-sha256';

/** The objects of an archive in an object store. Keys are relative to its prefix. */
export class Bucket {
  readonly client: StorageClient;

  constructor(client: StorageClient) {
    this.client = client;
  }

  /** Every object whose key begins so, sorted by key. */
  list(prefix = ''): AsyncGenerator<ListedObject> {
    return bucketLists(this.client, prefix).objects();
  }

  /** Uploads in parts that nobody has ended. */
  uploads(): AsyncGenerator<ListedUpload> {
    return bucketLists(this.client, '').uploads();
  }

  /** @throws as `send` */
  async abortUpload({ key, uploadId }: ListedUpload): Promise<void> {
    await abortUpload(this.client, key, uploadId);
  }

  /** @returns undefined: there is none */
  async read(key: string): Promise<ReadObject | undefined> {
    const answer = await this.#ask('GET', 'read', key);
    if (answer === undefined) return undefined;
    return { bytes: Buffer.from(answer.body), etag: answer.headers['etag'] ?? '', ...timesOf(answer) };
  }

  /** Bytes from one offset up to another, not included; fewer where the object ends. undefined: there is none. */
  async readRange(key: string, from: number, to: number): Promise<Uint8Array | undefined> {
    if (to <= from) return new Uint8Array();
    const answer = await this.#ask('GET', 'read', key, { range: `bytes=${from}-${to - 1}` }, [404, 416]);
    if (answer === undefined) return undefined;
    if (answer.status === 416) return new Uint8Array();
    // A store that knows no ranges sends all of it.
    return answer.status === 206 ? answer.body : answer.body.subarray(from, to);
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const answer = await this.#ask('HEAD', 'look at', key);
    if (answer === undefined) return undefined;
    const { headers } = answer;
    const until = Date.parse(headers['x-amz-object-lock-retain-until-date'] ?? '');
    const times = timesOf(answer);
    const isHeld = headers['x-amz-object-lock-legal-hold'] === 'ON';
    return {
      ...times,
      sizeBytes: Number(headers['content-length']),
      sha256: headers[sha256Header],
      lockedUntilMs: isHeld ? Number.POSITIVE_INFINITY : until > times.nowMs ? until : undefined,
      isVersioned: headers['x-amz-version-id'] !== undefined && headers['x-amz-version-id'] !== 'null',
    };
  }

  /**
   * Makes an object, unless there is one of that key.
   *
   * @param sha256 of its bytes, lower-case hex
   * @returns `taken`: there is one, which may be what this very request made before its answer was lost
   */
  async create(key: string, bytes: Uint8Array, sha256: string, lock?: ObjectLock): Promise<'created' | 'taken'> {
    const answer = await this.#put(key, bytes, {
      ...lockHeaders(lock),
      'if-none-match': '*',
      [sha256Header]: sha256,
    });
    return answer.status === 412 ? 'taken' : 'created';
  }

  /** The same of a file that is sent in parts: see `uploadParts`. */
  createOfParts(
    key: string,
    parts: AsyncIterable<Uint8Array>,
    sha256: string,
    lock?: ObjectLock,
  ): Promise<'created' | 'taken'> {
    const made: NewObject = { metadata: { [sha256Header]: sha256 }, lock };
    return uploadParts(this.client, key, parts, made);
  }

  /**
   * Puts other bytes in the place of an object that is still as it was read.
   *
   * @param etag of what is replaced; null: there is none yet
   * @returns the ETag of the new one; undefined: somebody else was first
   */
  async replace(key: string, bytes: Uint8Array, etag: string | null): Promise<string | undefined> {
    const answer = await this.#put(key, bytes, etag === null ? { 'if-none-match': '*' } : { 'if-match': etag }, [404]);
    if (answer.status < 300) return answer.headers['etag'];
    // The answer to a request that did it may have been lost.
    const found = await this.read(key);
    return found?.bytes.equals(bytes) === true ? found.etag : undefined;
  }

  /** Has an object locked for as long at least. @throws AccessError where it may not be */
  async lock(key: string, { untilMs }: ObjectLock): Promise<void> {
    const until = new Date(untilMs).toISOString();
    const body = Buffer.from(
      `<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>COMPLIANCE</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`,
    );
    const headers = { 'content-type': 'application/xml', ...checksumOf(body) };
    const action = `lock "${this.client.addressOf(key)}"`;
    await this.client.send({ method: 'PUT', key, query: { retention: '' }, headers, body, action });
  }

  /** Removes an object for good; in a bucket that keeps versions each of them, lest what was purged stay behind a mark. */
  async remove(key: string, isVersioned: boolean): Promise<void> {
    if (!isVersioned) return this.#remove(key, {});
    for await (const version of this.versions(key)) await this.#remove(key, { versionId: version.versionId });
  }

  /** The versions of one object and marks of its removal, the newest first. */
  async *versions(key: string): AsyncGenerator<ListedVersion> {
    for await (const version of bucketLists(this.client, key).versions()) if (version.key === key) yield version;
  }

  /** Hides an object behind a mark, in a bucket that keeps versions; elsewhere removes it. */
  hide(key: string): Promise<void> {
    return this.#remove(key, {});
  }

  async #remove(key: string, query: Readonly<Record<string, string>>): Promise<void> {
    const action = `remove "${this.client.addressOf(key)}"`;
    await this.client.send({ method: 'DELETE', key, query, action, expected: [404] });
  }

  async #ask(
    method: 'GET' | 'HEAD',
    verb: string,
    key: string,
    headers: Readonly<Record<string, string>> = {},
    expected: readonly number[] = [404],
  ): Promise<StorageAnswer | undefined> {
    const action = `${verb} "${this.client.addressOf(key)}"`;
    const answer = await this.client.send({ method, key, headers, action, expected });
    if (answer.status !== 404) return answer;
    await this.#expectBucket(answer, action);
    return undefined;
  }

  /** A HEAD has no body that would say whether it is the bucket that is not there. */
  async #expectBucket(answer: StorageAnswer, action: string): Promise<void> {
    if (new TextDecoder().decode(answer.body).includes('<Code>NoSuchKey</Code>')) return;
    await this.client.send({ method: 'GET', query: { 'list-type': '2', 'max-keys': '1' }, action });
  }

  async #put(
    key: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    also: readonly number[] = [],
  ): Promise<StorageAnswer> {
    return this.client.send({
      method: 'PUT',
      key,
      body,
      action: `write "${this.client.addressOf(key)}"`,
      headers: { ...headers, ...checksumOf(body), 'content-type': 'application/octet-stream' },
      expected: [412, ...also],
    });
  }
}

function checksumOf(body: Uint8Array): Readonly<Record<string, string>> {
  return {
    'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
    'x-amz-sdk-checksum-algorithm': 'SHA256',
  };
}

function timesOf({ headers, dateMs }: StorageAnswer): { readonly modifiedMs: number; readonly nowMs: number } {
  const modifiedMs = Date.parse(headers['last-modified'] ?? '');
  return { modifiedMs, nowMs: dateMs ?? modifiedMs };
}
