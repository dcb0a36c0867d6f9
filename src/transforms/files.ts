import type { FlatAttachment } from '../tables/flat-message.ts';
import { isRecord, type RawMessage } from '../rocketchat/message.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readInt, readRecords, readString } from './field-readers.ts';

/** An upload that belongs to a message, as its `files` tells it. */
export interface UploadedFile {
  readonly id: string | null;
  readonly name: string | null;
  readonly mimeType: string | null;
  readonly sizeBytes: number | null;
  readonly thumbnail: boolean;
}

/**
 * Uploads of a message: `files`, and `file` where it names another one (the first servers with uploads knew only
 * `file`; later ones repeat the first of `files` in it).
 */
export function readFiles(raw: RawMessage, bad: BadFields): readonly UploadedFile[] {
  const records = readRecords(raw['files'], 'files', bad);
  const file = raw['file'];
  if (records.length === 0 && (file === undefined || file === null)) return none;
  const files = records.map((record) => readFile(record, 'files', bad));
  if (isRecord(file)) {
    const single = readFile(file, 'file', bad);
    // Only an id proves that both name the same upload.
    if (single.id === null ? files.length === 0 : files.every(({ id }) => id !== single.id)) files.push(single);
  } else if (file !== undefined && file !== null) {
    markBad('file', bad);
  }
  return files;
}

function readFile(record: Readonly<Record<string, unknown>>, field: string, bad: BadFields): UploadedFile {
  return {
    id: readString(record['_id'], field, bad),
    name: readString(record['name'], field, bad),
    mimeType: readString(record['type'], field, bad),
    sizeBytes: readInt(record['size'], field, bad),
    // Marked so by newer servers only; those of older ones are known by an attachment that shows them.
    thumbnail: record['typeGroup'] === 'thumb',
  };
}

/** The row of an upload that no attachment shows: encrypted messages keep their attachments in the ciphertext. */
export function fileAttachment({ id, name, mimeType, sizeBytes }: UploadedFile): FlatAttachment {
  return {
    kind: fileKind(mimeType),
    title: name,
    text: null,
    url: null,
    mime_type: mimeType,
    size_bytes: sizeBytes,
    file_id: id,
  };
}

function fileKind(mimeType: string | null): FlatAttachment['kind'] {
  if (mimeType?.startsWith('image/') === true) return 'image';
  if (mimeType?.startsWith('audio/') === true) return 'audio';
  if (mimeType?.startsWith('video/') === true) return 'video';
  return 'file';
}
