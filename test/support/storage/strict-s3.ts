import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve, type Loopback } from '../network/loopback.ts';
import { checkSignature, type S3Keys, type WiredRequest } from './check-signature.ts';
import { document, elements, listObjects, listUploads, listVersions } from './list-answers.ts';
import { S3Error } from './s3-error.ts';
import { StoredObjects, type BucketRules, type StoredVersion } from './stored-objects.ts';

/** What happens to a request before the store looks at it, or to its answer. */
export type Fault =
  /** The connection ends: nothing was done. */
  | 'cut-before'
  /** It was done, and the connection ends before the answer. */
  | 'cut-after'
  /** The store is busy. */
  | 'slow-down'
  /** Somebody else is just writing the same object (API_PutObject: 409). */
  | 'conflict'
  | undefined;

export interface StrictS3Options {
  readonly keys?: S3Keys;
  readonly region?: string;
  /** Keys on a page of a list; the real one has 1000. */
  readonly pageSize?: number;
  readonly now?: () => number;
  /** Name → rules. */
  readonly buckets?: Readonly<Record<string, Omit<BucketRules, 'now'>>>;
  /** @param at number of the request, from 1 */
  readonly fault?: (at: number, request: WiredRequest) => Fault;
  /** What a request waits for before the store looks at it, as on a slow line. */
  readonly delay?: (at: number) => Promise<void> | undefined;
}

export interface StrictS3 extends Loopback {
  readonly bucket: (name: string) => StoredObjects;
  /** Variables that lead a client here. */
  readonly variables: Readonly<Record<string, string>>;
  /** Requests so far: `PUT bucket/key`. */
  readonly requests: readonly string[];
}

const exampleKeys: S3Keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/**
 * An object store as strict as the API reference says: signatures, checksums, conditions (412, 409), pages, uploads in parts,
 * versions and Object Lock. The ones of npm that were tried accept every conditional write.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/, the page is named at each rule
 */
export async function strictS3(options: StrictS3Options = {}): Promise<StrictS3> {
  const { keys = exampleKeys, region = 'eu-central-1', pageSize = 1000, now = Date.now } = options;
  const buckets = new Map(
    Object.entries(options.buckets ?? { archives: {} }).map(([name, rules]) => [
      name,
      new StoredObjects({ ...rules, now }),
    ]),
  );
  const requests: string[] = [];
  const loopback = await serve((incoming, response) => {
    void receive(incoming).then(async (request) => {
      const [, name = '', ...rest] = request.path.split('/');
      const key = rest.map(decodeURIComponent).join('/');
      requests.push(`${request.method} ${name}/${key}${request.search}`);
      const at = requests.length;
      await options.delay?.(at);
      const fault = options.fault?.(at, request);
      if (fault === 'cut-before') return void incoming.socket.destroy();
      const answer = answered(() => {
        if (fault === 'slow-down') throw new S3Error(503, 'SlowDown', 'Please reduce your request rate.');
        if (fault === 'conflict') throw new S3Error(409, 'ConditionalRequestConflict');
        checkSignature(request, keys, region, now());
        const store = buckets.get(name);
        if (store === undefined) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
        return operate(store, key, request, pageSize);
      });
      if (fault === 'cut-after') return void incoming.socket.destroy();
      reply(response, request.method, answer, now());
    });
  });
  return {
    ...loopback,
    requests,
    bucket: (name) => {
      const found = buckets.get(name);
      if (found === undefined) throw new Error(`No bucket ${name}`);
      return found;
    },
    variables: {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
      AWS_REGION: region,
      AWS_ENDPOINT_URL: loopback.url,
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

async function receive(incoming: IncomingMessage): Promise<WiredRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
  const [path = '', ...search] = (incoming.url ?? '').split('?');
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const found = search.length === 0 ? '' : `?${search.join('?')}`;
  return { method: incoming.method ?? '', path, search: found, headers, body: Buffer.concat(chunks) };
}

function answered(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const body = document('Error', elements({ Code: error.code, Message: error.message, ...error.more }));
    // The API's errors are in no name space.
    return {
      status: error.status,
      headers: { 'content-type': 'application/xml' },
      body: body.replace(/ xmlns="[^"]*"/, ''),
    };
  }
}

function reply(response: ServerResponse, method: string, { status, headers, body }: Answer, nowMs: number): void {
  response.sendDate = false;
  const length = headers?.['content-length'] ?? String(Buffer.byteLength(body ?? ''));
  response.writeHead(status, { ...headers, date: new Date(nowMs).toUTCString(), 'content-length': length });
  response.end(method === 'HEAD' ? undefined : body);
}

function operate(store: StoredObjects, key: string, request: WiredRequest, pageSize: number): Answer {
  const query = new URLSearchParams(request.search.replaceAll('+', '%2B'));
  const { method, headers, body } = request;
  const xml = (text: string): Answer => ({ status: 200, headers: { 'content-type': 'application/xml' }, body: text });
  if (key === '') {
    if (method !== 'GET') throw new S3Error(405, 'MethodNotAllowed');
    if (query.has('versions')) return xml(listVersions(store, query, pageSize));
    if (query.has('uploads')) return xml(listUploads(store, query, pageSize));
    if (query.get('list-type') === '2') return xml(listObjects(store, query, pageSize));
    throw new S3Error(501, 'NotImplemented');
  }
  const uploadId = query.get('uploadId');
  switch (method) {
    case 'GET':
    case 'HEAD':
      return read(store, key, query, headers);
    case 'PUT': {
      if (headers['content-length'] === undefined) throw new S3Error(411, 'MissingContentLength');
      if (uploadId !== null) {
        const number = Number(query.get('partNumber'));
        const etag = store.putPart(key, uploadId, number, body, headers['x-amz-checksum-sha256']);
        return { status: 200, headers: { etag } };
      }
      if (query.has('retention')) {
        const until = /<RetainUntilDate>(.+)<\/RetainUntilDate>/.exec(body.toString())?.[1] ?? '';
        store.retain(key, Date.parse(until));
        return { status: 200 };
      }
      return { status: 200, headers: versionHeaders(store, store.put(key, body, headers)) };
    }
    case 'POST': {
      if (query.has('uploads')) {
        const id = store.beginUpload(key, headers);
        return xml(document('InitiateMultipartUploadResult', elements({ Key: key, UploadId: id })));
      }
      if (uploadId === null) throw new S3Error(405, 'MethodNotAllowed');
      const done = store.completeUpload(key, uploadId, partsIn(body.toString()), headers);
      return {
        ...xml(document('CompleteMultipartUploadResult', elements({ ETag: done.etag }))),
        headers: versionHeaders(store, done),
      };
    }
    case 'DELETE':
      if (uploadId === null) store.remove(key, query.get('versionId') ?? undefined);
      else store.abortUpload(key, uploadId);
      return { status: 204 };
    default:
      throw new S3Error(405, 'MethodNotAllowed');
  }
}

/** API_GetObject, API_HeadObject: checksums only for whoever asks for them; one range of bytes. */
function read(
  store: StoredObjects,
  key: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): Answer {
  const versionId = query.get('versionId');
  const found =
    versionId === null ? store.current(key) : store.versions.get(key)?.find((it) => it.versionId === versionId);
  if (found?.bytes === undefined) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
  const { bytes, checksum, lockedUntilMs } = found;
  const common = {
    ...versionHeaders(store, found),
    ...found.metadata,
    'last-modified': new Date(found.modifiedMs).toUTCString(),
    ...(headers['x-amz-checksum-mode'] === 'ENABLED' &&
      checksum !== undefined && { 'x-amz-checksum-sha256': checksum }),
    ...(lockedUntilMs !== undefined && {
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': new Date(lockedUntilMs).toISOString(),
    }),
  };
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  if (from === undefined)
    return { status: 200, headers: { ...common, 'content-length': String(bytes.length) }, body: bytes };
  if (Number(from) >= bytes.length) throw new S3Error(416, 'InvalidRange');
  const part = bytes.subarray(Number(from), Number(to) + 1);
  return { status: 206, headers: { ...common, 'content-length': String(part.length) }, body: part };
}

function versionHeaders(store: StoredObjects, { etag, versionId }: StoredVersion): Readonly<Record<string, string>> {
  return { etag, ...(store.isVersioned && { 'x-amz-version-id': versionId }) };
}

function partsIn(xml: string) {
  const text = (part: string, name: string): string | undefined =>
    new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(part)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(text(part, 'PartNumber')),
    etag: text(part, 'ETag') ?? '',
    checksum: text(part, 'ChecksumSHA256'),
  }));
}
