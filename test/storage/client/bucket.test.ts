import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { exitCodes } from '../../../src/errors.ts';
import { readPointer } from '../../../src/storage/pointer.ts';
import { closeAfterEach } from '../../support/close-after-each.ts';
import { failure } from '../../support/failure.ts';
import { serve } from '../../support/network/loopback.ts';
import { instantly, openBucketAt } from '../../support/storage/open-bucket.ts';
import { strictS3, type StrictS3, type StrictS3Options } from '../../support/storage/strict-s3.ts';

const onEnd = closeAfterEach();

async function storeWith(options: StrictS3Options = {}): Promise<StrictS3> {
  const store = await strictS3(options);
  onEnd(() => store.close());
  return store;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Promise.resolve(Buffer.from(text));
}
/** What signatures, paths and queries have to encode each in its own way. */
const oddKey = "messages/room=%D1%8F +&=~(a)!'*,;:@$/ü 日本.csv";

describe('a bucket', () => {
  it.each([{}, { keys: { accessKeyId: 'AK', secretAccessKey: 's+/e', sessionToken: 'lent==' } }])(
    'has what was put, under keys of any letters, with keys %j',
    async (options) => {
      const store = await storeWith(options);
      const bucket = await openBucketAt(store.variables);
      await expect(bucket.create(oddKey, Buffer.from('rows'), hash('rows'))).resolves.toBe('created');
      expect(store.bucket('archives').current(`nightly/${oddKey}`)?.bytes?.toString()).toBe('rows');
      expect((await bucket.read(oddKey))?.bytes.toString()).toBe('rows');
      expect(await bucket.head(oddKey)).toMatchObject({ sizeBytes: 4, sha256: hash('rows'), isVersioned: false });
      expect(Buffer.from((await bucket.readRange(oddKey, 1, 3)) ?? []).toString()).toBe('ow');
      expect((await all(bucket.list())).map(({ key }) => key)).toEqual([oddKey]);
      await bucket.remove(oddKey, false);
      expect(await bucket.read(oddKey)).toBeUndefined();
      expect(await bucket.head(oddKey)).toBeUndefined();
    },
  );

  it('never overwrites what it creates, and replaces only what is as it was read', async () => {
    const bucket = await openBucketAt((await storeWith()).variables);
    await expect(bucket.create('a', Buffer.from('1'), hash('1'))).resolves.toBe('created');
    await expect(bucket.create('a', Buffer.from('2'), hash('2'))).resolves.toBe('taken');
    const etag = await bucket.replace('p', Buffer.from('1'), null);
    await expect(bucket.replace('p', Buffer.from('x'), null)).resolves.toBeUndefined();
    const second = await bucket.replace('p', Buffer.from('2'), etag ?? '');
    await expect(bucket.replace('p', Buffer.from('y'), etag ?? '')).resolves.toBeUndefined();
    await expect(bucket.replace('gone', Buffer.from('y'), second ?? '')).resolves.toBeUndefined();
    expect((await bucket.read('p'))?.bytes.toString()).toBe('2');
    expect((await bucket.read('a'))?.bytes.toString()).toBe('1');
  });

  it.each([1, 2, 3, 7])('lists 7 objects by pages of %d', async (pageSize) => {
    const store = await storeWith({ pageSize, buckets: { archives: { objectLock: true } } });
    const bucket = await openBucketAt(store.variables);
    const keys = ['a +b', 'a/1', 'a/2', 'b', 'c', 'd', 'ü'];
    for (const key of keys) await bucket.create(key, Buffer.from(key), hash(key));
    expect((await all(bucket.list())).map(({ key }) => key)).toEqual(keys);
    expect((await all(bucket.list('a/'))).map(({ key }) => key)).toEqual(['a/1', 'a/2']);
    await bucket.hide('a +b');
    await bucket.create('a +b', Buffer.from('again'), hash('again'));
    expect((await all(bucket.versions('a +b'))).map(({ isLatest }) => isLatest)).toEqual([true, false, false]);
    await bucket.remove('a +b', true);
    expect(store.bucket('archives').versions.has('nightly/a +b')).toBe(false);
  });

  it('sends what is large in parts, each checked, and overwrites nothing with them', async () => {
    const store = await storeWith({ buckets: { archives: { minPartBytes: 3 } }, pageSize: 1 });
    const bucket = await openBucketAt(store.variables);
    await expect(bucket.createOfParts('big', pieces('abc', 'def', 'g'), hash('abcdefg'))).resolves.toBe('created');
    expect((await bucket.read('big'))?.bytes.toString()).toBe('abcdefg');
    expect(await bucket.head('big')).toMatchObject({ sizeBytes: 7, sha256: hash('abcdefg') });
    await expect(bucket.createOfParts('big', pieces('xyz'), hash('xyz'))).resolves.toBe('taken');
    await expect(bucket.createOfParts('small', pieces('x', 'yz'), hash('xyz'))).rejects.toThrow('EntityTooSmall');
    expect(await all(bucket.uploads())).toEqual([]);
    expect((await bucket.read('big'))?.bytes.toString()).toBe('abcdefg');
  });

  it('removes the parts of a file that cannot be read to its end', async () => {
    const store = await storeWith({ buckets: { archives: { minPartBytes: 1 } } });
    const bucket = await openBucketAt(store.variables);
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield Promise.resolve(Buffer.from('a'));
      throw new Error('the disk');
    }
    await expect(bucket.createOfParts('big', torn(), hash('ab'))).rejects.toThrow('the disk');
    expect(store.bucket('archives').uploads.size).toBe(0);
  });

  it('locks objects until a day, and says until when', async () => {
    const store = await storeWith({ buckets: { archives: { objectLock: true, minPartBytes: 1 }, plain: {} } });
    const bucket = await openBucketAt(store.variables);
    const untilMs = Math.floor(Date.now() / 1000) * 1000 + 86_400_000;
    await bucket.create('a', Buffer.from('1'), hash('1'), { untilMs });
    await bucket.createOfParts('b', pieces('1', '2'), hash('12'), { untilMs });
    await bucket.create('c', Buffer.from('1'), hash('1'));
    expect(await bucket.head('c')).toMatchObject({ lockedUntilMs: undefined, isVersioned: true });
    await bucket.lock('c', { untilMs });
    for (const key of ['a', 'b', 'c']) {
      expect(await bucket.head(key)).toMatchObject({ lockedUntilMs: untilMs });
      expect(await failure(bucket.remove(key, true))).toMatchObject({ exitCode: exitCodes.access });
      expect(await bucket.read(key)).toBeDefined();
    }
    const plain = await openBucketAt(store.variables, 's3://plain');
    expect(await failure(plain.create('a', Buffer.from('1'), hash('1'), { untilMs }))).toMatchObject({
      exitCode: exitCodes.output,
      hint: expect.stringContaining('when the bucket is created'),
    });
  });
});

describe('what a store says', () => {
  it.each(['slow-down', 'conflict', 'cut-before'] as const)('is asked again after %s', async (fault) => {
    const store = await storeWith({ fault: (at) => (at < 4 ? fault : undefined) });
    const bucket = await openBucketAt(store.variables);
    await expect(bucket.create('a', Buffer.from('1'), hash('1'))).resolves.toBe('created');
    expect(store.requests.length).toBe(4);
  });

  it('may be lost: what was replaced all the same counts as replaced', async () => {
    const store = await storeWith({ fault: (at) => (at === 1 ? 'cut-after' : undefined) });
    const bucket = await openBucketAt(store.variables);
    const etag = await bucket.replace('p', Buffer.from('1'), null);
    expect(etag).toBe((await bucket.read('p'))?.etag);
  });

  it('ends with 69 where it never comes', async () => {
    const store = await storeWith({ fault: () => 'cut-before' });
    const bucket = await openBucketAt(store.variables);
    expect(await failure(bucket.read('a'))).toMatchObject({
      exitCode: exitCodes.unreachable,
      message: expect.stringMatching(
        /^Cannot read "s3:\/\/archives\/nightly\/a": http:.* gave no answer \(ECONNRESET\)$/,
      ),
    });
    expect(store.requests.length).toBe(4);
  });

  it.each<[string, StrictS3Options, Readonly<Record<string, string>>, number, RegExp]>([
    ['wrong key', {}, { AWS_SECRET_ACCESS_KEY: 'wrong' }, exitCodes.access, /SignatureDoesNotMatch/],
    ['unknown key', {}, { AWS_ACCESS_KEY_ID: 'AKOTHER' }, exitCodes.access, /InvalidAccessKeyId/],
    ['token', {}, { AWS_SESSION_TOKEN: 'old' }, exitCodes.access, /InvalidToken/],
    ['region', {}, { AWS_REGION: 'eu-west-1' }, exitCodes.access, /is in the region "eu-central-1", not "eu-west-1"/],
    ['bucket', { buckets: {} }, {}, exitCodes.unreachable, /has no bucket "archives"/],
    [
      'late clock',
      { now: () => Date.now() + 3_600_000 },
      {},
      exitCodes.access,
      /differ by 60 minutes: this machine is late/,
    ],
    [
      'early clock',
      { now: () => Date.now() - 3_600_000 },
      {},
      exitCodes.access,
      /differ by 60 minutes: this machine is early/,
    ],
  ])('is an error that says what to do: %s', async (_, options, variables, exitCode, message) => {
    const store = await storeWith(options);
    const bucket = await openBucketAt({ ...store.variables, ...variables });
    for (const ask of [() => bucket.read('a'), () => bucket.create('a', Buffer.from('1'), hash('1'))]) {
      const error = await failure(ask());
      expect(error).toMatchObject({ exitCode, message: expect.stringMatching(message), hint: expect.any(String) });
      expect(JSON.stringify(error) + error.message).not.toContain(variables['AWS_SECRET_ACCESS_KEY'] ?? 'wJalrXUtn');
    }
    expect(await failure(bucket.head('a'))).toMatchObject({ hint: expect.any(String) });
  });

  it.each([
    ['a page that is not there', 404, 'text/html; charset=utf-8', '<!doctype html><title>Not Found</title>'],
    ['a method that is not allowed', 405, 'text/html', '<html><body><h1>405</h1></body></html>'],
    ['the way to a login', 302, 'text/html', ''],
    ['a login of its own', 401, 'text/plain', 'Unauthorized'],
    ['a failure as JSON', 400, 'application/json', '{"error":"bad request"}'],
  ])('is no reason to run it again where no store answers: %s', async (_, status, type, body) => {
    const { url, seen, close } = await serve((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    onEnd(close);
    const { variables } = await storeWith();
    const bucket = await openBucketAt({ ...variables, AWS_ENDPOINT_URL: url });
    const said = `what answers at ${url} is no S3 store (HTTP ${status}, ${type.split(';')[0]})`;
    for (const ask of [() => bucket.read('a'), () => all(bucket.list()), () => readPointer(bucket)]) {
      const error = await failure(ask());
      expect(error).toMatchObject({ exitCode: exitCodes.output, message: expect.stringContaining(said) });
      expect(error).toMatchObject({ hint: expect.stringMatching(/^Set AWS_ENDPOINT_URL to the address/) });
    }
    // Asked again it would say the same.
    expect(seen.length).toBeLessThan(6);
  });

  it('is not taken for a pointer of a push where a console shows a page for every address', async () => {
    const { url, close } = await serve((_request, response) => response.end('<!doctype html><title>Console</title>'));
    onEnd(close);
    const { variables } = await storeWith();
    const bucket = await openBucketAt({ ...variables, AWS_ENDPOINT_URL: url });
    const hint = expect.stringMatching(/^Set AWS_ENDPOINT_URL to the address/);
    expect(await failure(readPointer(bucket))).toMatchObject({ exitCode: exitCodes.output, hint });
    expect(await failure(all(bucket.list()))).toMatchObject({ exitCode: exitCodes.output, hint });
  });

  it('is not waited for when the work is interrupted', async () => {
    const store = await storeWith({ fault: () => 'slow-down' });
    const cut = new AbortController();
    const clock = {
      now: Date.now,
      sleep: () => {
        cut.abort();
        return Promise.resolve();
      },
    };
    const bucket = await openBucketAt(store.variables, undefined, { ...instantly, clock, signal: cut.signal });
    expect(await failure(bucket.read('a'))).toMatchObject({ exitCode: exitCodes.stopped });
    expect(store.requests.length).toBe(1);
  });
});
