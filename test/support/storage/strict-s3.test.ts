import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from '@jest/globals';
import { closeAfterEach } from '../close-after-each.ts';
import { strictS3, type StrictS3, type StrictS3Options } from './strict-s3.ts';

const onEnd = closeAfterEach();
const hash = (body: string, encoding: 'hex' | 'base64'): string => createHash('sha256').update(body).digest(encoding);

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly region?: string;
  readonly secret?: string;
  /** Changes what was signed. */
  readonly tamper?: (headers: Headers, url: URL) => void;
}

/** A store, and a bare client that does what it is told, right or wrong. */
async function storeAndClient(options: StrictS3Options = {}) {
  const store: StrictS3 = await strictS3({
    buckets: { b: { minPartBytes: 2 }, locked: { objectLock: true } },
    ...options,
  });
  onEnd(() => store.close());
  const ask = async (path: string, { method = 'PUT', headers = {}, body = '', ...wrong }: Sent = {}) => {
    const signer = new AwsV4Signer({
      ...{ method, url: store.url + path, service: 's3', region: wrong.region ?? 'eu-central-1' },
      ...{
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: wrong.secret ?? store.variables['AWS_SECRET_ACCESS_KEY'] ?? '',
      },
      headers: { 'x-amz-content-sha256': hash(body, 'hex'), ...headers },
    });
    const signed = await signer.sign();
    wrong.tamper?.(signed.headers, signed.url);
    const answer = await fetch(signed.url, { method, headers: signed.headers, ...(method !== 'GET' && { body }) });
    const text = await answer.text();
    const code = /<Code>(.*)<\/Code>/.exec(text)?.[1];
    return { status: answer.status, code, text, headers: answer.headers };
  };
  return { store, ask };
}

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();
const lock = (until: string) => ({
  'x-amz-object-lock-mode': 'COMPLIANCE',
  'x-amz-object-lock-retain-until-date': until,
});

describe('the store of the tests', () => {
  it('takes what is right: what the cases below are refused with is their own fault', async () => {
    const { ask } = await storeAndClient();
    expect(await ask('/b/k', { body: 'x', headers: { 'x-amz-checksum-sha256': hash('x', 'base64') } })).toMatchObject({
      status: 200,
    });
    expect(await ask('/b/k', { method: 'GET' })).toMatchObject({ status: 200, text: 'x' });
    expect(await ask('/b/k', { method: 'DELETE' })).toMatchObject({ status: 204 });
    const headers = { ...lock(soon()), 'x-amz-checksum-sha256': hash('x', 'base64') };
    expect(await ask('/locked/k', { body: 'x', headers })).toMatchObject({ status: 200 });
  });

  it.each<[string, string, Sent, number, string]>([
    ['another secret', '/b/k', { secret: 'other' }, 403, 'SignatureDoesNotMatch'],
    [
      'another body',
      '/b/k',
      { headers: { 'x-amz-content-sha256': hash('y', 'hex') } },
      400,
      'XAmzContentSHA256Mismatch',
    ],
    ['another query', '/b/k', { tamper: (_, url) => url.searchParams.set('a', 'b') }, 403, 'SignatureDoesNotMatch'],
    ['another path', '/b/k', { tamper: (_, url) => void (url.pathname = '/b/other') }, 403, 'SignatureDoesNotMatch'],
    [
      'another header',
      '/b/k',
      { headers: { 'if-none-match': '*' }, tamper: (sent) => sent.set('if-none-match', 'x') },
      403,
      'SignatureDoesNotMatch',
    ],
    ['an unsigned header', '/b/k', { tamper: (sent) => sent.set('x-amz-meta-a', 'b') }, 403, 'AccessDenied'],
    ['no signature', '/b/k', { tamper: (sent) => sent.delete('authorization') }, 403, 'AccessDenied'],
    ['another region', '/b/k', { region: 'us-east-1' }, 400, 'AuthorizationHeaderMalformed'],
    ['no such bucket', '/none/k', {}, 404, 'NoSuchBucket'],
    [
      'a wrong checksum',
      '/b/k',
      { body: 'x', headers: { 'x-amz-checksum-sha256': hash('y', 'base64') } },
      400,
      'BadDigest',
    ],
    ['a condition it does not know', '/b/k', { headers: { 'if-none-match': '"etag"' } }, 501, 'NotImplemented'],
    ['If-Match of nothing', '/b/k', { headers: { 'if-match': '"etag"' } }, 404, 'NoSuchKey'],
    ['a lock in a plain bucket', '/b/k', { headers: lock(soon()) }, 400, 'InvalidRequest'],
    ['a lock without checksum', '/locked/k', { headers: lock(soon()) }, 400, 'InvalidRequest'],
    ['half a lock', '/locked/k', { headers: { 'x-amz-object-lock-mode': 'COMPLIANCE' } }, 400, 'InvalidArgument'],
    [
      'a lock of the past',
      '/locked/k',
      { headers: { ...lock('2020-01-01T00:00:00Z'), 'x-amz-checksum-sha256': hash('', 'base64') } },
      400,
      'InvalidArgument',
    ],
    ['no such upload', '/b/k?uploadId=none&partNumber=1', {}, 404, 'NoSuchUpload'],
  ])('refuses %s', async (_, path, sent, status, code) => {
    const { ask } = await storeAndClient();
    expect(await ask(path, sent)).toMatchObject({ status, code });
  });

  it('refuses a request of another time', async () => {
    const { ask } = await storeAndClient({ now: () => Date.now() + 16 * 60_000 });
    expect(await ask('/b/k')).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  it('keeps conditions: 412 for a key that is taken, and for an ETag of before', async () => {
    const { ask, store } = await storeAndClient();
    const first = await ask('/b/k', { body: '1', headers: { 'if-none-match': '*' } });
    expect(await ask('/b/k', { body: '2', headers: { 'if-none-match': '*' } })).toMatchObject({ status: 412 });
    const etag = first.headers.get('etag') ?? '';
    expect(await ask('/b/k', { body: '3', headers: { 'if-match': etag } })).toMatchObject({ status: 200 });
    expect(await ask('/b/k', { body: '4', headers: { 'if-match': etag } })).toMatchObject({ status: 412 });
    expect(store.bucket('b').current('k')?.bytes?.toString()).toBe('3');
  });

  it('removes no version that is locked, and shortens no lock; a mark hides it', async () => {
    const { ask } = await storeAndClient();
    const headers = { ...lock(soon()), 'x-amz-checksum-sha256': hash('x', 'base64') };
    const put = await ask('/locked/k', { body: 'x', headers });
    const version = put.headers.get('x-amz-version-id') ?? '';
    expect(await ask(`/locked/k?versionId=${version}`, { method: 'DELETE' })).toMatchObject({ status: 403 });
    const body = `<Retention><RetainUntilDate>${new Date(Date.now() + 1000).toISOString()}</RetainUntilDate></Retention>`;
    expect(await ask('/locked/k?retention=', { body })).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await ask('/locked/k', { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await ask('/locked/k', { method: 'GET' })).toMatchObject({ status: 404 });
    expect(await ask(`/locked/k?versionId=${version}`, { method: 'GET' })).toMatchObject({ status: 200, text: 'x' });
    // "If-None-Match" asks for the current version: behind a mark there is none.
    expect(await ask('/locked/k', { body: 'y', headers: { 'if-none-match': '*' } })).toMatchObject({ status: 200 });
  });

  it('puts parts together in their order only, each as it was sent, none but the last too small', async () => {
    const { ask } = await storeAndClient();
    const complete = async (texts: readonly string[], order: readonly number[], conditions = {}, wrong = '') => {
      const began = await ask('/b/big?uploads=', { method: 'POST', headers: { 'x-amz-checksum-algorithm': 'SHA256' } });
      const id = /<UploadId>(.*)<\/UploadId>/.exec(began.text)?.[1] ?? '';
      expect(await ask(`/b/big?partNumber=1&uploadId=${id}`, { body: 'x' })).toMatchObject({
        status: 400,
        code: 'InvalidRequest',
      });
      const parts = new Map<number, string>();
      for (const [at, body] of texts.entries()) {
        const checksum = hash(body, 'base64');
        const path = `/b/big?partNumber=${at + 1}&uploadId=${id}`;
        const { headers } = await ask(path, { body, headers: { 'x-amz-checksum-sha256': checksum } });
        parts.set(
          at + 1,
          `<Part><PartNumber>${at + 1}</PartNumber><ETag>${headers.get('etag') ?? ''}</ETag><ChecksumSHA256>${wrong || checksum}</ChecksumSHA256></Part>`,
        );
      }
      const body = order.map((number) => parts.get(number)).join('');
      return ask(`/b/big?uploadId=${id}`, { method: 'POST', headers: conditions, body: `<C>${body}</C>` });
    };
    expect(await complete(['ab', 'cd', 'e'], [2, 1, 3])).toMatchObject({ code: 'InvalidPartOrder' });
    expect(await complete(['ab', 'cd', 'e'], [1, 2, 3], {}, 'wrong')).toMatchObject({ code: 'InvalidPart' });
    expect(await complete(['a', 'cd'], [1, 2])).toMatchObject({ code: 'EntityTooSmall' });
    expect(await complete([], [])).toMatchObject({ code: 'MalformedXML' });
    expect(await complete(['ab', 'cd', 'e'], [1, 2, 3], { 'if-none-match': '*' })).toMatchObject({ status: 200 });
    expect(await complete(['ab'], [1], { 'if-none-match': '*' })).toMatchObject({ status: 412 });
    expect(await ask('/b/big', { method: 'GET' })).toMatchObject({ text: 'abcde' });
  });

  it('shows so many keys on a page, in the order of their bytes, and no more without a token', async () => {
    const { ask } = await storeAndClient({ pageSize: 2 });
    for (const key of ['b', 'a', '%C3%BC', 'c%20d']) await ask(`/b/${key}`);
    const first = await ask('/b?list-type=2&max-keys=1000&encoding-type=url', { method: 'GET' });
    expect([...first.text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key)).toEqual(['a', 'b']);
    const token = encodeURIComponent(/<NextContinuationToken>(.*)<\/Next/.exec(first.text)?.[1] ?? '');
    const second = await ask(`/b?list-type=2&encoding-type=url&continuation-token=${token}`, { method: 'GET' });
    expect([...second.text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key)).toEqual(['c+d', '%C3%BC']);
    expect(second.text).toContain('<IsTruncated>false</IsTruncated>');
  });
});
