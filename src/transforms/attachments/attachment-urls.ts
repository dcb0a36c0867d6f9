import type { JsonObject } from '../../model/json/json-value.ts';
import type { BadFields } from '../field-readers.ts';
import { readRecords, readString } from '../field-readers.ts';

/** Where an attachment has addresses, the most telling first. */
export const addressFields = [
  ...['message_link', 'title_link', 'image_url', 'audio_url', 'video_url', 'thumb_url', 'author_link', 'author_icon'],
] as const;

/** Every address of an attachment once, those of its buttons last. */
export function attachmentUrls(attachment: JsonObject, bad: BadFields): readonly string[] {
  const urls = new Set<string>();
  const add = (value: unknown): void => {
    const url = readString(value, 'attachments', bad);
    if (url !== null && url !== '') urls.add(url);
  };
  for (const field of addressFields) add(attachment[field]);
  for (const action of readRecords(attachment['actions'], 'attachments', bad)) add(action['url']);
  return [...urls];
}

/** Both `/file-upload/<id>/<name>` and the older `/ufs/<store>/<id>/<name>`, relative or with the server before it. */
const uploadPath = /\/(?:file-upload|ufs\/[^/?#]+)\/([^/?#]+)/;

export function uploadId(url: string | null): string | null {
  return url === null ? null : (uploadPath.exec(url)?.[1] ?? null);
}

/** The link to a message: `https://chat.example.org/group/ops?msg=<id>`. */
const messageParameter = /[?&]msg=([^&#]+)/;

export function linkedMessageId(messageLink: string | null): string | null {
  return messageLink === null ? null : (messageParameter.exec(messageLink)?.[1] ?? null);
}
