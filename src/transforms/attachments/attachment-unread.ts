import type { JsonObject } from '../../model/json/json-value.ts';
import type { FlatAttachment } from '../../model/flat-message.ts';
import { addressFields } from './attachment-urls.ts';
import { allBut, ofEach, without } from '../unread.ts';

/** Texts that are a line of `text`, or a column. */
const texts: ReadonlySet<string> = new Set(['title', 'author_name', 'pretext', 'text', 'description', 'fileId']);
const mediaTypes: ReadonlySet<string> = new Set(['image_type', 'audio_type', 'video_type']);
const sizes: ReadonlySet<string> = new Set(['image_size', 'audio_size', 'video_size', 'size']);
const addresses: ReadonlySet<string> = new Set(addressFields);

const unreadFields = ofEach(allBut('title', 'value'));
const unreadActions = ofEach(allBut('text', 'url'));

/**
 * What no column takes of an attachment, except for what is nested in it: undefined when there is nothing. The preview of an
 * image, a few kilobytes of base64 of a picture that is there, is left out.
 */
export function unreadOfAttachment(
  attachment: JsonObject,
  { kind, mime_type, size_bytes }: FlatAttachment,
): JsonObject | undefined {
  const rest = without(attachment, (name, value) => {
    if (texts.has(name) || addresses.has(name) || value === null) return true;
    // Of an upload that is found in `files` it is what that says.
    if (mediaTypes.has(name)) return value === mime_type;
    if (sizes.has(name)) return value === size_bytes;
    if (name === 'type') return kind === 'removed' || (value === 'file' && kind !== 'rich' && kind !== 'quote');
    return name === 'image_preview' || name === 'fields' || name === 'actions' || name === 'attachments';
  });
  const fields = unreadFields(attachment['fields']);
  const actions = unreadActions(attachment['actions']);
  if (fields === undefined && actions === undefined) return rest;
  return { ...rest, ...(fields !== undefined && { fields }), ...(actions !== undefined && { actions }) };
}
