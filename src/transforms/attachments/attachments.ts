import type { JsonObject, JsonValue } from '../../model/json/json-value.ts';
import type { RawMessage } from '../../model/message.ts';
import type { FlatAttachment } from '../../model/flat-message.ts';
import { attachmentText } from './attachment-text.ts';
import { unreadOfAttachment } from './attachment-unread.ts';
import { attachmentUrls, linkedMessageId, uploadId } from './attachment-urls.ts';
import type { BadFields } from '../field-readers.ts';
import { markBad, none, readInt, readRecords, readString } from '../field-readers.ts';
import type { MessageFiles, UploadedFile } from './files.ts';
import { fileAttachment, readFiles, unreadOfFile } from './files.ts';
import { inPlace } from '../unread.ts';

/** What is attached to a message. */
interface Attachments {
  readonly attachments: readonly FlatAttachment[];
  /** Of the messages quoted, not of those quoted by them. */
  readonly quotedMessageIds: readonly string[];
  /** What no column takes of `attachments`, `files` and `file`; each is absent when there is nothing. */
  readonly leftOver: JsonObject;
}

const noAttachments: Attachments = { attachments: none, quotedMessageIds: none, leftOver: {} };

/** Servers nest quotes two deep unless told otherwise; imports and integrations are held by no limit. */
const depthCap = 32;

/**
 * Everything attached to a message, in order: each attachment, then those nested in it (a quote of a quote), and last
 * the uploads that no attachment shows. Thumbnails are no uploads of anybody and left out.
 *
 * Attachments nested deeper than 32 are not read; `attachments` then counts as bad, which keeps them all.
 */
export function readAttachments(raw: RawMessage, bad: BadFields): Attachments {
  const records = readRecords(raw['attachments'], 'attachments', bad);
  const files = readFiles(raw, bad);
  if (records.length === 0 && files === undefined) return noAttachments;
  const reader = new AttachmentReader(files?.uploads ?? none, bad);
  const unread = reader.readAll(records, 0);
  const { attachments, quotedMessageIds } = reader.finish();
  return { attachments, quotedMessageIds, leftOver: { attachments: unread, ...(files && reader.unreadFiles(files)) } };
}

class AttachmentReader {
  readonly #flat: FlatAttachment[] = [];
  readonly #quotedIds = new Set<string>();
  /** By the id of the upload, the attachment that shows it. */
  readonly #rows = new Map<UploadedFile, FlatAttachment>();
  readonly #filesById = new Map<string, UploadedFile>();
  readonly #shownIds = new Set<string>();
  readonly #files: readonly UploadedFile[];
  readonly #bad: BadFields;

  constructor(files: readonly UploadedFile[], bad: BadFields) {
    this.#files = files;
    this.#bad = bad;
    for (const file of files) if (file.id !== null) this.#filesById.set(file.id, file);
  }

  /** @returns what no column takes of the records, in their places */
  readAll(records: readonly JsonObject[], depth: number): readonly JsonValue[] | undefined {
    return inPlace(
      records.map((record) => {
        const flat = this.#read(record);
        this.#flat.push(flat);
        if (depth === 0 && flat.kind === 'quote') this.#addQuoted(record['message_link']);
        const unread = unreadOfAttachment(record, flat);
        const nested = readRecords(record['attachments'], 'attachments', this.#bad);
        if (nested.length === 0) return unread;
        if (depth >= depthCap) markBad('attachments', this.#bad);
        const unreadNested = depth < depthCap ? this.readAll(nested, depth + 1) : undefined;
        return unreadNested === undefined ? unread : { ...unread, attachments: unreadNested };
      }),
    );
  }

  finish(): Pick<Attachments, 'attachments' | 'quotedMessageIds'> {
    for (const file of this.#files) {
      const shown = file.id !== null && this.#shownIds.has(file.id);
      if (shown || file.thumbnail) continue;
      const row = fileAttachment(file);
      this.#rows.set(file, row);
      this.#flat.push(row);
    }
    return { attachments: this.#flat, quotedMessageIds: this.#quotedIds.size === 0 ? none : [...this.#quotedIds] };
  }

  unreadFiles({ listed, single }: MessageFiles): JsonObject {
    const unread = (file: UploadedFile): JsonObject | undefined => {
      const isShown = file.id !== null && this.#shownIds.has(file.id);
      return unreadOfFile(file, this.#rows.get(file), isShown);
    };
    const listedById = new Map(listed.map((file) => [file.id, file]));
    return {
      files: inPlace(listed.map(unread)),
      // Later servers repeat the first of `files` in it.
      file: single && unreadOfFile(single, this.#rows.get(single), false, listedById.get(single.id)),
    };
  }

  #addQuoted(link: unknown): void {
    const id = typeof link === 'string' ? linkedMessageId(link) : null;
    if (id !== null) this.#quotedIds.add(id);
  }

  #read(record: JsonObject): FlatAttachment {
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
    const author = string('author_name');
    const mimeType = string('image_type') ?? string('audio_type') ?? string('video_type');
    const sizeBytes = int('image_size') ?? int('audio_size') ?? int('video_size') ?? int('size');
    const flat: FlatAttachment = {
      kind,
      title: string('title') ?? author,
      author,
      text: attachmentText(record, this.#bad),
      url: (kind === 'quote' ? messageLink : null) ?? titleLink ?? mediaUrl ?? string('thumb_url') ?? messageLink,
      urls: attachmentUrls(record, this.#bad),
      mime_type: file?.mimeType ?? mimeType,
      size_bytes: file?.sizeBytes ?? sizeBytes,
      file_id: fileId,
    };
    if (file !== undefined) this.#rows.set(file, flat);
    return flat;
  }
}

/** By the marks that clients go by, in their order. */
function attachmentKind(attachment: JsonObject, messageLink: string | null): FlatAttachment['kind'] {
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
