import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isAvatar, noPicture } from '../model/files/avatar.ts';
import type { FileReference } from '../model/files/file-reference.ts';
import type { FileFailure, FileResponse } from '../model/rocketchat.ts';
import { headBytes, isWrongHead, isWrongType } from './html.ts';
import type { PartialFile, Validators } from './partial-file.ts';

/** What one request came to. */
export type Attempt =
  /** `mimeType` as the server gave it; null: it did not, or it was the rest only that came. */
  | { readonly kind: 'whole'; readonly mimeType: string | null }
  /** For good, as far as this run goes. */
  | {
      readonly kind: 'unsaved';
      readonly status: 'missing' | 'forbidden' | 'too-large' | 'refused';
      readonly error: string;
    }
  /** Time may mend it. */
  | { readonly kind: 'again'; readonly error: string };

interface AttemptOptions {
  readonly reference: FileReference;
  /** What the job allows; undefined: anything. */
  readonly maxBytes: number | undefined;
  /** Behind this many bytes nobody takes it for the file any more. */
  readonly endlessBytes: number;
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<FileResponse | FileFailure>;
}

/** Asks for a file, or for the rest of it, and writes what comes. @throws OutputError when the disk refuses */
export async function attemptFile(partial: PartialFile, options: AttemptOptions): Promise<Attempt> {
  const { validators, sizeBytes } = partial;
  const leftBytes = validators?.totalBytes == null ? Infinity : validators.totalBytes - sizeBytes;
  if (validators !== null && leftBytes === 0) return { kind: 'whole', mimeType: null };
  // Of a range of one byte the server says that it is none.
  const isRest = validators !== null && sizeBytes > 0 && leftBytes > 1;
  const response = await options.open(isRest ? rangeHeaders(validators, sizeBytes) : {});
  if (response.kind === 'failure') return { kind: 'again', error: response.message };
  try {
    return await judge(partial, response, isRest, options);
  } finally {
    response.drop();
  }
}

/**
 * With both ends where the last one is known: Rocket.Chat passes over a range without.
 * Source: apps/meteor/app/file-upload/server/lib/ranges.ts
 */
function rangeHeaders({ etag, lastModified, totalBytes }: Validators, from: number): Readonly<Record<string, string>> {
  // A weak one says of no byte what it is. Source: RFC 9110, 13.1.5
  const validator = etag === null || etag.startsWith('W/') ? lastModified : etag;
  const to = totalBytes === null ? '' : String(totalBytes - 1);
  return { range: `bytes=${from}-${to}`, ...(validator !== null && { 'if-range': validator }) };
}

async function judge(
  partial: PartialFile,
  response: FileResponse,
  isRest: boolean,
  options: AttemptOptions,
): Promise<Attempt> {
  const { status, headers } = response;
  const again = (error: string): Attempt => ({ kind: 'again', error });
  switch (status) {
    case 200:
      return readBody(partial, response, 0, options);
    case 206: {
      const range = contentRange(headers);
      const isFitting =
        isRest && range?.first === partial.sizeBytes && isSame(partial.validators, response, range.total);
      // The server may ignore `if-range`, as Rocket.Chat does: what comes is compared all the same.
      if (isFitting) return readBody(partial, response, partial.sizeBytes, options);
      partial.forget();
      return again('the rest that came is of another content');
    }
    case 416: {
      const isWhole = isRest && contentRange(headers)?.total === partial.sizeBytes;
      if (isWhole) return { kind: 'whole', mimeType: null };
      partial.forget();
      return again('the rest of it is not there');
    }
    case 401:
    case 403:
      return { kind: 'unsaved', status: 'forbidden', error: `HTTP ${status}` };
    case 404:
    case 410:
      return { kind: 'unsaved', status: 'missing', error: `HTTP ${status}` };
    case 408:
    case 425:
    case 429:
      return again(`HTTP ${status}`);
    default:
      if (status >= 500) return again(`HTTP ${status}`);
      return { kind: 'unsaved', status: 'refused', error: `HTTP ${status} came in place of the file` };
  }
}

async function readBody(
  partial: PartialFile,
  { headers, body }: FileResponse,
  from: number,
  { reference, maxBytes, endlessBytes }: AttemptOptions,
): Promise<Attempt> {
  const [mimeType = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (isAvatar(reference) && isDrawn(mimeType.trim(), headers)) {
    return { kind: 'unsaved', status: 'missing', error: noPicture };
  }
  if (isWrongType(reference, headers['content-type'] ?? null)) return refused('a page (text/html) came in its place');
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const isPlain = coding === 'identity' || coding === '';
  const decoder = isPlain ? undefined : decoderOf(coding);
  if (!isPlain && decoder === undefined) return refused(`it came encoded as "${coding.slice(0, 40)}"`);
  const announced = isPlain ? lengthOf(headers, from) : null;
  if (announced !== null && maxBytes !== undefined && announced > maxBytes) return tooLarge(announced, maxBytes);
  // Bytes of an encoded answer are at other places.
  const none = { etag: null, lastModified: null, totalBytes: null };
  if (from === 0) await partial.begin(isPlain ? validatorsOf(headers, announced) : none);
  else if (!isPlain) {
    partial.forget();
    return { kind: 'again', error: `the rest of it came encoded as "${coding}"` };
  }
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of decoder === undefined ? body : decoded(body, decoder)) {
      if (from === 0 && head.length < headBytes) {
        head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
        if (isWrongHead(reference, head)) return refused('a page came in its place');
      }
      const sizeBytes = partial.sizeBytes + chunk.length;
      if (maxBytes !== undefined && sizeBytes > maxBytes) return tooLarge(null, maxBytes);
      if (sizeBytes > endlessBytes) return refused(`more than ${endlessBytes} bytes came`);
      await write(partial, chunk);
    }
  } catch (error) {
    if (error instanceof DiskFailure) throw error.cause;
    return { kind: 'again', error: 'the connection broke' };
  }
  const isCut = announced !== null && partial.sizeBytes < announced;
  return isCut
    ? { kind: 'again', error: 'the connection ended too early' }
    : { kind: 'whole', mimeType: mimeType.trim() || null };
}

/**
 * Of who has no picture the server draws the first letter, with a date that is always the same, or none for who may not see it.
 * Source: apps/meteor/server/routes/avatar/utils.ts (FALLBACK_LAST_MODIFIED), middlewares/auth.ts (renderFallback)
 */
function isDrawn(mimeType: string, headers: FileResponse['headers']): boolean {
  const date = headers['last-modified'];
  return mimeType === 'image/svg+xml' && (date === undefined || date === 'Thu, 01 Jan 2015 00:00:00 GMT');
}

/** Told from what the connection throws. */
class DiskFailure extends Error {}

async function write(partial: PartialFile, chunk: Uint8Array): Promise<void> {
  await partial.write(chunk).catch((cause: unknown) => {
    throw new DiskFailure('the disk refuses', { cause });
  });
}

function decoderOf(coding: string): NodeJS.ReadWriteStream | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

async function* decoded(body: AsyncIterable<Uint8Array>, decoder: NodeJS.ReadWriteStream): AsyncGenerator<Uint8Array> {
  // By this type what comes out of it is bytes or text; without an encoding it is bytes.
  const through: NodeJS.ReadWriteStream = new PassThrough();
  const done = pipeline(Readable.from(body), decoder, through);
  // Whoever reads meets the failure, too.
  done.catch(() => undefined);
  for await (const chunk of through) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  await done;
}

function validatorsOf(headers: FileResponse['headers'], totalBytes: number | null): Validators {
  return { etag: headers['etag'] ?? null, lastModified: headers['last-modified'] ?? null, totalBytes };
}

function isSame(known: Validators | null, { headers }: FileResponse, total: number | null): boolean {
  if (known === null) return false;
  const { etag, lastModified } = validatorsOf(headers, null);
  return (
    etag === known.etag &&
    lastModified === known.lastModified &&
    (known.totalBytes === null || total === null || total === known.totalBytes)
  );
}

interface ContentRange {
  /** null: the answer has no part. */
  readonly first: number | null;
  readonly total: number | null;
}

/** `bytes 100-199/200`, `bytes *\/200`. */
function contentRange(headers: FileResponse['headers']): ContentRange | undefined {
  const [, first, total] =
    /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  if (total === undefined) return undefined;
  return { first: first === undefined ? null : Number(first), total: total === '*' ? null : Number(total) };
}

/** Of the whole file. */
function lengthOf(headers: FileResponse['headers'], from: number): number | null {
  const length = headers['content-length'];
  return length !== undefined && /^\d{1,15}$/.test(length) ? from + Number(length) : null;
}

function refused(error: string): Attempt {
  return { kind: 'unsaved', status: 'refused', error };
}

function tooLarge(sizeBytes: number | null, maxBytes: number): Attempt {
  const size = sizeBytes === null ? 'it is larger' : `it has ${sizeBytes} bytes`;
  return { kind: 'unsaved', status: 'too-large', error: `${size}, the job allows ${maxBytes}` };
}
