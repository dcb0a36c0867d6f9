import { sha256 } from '../../archive/hash-file.ts';
import { isArray } from '../../model/json/is-array.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { isIndexSegment } from '../search/engine/index-guards.ts';
import type { IndexSegment } from '../search/engine/index-shape.ts';

/** A file of a transcript, and what it was made of. */
export interface MadeFile {
  /** In the folder of the transcript. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of a page of messages. */
  readonly page?: MadePage;
}

/** What a page of messages was made of. */
interface MadePage {
  /** As `pageKey` makes it. */
  readonly key: string;
  /** What else it depends on. */
  readonly asked: Asked;
}

/** What was asked while a page was made, beside what its key holds, and the SHA-256 of what was answered. */
export interface Asked {
  readonly names: readonly string[];
  readonly messages: readonly string[];
  readonly rooms: readonly string[];
  readonly files: readonly string[];
  readonly answers: string;
}

/** A segment of the index of the search, and what it was made of. */
export interface MadeSegment {
  readonly segment: IndexSegment;
  /** Whether the messages behind it went to the next one. */
  readonly isFull: boolean;
  /** SHA-256 of its messages. */
  readonly key: string;
}

/** What a transcript says of its own making, for the next one to take over what is the same. */
export interface MadeTranscript {
  /** The program, its data and the options: another maker takes over nothing. */
  readonly maker: string;
  readonly files: ReadonlyMap<string, MadeFile>;
  readonly segments: readonly MadeSegment[];
}

/** In the folder of the transcript. It is there when all the others are. */
export const madeFile = 'made.jsonl';

/** A line of it. The last one is the SHA-256 of those before. */
export function madeLine(
  kind: 'file' | 'segment' | 'maker' | 'sha256',
  value: MadeFile | MadeSegment | string,
): string {
  return `${JSON.stringify([kind, value])}\n`;
}

/** Reads it back; undefined: it is not whole, or not of this version. */
export function readMade(bytes: Buffer): MadeTranscript | undefined {
  const text = bytes.toString();
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  if (text.slice(end) !== madeLine('sha256', sha256(text.slice(0, end)))) return undefined;
  let maker = '';
  const files = new Map<string, MadeFile>();
  const segments: MadeSegment[] = [];
  for (const line of text.slice(0, end).split('\n')) {
    if (line === '') continue;
    const entry: unknown = JSON.parse(line);
    if (!isArray(entry)) return undefined;
    const [kind, value] = entry;
    if (kind === 'maker' && typeof value === 'string') maker = value;
    else if (kind === 'file' && isMadeFile(value)) files.set(value.path, value);
    else if (kind === 'segment' && isMadeSegment(value)) segments.push(value);
    else return undefined;
  }
  return { maker, files, segments };
}

function isMadeFile(value: unknown): value is MadeFile {
  if (!isRecord(value)) return false;
  const { path, sizeBytes, sha256: hash, page } = value;
  return (
    typeof path === 'string' &&
    typeof sizeBytes === 'number' &&
    typeof hash === 'string' &&
    (page === undefined || (isRecord(page) && typeof page['key'] === 'string' && isAsked(page['asked'])))
  );
}

function isAsked(value: unknown): value is Asked {
  return (
    isRecord(value) &&
    typeof value['answers'] === 'string' &&
    ['names', 'messages', 'rooms', 'files'].every((kind) => {
      const asked = value[kind];
      return isArray(asked) && asked.every((one) => typeof one === 'string');
    })
  );
}

function isMadeSegment(value: unknown): value is MadeSegment {
  return (
    isRecord(value) &&
    isIndexSegment(value['segment']) &&
    typeof value['key'] === 'string' &&
    typeof value['isFull'] === 'boolean'
  );
}
