import type { RawMessage } from '../rocketchat/message.ts';
import type { FlatAttachment } from '../tables/flat-message.ts';
import { attachmentText } from './attachment-text.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readInt, readRecords, readString } from './field-readers.ts';
import type { UploadedFile } from './files.ts';
import { fileAttachment, readFiles } from './files.ts';

/** Servers nest quotes two deep unless told otherwise; imports and integrations are held by no limit. */
const depthCap = 32;

/**
 * Everything attached to a message, in order: each attachment, then those nested in it (a quote of a quote), and last
 * the uploads that no attachment shows. Thumbnails are no uploads of anybody and left out.
 *
 * Attachments nested deeper than 32 are not read; `attachments` then counts as bad, which keeps them all.
 */
export function readAttachments(raw: RawMessage, bad: BadFields): readonly FlatAttachment[] {
  const records = readRecords(raw['attachments'], 'attachments', bad);
  const files = readFiles(raw, bad);
  if (records.length === 0 && files.length === 0) return none;
  const reader = new AttachmentReader(files, bad);
  reader.readAll(records, 0);
  return reader.finish();
}

class AttachmentReader {
  readonly #flat: FlatAttachment[] = [];
  readonly #filesById = new Map<string, UploadedFile>();
  readonly #shownIds = new Set<string>();
  readonly #files: readonly UploadedFile[];
  readonly #bad: BadFields;

  constructor(files: readonly UploadedFile[], bad: BadFields) {
    this.#files = files;
    this.#bad = bad;
    for (const file of files) if (file.id !== null) this.#filesById.set(file.id, file);
  }

  readAll(records: readonly Readonly<Record<string, unknown>>[], depth: number): void {
    for (const record of records) {
      this.#flat.push(this.#read(record));
      const nested = readRecords(record['attachments'], 'attachments', this.#bad);
      if (nested.length === 0) continue;
      if (depth < depthCap) this.readAll(nested, depth + 1);
      else markBad('attachments', this.#bad);
    }
  }

  finish(): readonly FlatAttachment[] {
    for (const file of this.#files) {
      const shown = file.id !== null && this.#shownIds.has(file.id);
      if (!shown && !file.thumbnail) this.#flat.push(fileAttachment(file));
    }
    return this.#flat;
  }

  #read(record: Readonly<Record<string, unknown>>): FlatAttachment {
    const string = (property: string) => readString(record[property], 'attachments', this.#bad);
    const int = (property: string) => readInt(record[property], 'attachments', this.#bad);
    const titleLink = string('title_link');
    const mediaUrl = string('image_url') ?? string('audio_url') ?? string('video_url');
    const messageLink = string('message_link');
    const kind = attachmentKind(record, messageLink);
    const uploaded = kind !== 'quote' && kind !== 'rich';
    const fileId = string('fileId') ?? (uploaded ? (uploadId(titleLink) ?? uploadId(mediaUrl)) : null);
    if (fileId !== null) this.#shownIds.add(fileId);
    const mediaId = uploadId(mediaUrl);
    if (mediaId !== null) this.#shownIds.add(mediaId);
    // Where the server made a thumbnail, image_url and image_type are the thumbnail's, title_link and files the upload's.
    const file = fileId === null ? undefined : this.#filesById.get(fileId);
    const mimeType = string('image_type') ?? string('audio_type') ?? string('video_type');
    const sizeBytes = int('image_size') ?? int('audio_size') ?? int('video_size') ?? int('size');
    return {
      kind,
      title: string('title') ?? string('author_name'),
      text: attachmentText(record, this.#bad),
      url: (kind === 'quote' ? messageLink : null) ?? titleLink ?? mediaUrl ?? string('thumb_url') ?? messageLink,
      mime_type: file?.mimeType ?? mimeType,
      size_bytes: file?.sizeBytes ?? sizeBytes,
      file_id: fileId,
    };
  }
}

/** By the marks that clients go by, in their order. */
function attachmentKind(
  attachment: Readonly<Record<string, unknown>>,
  messageLink: string | null,
): FlatAttachment['kind'] {
  const type = attachment['type'];
  if (type === 'removed-file') return 'removed';
  if (type === 'file' || !('type' in attachment)) {
    // An integration's card may show an image too: only uploads tell the image's type.
    const upload = type === 'file';
    if (typeof attachment[upload ? 'image_url' : 'image_type'] === 'string') return 'image';
    if (typeof attachment[upload ? 'audio_url' : 'audio_type'] === 'string') return 'audio';
    if (typeof attachment[upload ? 'video_url' : 'video_type'] === 'string') return 'video';
    if (upload) return 'file';
  }
  return messageLink === null ? 'rich' : 'quote';
}

/** Both `/file-upload/<id>/<name>` and the older `/ufs/<store>/<id>/<name>`, relative or with the server before it. */
const uploadPath = /\/(?:file-upload|ufs\/[^/?#]+)\/([^/?#]+)/;

function uploadId(url: string | null): string | null {
  return url === null ? null : (uploadPath.exec(url)?.[1] ?? null);
}
