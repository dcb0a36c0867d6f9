import { errorCode } from '../../errors.ts';
import { gunzipSync } from 'node:zlib';
import type { AnswerLease } from './answer-budget.ts';

/** The least that gunzipSync takes for `chunkSize`. Source: Node's lib/zlib.js (Z_MIN_CHUNK) */
const leastChunkBytes = 64;

const pieceBytes = 1024 * 1024;

/** Deflate makes no more of a byte. Source: zlib.net/zlib_tech.html, "Maximum Compression Factor" */
const mostRatio = 1_032;

/** Collects the body of one answer within the budget of all of them. */
export class AnswerBody {
  readonly #lease: AnswerLease;
  readonly #encoding: string;
  readonly #lengthBytes: number;
  #chunks: Buffer[] = [];
  #sizeBytes = 0;

  /** @param headers in lower case */
  constructor(lease: AnswerLease, headers: Readonly<Record<string, string | readonly string[] | undefined>>) {
    this.#lease = lease;
    this.#encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
    this.#lengthBytes = Number(headers['content-length'] ?? Number.NaN);
  }

  /** @returns what to wait for before more is read, if anything: whether there is room for more */
  take(chunk: Buffer): Promise<boolean> | undefined {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    if (!this.#lease.covers(this.#sizeBytes)) return this.#lease.reserve(this.#wholeBytes());
    this.#lease.hold(Math.max(this.#sizeBytes, this.#lease.sizeBytes));
    return undefined;
  }

  /** Of what is not inflated the length may be known; else it may take all there is. */
  #wholeBytes(): number {
    const isKnown = !this.#isGzip() && this.#lengthBytes >= this.#sizeBytes;
    return isKnown ? this.#lengthBytes : Math.max(this.#sizeBytes, this.#lease.limitBytes);
  }

  #isGzip(): boolean {
    return this.#encoding === 'gzip' || this.#encoding === 'x-gzip';
  }

  /** The decoded body, once all of it has come. @throws an error with a code of its own or of zlib */
  async decode(): Promise<Buffer> {
    const [only] = this.#chunks;
    // Most pages come in one piece: no copy of what would be garbage at once.
    const body = only?.length === this.#sizeBytes ? only : Buffer.concat(this.#chunks, this.#sizeBytes);
    this.#chunks = [];
    const isPlain = this.#encoding === 'identity' || this.#encoding === '';
    if (!isPlain && !this.#isGzip()) {
      throw codedError('ERR_CONTENT_ENCODING', 'The answer is in an encoding that was not asked for');
    }
    const decoded = isPlain ? body : await this.#inflate(body);
    this.#lease.hold(decoded.length);
    return decoded;
  }

  /** The trailer says how large one member is, modulo 4 GB (RFC 1952, ISIZE): room for it is reserved, and not exceeded. */
  async #inflate(body: Buffer): Promise<Buffer> {
    const mostBytes = this.#lease.limitBytes - body.length;
    const saidBytes = body.length < 4 ? 0 : body.readUInt32LE(body.length - 4);
    // A body that breaks off ends with anything: it is for zlib to say so.
    const expectedBytes = saidBytes > body.length * mostRatio ? mostBytes : saidBytes;
    try {
      return await this.#inflateTo(body, expectedBytes, expectedBytes === saidBytes);
    } catch (error) {
      if (!isTooLarge(error) || expectedBytes >= mostBytes) throw error;
      // Of several members, the trailer is that of the last.
      return this.#inflateTo(body, mostBytes);
    }
  }

  async #inflateTo(body: Buffer, mostBytes: number, isKnown = false): Promise<Buffer> {
    if (!(await this.#lease.reserve(body.length + mostBytes))) throw answerTooLarge();
    return gunzipSync(body, {
      // In one piece where the size is known: joining pieces takes twice the memory, and longer than inflating them.
      chunkSize: isKnown ? Math.max(leastChunkBytes, mostBytes + 1) : pieceBytes,
      maxOutputLength: Math.max(1, mostBytes),
    });
  }
}

export function answerTooLarge(): Error {
  return codedError('ERR_BUFFER_TOO_LARGE', 'The answer is too large');
}

/** An error with a code as Node's own have it. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function isTooLarge(error: unknown): boolean {
  return errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
}
