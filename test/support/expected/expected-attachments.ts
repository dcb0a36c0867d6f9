import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';

interface Attachment {
  readonly [field: string]: unknown;
  readonly attachments?: readonly Attachment[];
}

interface File {
  readonly _id: string;
  readonly type: string;
  readonly size: number;
}

export interface ExpectedAttachment {
  readonly kind: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly text: string | null;
  readonly urls: readonly string[];
  readonly url: string | null;
  readonly mime_type: string | null;
  readonly size_bytes: number | null;
  readonly file_id: string | null;
}

/** The attachments as the sample's messages have them: an upload's own, quotes, an integration's cards, nested or not. */
export function expectedAttachments(document: MessageDocument): readonly ExpectedAttachment[] {
  const files = (document['files'] ?? []) as readonly File[];
  return flatten(document['attachments']).map((attachment) => expectedAttachment(attachment, files));
}

function flatten(attachments: unknown): readonly Attachment[] {
  const list = (attachments ?? []) as readonly Attachment[];
  return list.flatMap((attachment) => [attachment, ...flatten(attachment.attachments)]);
}

function expectedAttachment(attachment: Attachment, files: readonly File[]): ExpectedAttachment {
  const first = (...fields: readonly string[]): unknown =>
    fields.map((field) => attachment[field]).find((value) => value !== undefined) ?? null;
  const kind = kindOf(attachment);
  const title_link = first('title_link') as string | null;
  const isUpload = ['image', 'audio', 'video', 'file'].includes(kind);
  const file_id = isUpload ? (title_link?.split('/')[2] ?? null) : null;
  const file = files.find(({ _id }) => _id === file_id);
  return {
    kind,
    title: first('title', 'author_name') as string | null,
    author: first('author_name') as string | null,
    text: textOf(attachment),
    urls: urlsOf(attachment),
    url: kind === 'quote' ? (first('message_link') as string) : title_link,
    mime_type: file?.type ?? (first('image_type', 'audio_type', 'video_type') as string | null),
    size_bytes: file?.size ?? (first('image_size', 'audio_size', 'video_size', 'size') as number | null),
    file_id,
  };
}

function kindOf(attachment: Attachment): string {
  if ('message_link' in attachment) return 'quote';
  if (attachment['type'] !== 'file') return 'rich';
  return ['image', 'audio', 'video'].find((medium) => `${medium}_url` in attachment) ?? 'file';
}

function urlsOf(attachment: Attachment): readonly string[] {
  const { message_link, title_link, image_url, audio_url, video_url, thumb_url, author_link, author_icon } = attachment;
  const all = [message_link, title_link, image_url, audio_url, video_url, thumb_url, author_link, author_icon];
  return [...new Set(all.filter((url) => typeof url === 'string'))];
}

/** A line each; null when there is nothing that could say anything, empty when it says nothing. */
function textOf(attachment: Attachment): string | null {
  const fields = (attachment['fields'] ?? []) as readonly { readonly title: string; readonly value: unknown }[];
  const own = [attachment['pretext'], attachment['text'], attachment['description']];
  const lines = [
    ...own.filter((line) => typeof line === 'string'),
    ...fields.map(({ title, value }) => `${title}: ${String(value)}`),
  ];
  return lines.length === 0 ? null : lines.filter((line) => line !== '').join('\n');
}
