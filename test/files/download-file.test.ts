import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { downloadFile } from '../../src/files/download-file.ts';
import type { FileReference } from '../../src/model/files/file-reference.ts';
import type { FileFailure, FileResponse } from '../../src/model/rocketchat.ts';
import { leapingClock } from '../support/clocks/leaping-clock.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const content = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 251));
const reference: FileReference = {
  ...{ fileId: 'one', messageId: 'm1', roomId: 'r1', roomName: 'ops', name: 'graph.png' },
  ...{ mimeType: 'image/png', sizeBytes: content.length },
};

type Headers = Readonly<Record<string, string>>;

async function* chunks(bytes: Uint8Array, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000));
  if (breaks) throw new Error('ECONNRESET');
}

function response(status: number, headers: Headers, bytes: Uint8Array = Buffer.alloc(0), breaks = false): FileResponse {
  return { kind: 'response', status, headers, body: chunks(bytes, breaks), drop: () => undefined };
}

const whole = { 'content-type': 'image/png', 'content-length': String(content.length), 'last-modified': 'Monday' };
const part = (from: number, headers: Headers = {}): Headers => ({
  ...{ 'content-type': 'image/png', 'last-modified': 'Monday' },
  'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
  'content-length': String(content.length - from),
  ...headers,
});

/** Answers in their order, and what was asked. */
async function download(
  answers: readonly (FileResponse | FileFailure)[],
  { of = {}, maxBytes }: { readonly of?: Partial<FileReference>; readonly maxBytes?: number } = {},
) {
  const disk = new MemoryDisk();
  const asked: Headers[] = [];
  const paths: string[] = [];
  const left = [...answers];
  const chat = {
    openFile: (path: string, headers: Headers) => {
      paths.push(path);
      asked.push(headers);
      return Promise.resolve(left.shift() ?? response(500, {}));
    },
  };
  const { signal } = new AbortController();
  const context = { chat, disk, archive: '/archive', clock: leapingClock(), random: () => 0, signal, maxBytes };
  const { outcome, failed } = await downloadFile(context, { ...reference, ...of }, 'one', true);
  const saved = await disk.readFile('/archive/_work/files/one/graph.png');
  const left_over = await disk.list('/archive/_work/partial');
  return { outcome, failed, asked, paths, saved, partial: left_over ?? [] };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a download', () => {
  it('is hashed while it is written, and waits where publishing finds it', async () => {
    const { outcome, saved, partial, paths } = await download([response(200, whole, content)]);
    expect(outcome).toEqual({
      ...{ fileId: 'one', status: 'saved', path: '_files/one/graph.png', error: null },
      ...{ sizeBytes: content.length, sha256: sha256(content) },
    });
    expect(saved?.equals(content)).toBe(true);
    expect(partial).toEqual([]);
    expect(paths).toEqual(['/file-upload/one/graph.png']);
  });

  it('that breaks off is resumed where it broke, with both ends of the range, and the bytes are the same', async () => {
    const { outcome, asked, saved } = await download([
      response(200, whole, content.subarray(0, 1000), true),
      response(206, part(1000), content.subarray(1000, 2000), true),
      response(206, part(2000), content.subarray(2000)),
    ]);
    expect(asked).toEqual([
      {},
      { range: 'bytes=1000-2999', 'if-range': 'Monday' },
      { range: 'bytes=2000-2999', 'if-range': 'Monday' },
    ]);
    expect(outcome.sha256).toBe(sha256(content));
    expect(saved?.equals(content)).toBe(true);
  });

  it.each([
    ['another ETag', part(1000, { etag: '"other"' })],
    ['another date', part(1000, { 'last-modified': 'Tuesday' })],
    ['another length', { ...part(1000), 'content-range': 'bytes 1000-2999/4000' }],
    ['another place', part(999)],
    ['an encoding', part(1000, { 'content-encoding': 'gzip' })],
  ])('is not put together from two contents: the rest comes with %s', async (_, headers) => {
    const other = Buffer.from(content).reverse();
    const { outcome, saved } = await download([
      response(200, whole, content.subarray(0, 1000), true),
      response(206, headers, other.subarray(1000)),
      response(200, whole, other),
    ]);
    expect(outcome).toMatchObject({ status: 'saved', sha256: sha256(other) });
    expect(saved?.equals(other)).toBe(true);
  });

  it('begins anew where the server passes over the range, or says that there is none', async () => {
    const broken = response(200, whole, content.subarray(0, 1000), true);
    const anew = await download([broken, response(200, whole, content)]);
    expect(anew.saved?.equals(content)).toBe(true);
    const none = await download([
      response(200, whole, content.subarray(0, 1000), true),
      response(416, { 'content-range': 'bytes */3000' }),
      response(200, whole, content),
    ]);
    expect(none.asked.at(-1)).toEqual({});
    expect(none.saved?.equals(content)).toBe(true);
  });

  it('that was compressed on the way is saved as it was', async () => {
    const headers = { ...whole, 'content-encoding': 'gzip', 'content-length': '20' };
    const { outcome, saved } = await download([response(200, headers, gzipSync(content))]);
    expect(outcome.status).toBe('saved');
    expect(saved?.equals(content)).toBe(true);
  });

  it('whose size is not what the message says is saved, and said to differ', async () => {
    const { outcome, saved } = await download([response(200, {}, content)], { of: { sizeBytes: 2999 } });
    expect(outcome).toMatchObject({ status: 'differs', sizeBytes: 3000, error: 'its message says 2999 bytes' });
    expect(saved?.equals(content)).toBe(true);
  });

  it.each([
    ['a login page', response(200, { 'content-type': 'text/html; charset=utf-8' }, Buffer.from('<html>')), 'refused'],
    ['a page as image', response(200, { 'content-type': 'image/png' }, Buffer.from('<!DOCTYPE html>')), 'refused'],
    ['an unknown encoding', response(200, { 'content-encoding': 'zip' }, content), 'refused'],
    ['a redirect that is none', response(302, {}), 'refused'],
    ['401', response(401, {}), 'forbidden'],
    ['403', response(403, {}), 'forbidden'],
    ['404', response(404, {}), 'missing'],
    ['410', response(410, {}), 'missing'],
    ['400', response(400, {}), 'refused'],
  ])('of %s is not saved', async (_, answer, status) => {
    const { outcome, failed, saved, partial, asked } = await download([answer]);
    expect(outcome).toMatchObject({ status, path: null, sha256: null, sizeBytes: null });
    expect(outcome.error).not.toBe(null);
    expect(failed).toBe(false);
    expect(asked).toHaveLength(1);
    expect([saved, partial]).toEqual([undefined, []]);
  });

  it('of a page is saved where the message says that it is one', async () => {
    const page = response(200, { 'content-type': 'text/html' }, Buffer.from('<!doctype html>'));
    const { outcome } = await download([page], { of: { mimeType: 'text/html', sizeBytes: 15 } });
    expect(outcome.status).toBe('saved');
  });

  longIt('that does not end is refused, and one that is larger than the job allows is too large', async () => {
    const endless = { ...response(200, {}), body: forever() };
    const refused = await download([endless], { of: { sizeBytes: 10 } });
    expect(refused.outcome).toMatchObject({ status: 'refused', error: 'more than 16777236 bytes came' });
    const large = await download([{ ...response(200, {}), body: forever() }], {
      of: { sizeBytes: 10 },
      maxBytes: 5000,
    });
    expect(large.outcome).toMatchObject({ status: 'too-large', error: 'it is larger, the job allows 5000' });
    expect([refused.partial, large.partial]).toEqual([[], []]);
    const announced = await download([response(200, whole, content)], { of: { sizeBytes: null }, maxBytes: 5 });
    expect(announced.outcome.status).toBe('too-large');
  });

  it('is not begun for a file that is too large by its message, nor for an id that is an address', async () => {
    expect(await download([], { maxBytes: 5 })).toMatchObject({ outcome: { status: 'too-large' }, asked: [] });
    expect(await download([], { of: { fileId: '..' } })).toMatchObject({ outcome: { status: 'refused' }, asked: [] });
    const slashes = await download([response(404, {})], { of: { fileId: '../../api/v1/logout' } });
    expect(slashes.paths).toEqual(['/file-upload/..%2F..%2Fapi%2Fv1%2Flogout/graph.png']);
  });

  it('that fails each time ends as missing, after five attempts', async () => {
    const { outcome, failed, asked } = await download([]);
    expect(outcome).toMatchObject({ status: 'missing', error: 'the server failed: HTTP 500' });
    expect(failed).toBe(true);
    expect(asked).toHaveLength(5);
  });

  it('without a validator is not resumed', async () => {
    const plain = { 'content-length': String(content.length) };
    const { asked, saved } = await download([
      response(200, plain, content.subarray(0, 1000), true),
      response(200, plain, content),
    ]);
    expect(asked).toEqual([{}, {}]);
    expect(saved?.equals(content)).toBe(true);
  });
});

async function* forever(): AsyncGenerator<Uint8Array> {
  for (;;) yield await Promise.resolve(Buffer.alloc(1 << 16));
}
