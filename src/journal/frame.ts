import { crc32 } from 'node:zlib';
import type { FileOutcome } from '../model/files/file-reference.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { ChangesRefusal, Cursor, Hole, PageRecord } from '../model/stream.ts';

/**
 * A journal holds frames. That of a stream: its pages in order and, when its reading has come to an end, why. That of
 * the run: the job, the plan and the answers that are no pages; those of users and members: the pages of their lists; that of files:
 * what became of each. Together they are all that tables are made from.
 */
export type Frame =
  /** The job as it was resolved, without secrets. */
  | { readonly kind: 'job'; readonly job: Readonly<Record<string, unknown>> }
  /** How the run was loaded. The body is JSON. */
  | { readonly kind: 'plan' }
  /** An answer of the server that is no page: room list, `/me`, `/info`… The body is verbatim. */
  | { readonly kind: 'answer'; readonly endpoint: string; readonly params: Readonly<Record<string, string>> }
  /** The same, of a request that was refused. */
  | {
      readonly kind: 'refused';
      readonly endpoint: string;
      readonly params: Readonly<Record<string, string>>;
      readonly reason: string;
      readonly message: string;
    }
  /** A page that counts. The body is the answer, verbatim. */
  | { readonly kind: 'page'; readonly record: PageRecord }
  /** A place that could not be read, and where the walk resumes behind it. The body is what came there, if anything. */
  | { readonly kind: 'hole'; readonly hole: Hole; readonly cursor: Cursor }
  /** The changes of the room are refused: the pages that follow are of another list. */
  | ({ readonly kind: 'refusal' } & ChangesRefusal)
  /** Of the shared journal: the body is a whole journal, of that name. */
  | { readonly kind: 'journal'; readonly journal: string }
  | { readonly kind: 'end'; readonly cursor: Cursor; readonly total?: number }
  /** What became of a file of a message. */
  | { readonly kind: 'file'; readonly outcome: FileOutcome }
  | { readonly kind: 'gap'; readonly cursor: Cursor; readonly reason: string; readonly message: string };

/** A frame with its body (empty where the kind has none) and where it ends in the file. */
export interface StoredFrame {
  readonly frame: Frame;
  readonly body: Buffer;
  readonly endByte: number;
}

interface Header {
  /** Version of the format. Journals of version 1 have no such key. */
  readonly journal: 2;
  readonly frame: Frame;
  readonly bodyBytes: number;
  readonly bodyCrc32: number;
}

/** How long frames may lie unflushed: what a power cut may lose. A killed process loses nothing that was written. */
export const syncEveryMs = 1_000;

const newline = 0x0a;
/** Eight hex digits and a space before the header's JSON. */
const checksumChars = 9;

/**
 * A frame is a line of text and the body behind it: the CRC-32 of the header, a space, the header as JSON, a newline,
 * the body as the server sent it, a newline. Lengths are in the header, so a body may hold anything; people can still
 * read the file.
 *
 * @param memory makes room for so many bytes, whatever they hold; default: new memory
 */
export function encodeFrame(
  frame: Frame,
  body: Uint8Array,
  memory: (sizeBytes: number) => Buffer = (sizeBytes) => Buffer.allocUnsafe(sizeBytes),
): Buffer {
  const header: Header = { journal: 2, frame, bodyBytes: body.length, bodyCrc32: crc32(body) };
  const json = JSON.stringify(header);
  const line = `${checksumOf(json)}${json}\n`;
  const lineBytes = Buffer.byteLength(line);
  const bytes = memory(lineBytes + body.length + 1);
  bytes.write(line);
  bytes.set(body, lineBytes);
  bytes[lineBytes + body.length] = newline;
  return bytes;
}

/** Reads the first frame of `bytes`. undefined: the bytes do not hold a whole one, are damaged, or of another version. */
export function decodeFrame(
  bytes: Buffer,
): { readonly frame: Frame; readonly body: Buffer; readonly sizeBytes: number } | undefined {
  const headerEnd = bytes.indexOf(newline);
  if (headerEnd <= checksumChars || !isIntact(bytes, headerEnd)) return undefined;
  const json = bytes.subarray(checksumChars, headerEnd);
  const header: unknown = JSON.parse(json.toString());
  if (!isHeader(header)) return undefined;
  const { frame, bodyBytes, bodyCrc32 } = header;
  const bodyEnd = headerEnd + 1 + bodyBytes;
  if (bytes.length <= bodyEnd || bytes[bodyEnd] !== newline) return undefined;
  const body = bytes.subarray(headerEnd + 1, bodyEnd);
  return crc32(body) === bodyCrc32 ? { frame, body, sizeBytes: bodyEnd + 1 } : undefined;
}

/** By kind, so that none is forgotten. */
const kinds: Readonly<Record<Frame['kind'], true>> = {
  job: true,
  plan: true,
  answer: true,
  refused: true,
  page: true,
  hole: true,
  refusal: true,
  journal: true,
  end: true,
  file: true,
  gap: true,
};

/**
 * Whether it is of this version and of a kind that is known. What the kinds hold is not looked at, of every page: the
 * checksum has said that it stands there as `encodeFrame` wrote it, by these types.
 */
function isHeader(value: unknown): value is Header {
  if (!isRecord(value)) return false;
  const { journal, frame, bodyBytes, bodyCrc32 } = value;
  // Kept journals of the first builds name no version.
  if (journal !== undefined && journal !== 2) return false;
  return (
    isRecord(frame) &&
    typeof frame['kind'] === 'string' &&
    Object.hasOwn(kinds, frame['kind']) &&
    Number.isSafeInteger(bodyBytes) &&
    Number.isSafeInteger(bodyCrc32)
  );
}

/** The `checksumChars` before a header. */
function checksumOf(json: string | Uint8Array): string {
  return `${crc32(json).toString(16).padStart(8, '0')} `;
}

function isIntact(bytes: Buffer, headerEnd: number): boolean {
  return bytes.toString('latin1', 0, checksumChars) === checksumOf(bytes.subarray(checksumChars, headerEnd));
}

/** Bytes the first frame of `bytes` takes, as its header says; undefined while the header is not whole. */
export function frameBytes(bytes: Buffer): number | undefined {
  const headerEnd = bytes.indexOf(newline);
  if (headerEnd === -1) return undefined;
  // A damaged header is over where it ends: waiting for as much as it says would read the whole file into memory.
  if (!isIntact(bytes, headerEnd)) return headerEnd + 1;
  const size = /"bodyBytes":(\d+),"bodyCrc32":\d+\}$/.exec(bytes.toString('utf8', checksumChars, headerEnd));
  return headerEnd + 1 + Number(size?.[1] ?? 0) + 1;
}
