import { columnsOf } from './define-column.ts';
import type { Element } from './elements.ts';
import { sideColumns } from './elements.ts';
import type { FlatAttachment } from './flat-message.ts';

const column = columnsOf<Element<FlatAttachment>>();

/** Columns of `attachments`: one row a file, card or quote; those nested in another follow it. */
export const attachmentColumns = sideColumns<FlatAttachment>([
  column(
    'kind',
    'string',
    'attachments[]',
    '`image`, `audio`, `video`, `file`, `removed` (a deleted file), `quote`, or `rich` (a card).',
    (e) => e.value.kind,
  ),
  column('title', 'string?', 'title, author_name', 'Title; without one, the author.', (e) => e.value.title),
  column(
    'text',
    'string?',
    'pretext, text, description, fields',
    'All it says: introduction, text, caption, and fields as `title: value`, a line each.',
    (e) => e.value.text,
  ),
  column(
    'url',
    'string?',
    'title_link, image_url, message_link…',
    'Where it leads: the file (relative to the server), the quoted message, the page of a card.',
    (e) => e.value.url,
  ),
  column('mime_type', 'string?', 'files[].type, image_type…', 'Media type of the upload.', (e) => e.value.mime_type),
  column('size_bytes', 'int?', 'files[].size, image_size…', 'Size of the upload in bytes.', (e) => e.value.size_bytes),
  column('file_id', 'string?', 'fileId, title_link', 'Id of the upload.', (e) => e.value.file_id),
]);
