import { columnsOf } from './define-column.ts';
import type { ElementRow } from './elements.ts';
import { own, sideColumns } from './elements.ts';
import type { FlatAttachment } from '../model/flat-message.ts';

const column = columnsOf<ElementRow<FlatAttachment>>();
const text = own<FlatAttachment, string | null>;

/** Columns of `attachments`: one row per file, card or quote; those nested in another follow it. */
export const attachmentColumns = sideColumns<FlatAttachment>([
  column(
    'kind',
    'string?',
    'attachments[]',
    '`image`, `audio`, `video`, `file`, `removed` (a deleted file), `quote`, or `rich` (a card).',
    text(({ kind }) => kind),
  ),
  column(
    'title',
    'string?',
    'title, author_name',
    'Title; without one, the author.',
    text(({ title }) => title),
  ),
  column(
    'author',
    'string?',
    'author_name',
    'Who is quoted, or named as the author of a card.',
    text(({ author }) => author),
  ),
  column(
    'text',
    'string?',
    'pretext, text, description, fields, actions',
    'All it says, a line each: introduction, text, caption, fields as `title: value`, the texts of buttons.',
    text((value) => value.text),
  ),
  column(
    'url',
    'string?',
    'title_link, image_url, message_link…',
    'Where it leads: the file (relative to the server), the quoted message, the page of a card.',
    text(({ url }) => url),
  ),
  column(
    'urls',
    'list<string>?',
    'message_link, title_link, image_url, audio_url, video_url, thumb_url, author_link, author_icon, actions[].url',
    'Every address it holds, `url` among them.',
    own<FlatAttachment, readonly string[]>(({ urls }) => urls),
  ),
  column(
    'mime_type',
    'string?',
    'files[].type, image_type…',
    'Media type of the upload.',
    text((value) => value.mime_type),
  ),
  column(
    'size_bytes',
    'int?',
    'files[].size, image_size…',
    'Size of the upload in bytes.',
    own<FlatAttachment, number | null>((value) => value.size_bytes),
  ),
  column(
    'file_id',
    'string?',
    'fileId, title_link',
    'Id of the upload.',
    text((value) => value.file_id),
  ),
]);
