import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../model/json/json-value.ts';
import type { FlatAttachment } from '../../model/flat-message.ts';
import { isRecord } from '../../model/json/is-record.ts';
import type { RawMessage } from '../../model/message.ts';
import type { BadFields } from '../field-readers.ts';
import { markBad, readInt, readRecords, readString } from '../field-readers.ts';
import { without } from '../unread.ts';

/** An upload that belongs to a message, as its `files` describes it. */
export interface UploadedFile {
  readonly id: string | null;
  readonly name: string | null;
  readonly mimeType: string | null;
  readonly sizeBytes: number | null;
  readonly thumbnail: boolean;
  readonly record: JsonObject;
}

/** The files that a message names. */
export interface MessageFiles {
  /** `files`. */
  readonly listed: readonly UploadedFile[];
  /** `file`. */
  readonly single: UploadedFile | undefined;
  /** Each upload once: those of `files`, and `file` where it names another one. */
  readonly uploads: readonly UploadedFile[];
}

/**
 * Uploads of a message: `files`, and `file` where it names another one (the first servers with uploads knew only
 * `file`; later ones repeat the first of `files` in it). undefined for the most, which have neither.
 */
export function readFiles(raw: RawMessage, bad: BadFields): MessageFiles | undefined {
  const records = readRecords(raw['files'], 'files', bad);
  const file = raw['file'];
  if (file !== undefined && file !== null && !isRecord(file)) markBad('file', bad);
  if (records.length === 0 && !isRecord(file)) return undefined;
  const listed = records.map((record) => readFile(record, 'files', bad));
  if (!isRecord(file)) return { listed, single: undefined, uploads: listed };
  const single = readFile(file, 'file', bad);
  // Only an id proves that both name the same upload.
  const isOther = single.id === null ? listed.length === 0 : listed.every(({ id }) => id !== single.id);
  return { listed, single, uploads: isOther ? [...listed, single] : listed };
}

function readFile(record: JsonObject, field: string, bad: BadFields): UploadedFile {
  return {
    id: readString(record['_id'], field, bad),
    name: readString(record['name'], field, bad),
    mimeType: readString(record['type'], field, bad),
    sizeBytes: readInt(record['size'], field, bad),
    // Marked so by newer servers only; those of older ones are known by an attachment that shows them.
    thumbnail: record['typeGroup'] === 'thumb',
    record,
  };
}

/** The row of an upload that no attachment shows: encrypted messages keep their attachments in the ciphertext. */
export function fileAttachment({ id, name, mimeType, sizeBytes }: UploadedFile): FlatAttachment {
  return {
    kind: fileKind(mimeType),
    title: name,
    author: null,
    text: null,
    url: null,
    urls: [],
    mime_type: mimeType,
    size_bytes: sizeBytes,
    file_id: id,
  };
}

/**
 * What no column takes of a file: undefined when there is nothing.
 *
 * @param row the attachment that shows it, or its own
 * @param isShown whether an address of an attachment has its id
 * @param twin the one with the same id that is looked at by itself
 */
export function unreadOfFile(
  { id, record }: UploadedFile,
  row: FlatAttachment | undefined,
  isShown: boolean,
  twin?: UploadedFile,
): JsonObject | undefined {
  const known: JsonObject = typeof twin?.id === 'string' ? twin.record : {};
  return without(record, (name, value) => {
    if (value === null || (name in known && isDeepStrictEqual(known[name], value))) return true;
    switch (name) {
      case '_id':
        return isShown || row?.file_id === id;
      case 'name':
        return row?.title === value;
      case 'type':
        return row?.mime_type === value;
      case 'size':
        return row?.size_bytes === value;
      default:
        return false;
    }
  });
}

function fileKind(mimeType: string | null): FlatAttachment['kind'] {
  if (mimeType?.startsWith('image/') === true) return 'image';
  if (mimeType?.startsWith('audio/') === true) return 'audio';
  if (mimeType?.startsWith('video/') === true) return 'video';
  return 'file';
}
