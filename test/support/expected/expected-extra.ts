import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** Fields with a column that holds all that the sample's messages have in them. */
const wholeFields = [
  ...['_id', 'rid', 'alias', 't', 'msg', 'md', 'tmid', 'tshow', 'tcount', 'replies', 'drid', 'dcount', 'pinned', 'e2e'],
  ...['imported', 'bot', 'location', 'content'],
  ...['e2eMentions', 'translations', 'customFields', 'token', 'navigation', 'transferData', 'requestData'],
  ...['slaData', 'priorityData'],
];

/** Of the others with a column, what the columns hold of each record in them. */
const partsInColumns: Readonly<Record<string, readonly string[]>> = {
  u: ['_id', 'username', 'name'],
  editedBy: ['_id', 'username'],
  pinnedBy: ['username'],
  starred: ['_id'],
  mentions: ['_id', 'type', 'username', 'name'],
  urls: ['url'],
  attachments: [
    ...[
      'title',
      'author_name',
      'pretext',
      'text',
      'description',
      'message_link',
      'title_link',
      'image_url',
      'audio_url',
    ],
    ...['video_url', 'thumb_url', 'author_link', 'author_icon', 'fileId', 'image_preview', 'audio_type', 'video_type'],
    ...['image_size', 'audio_size', 'video_size', 'size'],
  ],
};

/** What no column of the tables has of a message, by a second reading that shares nothing with the program's. */
export function expectedExtra(document: MessageDocument, wrongFields: readonly string[]): unknown {
  const kept = Object.entries(document).flatMap(([field, value]): [string, unknown][] => {
    if (wrongFields.includes(field)) return [[field, value]];
    if (field === 'role' && typeof document['t'] === 'string' && document['t'].startsWith('subscription-role'))
      return [];
    if (field === 'comment' && /^omnichannel_.*(on_hold|resumed)$/.test(String(document['t']))) return [];
    const rest = wholeFields.includes(field) ? undefined : restOf(field, value, document);
    return rest === undefined ? [] : [[field, rest]];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** A column of these holds the moment: of a date in another form than the API's the form is left. */
const dates = ['ts', '_updatedAt', 'tlm', 'dlm', 'editedAt', 'pinnedAt'];

function restOf(field: string, value: unknown, document: MessageDocument): unknown {
  if (dates.includes(field)) return value === new Date(String(value)).toISOString() ? undefined : value;
  switch (field) {
    case 'channels':
      return ofAll(value, (channel) =>
        drop(channel, ['_id', 'fname', ...(channel['name'] === (channel['fname'] ?? channel['name']) ? ['name'] : [])]),
      );
    case 'reactions':
      return Object.values(value as Record_).every(
        (reaction) => Object.keys(drop(reaction as Record_, ['usernames', 'names'])).length === 0,
      )
        ? undefined
        : value;
    case 'attachments':
      return ofAll(value, (attachment) => restOfAttachment(attachment, document));
    case 'files':
      // No attachment of the sample has the address of a thumbnail.
      return ofAll(value, (file) => drop(file, file['typeGroup'] === 'thumb' ? [] : ['_id', 'name', 'type', 'size']));
    case 'file':
      // The first of `files` once more.
      return undefined;
    default: {
      const parts = Object.hasOwn(partsInColumns, field) ? partsInColumns[field] : undefined;
      return parts === undefined ? value : ofAll(value, (part) => drop(part, parts));
    }
  }
}

function restOfAttachment(attachment: Record_, document: MessageDocument): Record_ {
  const uploads = (document['files'] ?? []) as readonly Record_[];
  const isUpload = attachment['type'] === 'file';
  const { fields, actions, attachments, ...own } = drop(attachment, [
    ...(partsInColumns['attachments'] ?? []),
    ...(isUpload ? ['type'] : []),
    ...(uploads.some(({ type }) => type === attachment['image_type']) || uploads.length === 0 ? ['image_type'] : []),
  ]);
  return {
    ...own,
    ...some(
      'fields',
      ofAll(fields ?? [], (field) => drop(field, ['title', 'value'])),
    ),
    ...some(
      'actions',
      ofAll(actions ?? [], (action) => drop(action, ['text', 'url'])),
    ),
    ...some(
      'attachments',
      ofAll(attachments ?? [], (nested) => restOfAttachment(nested, document)),
    ),
  };
}

function some(name: string, value: unknown): Record_ {
  return value === undefined ? {} : { [name]: value };
}

/** A list stands as a list, `{}` in the place of an element of which nothing is left. */
function ofAll(value: unknown, rest: (part: Record_) => Record_): unknown {
  if (!Array.isArray(value)) {
    const left = rest(value as Record_);
    return Object.keys(left).length === 0 ? undefined : left;
  }
  const parts = value.map((part) => rest(part as Record_));
  return parts.every((part) => Object.keys(part).length === 0) ? undefined : parts;
}

function drop(record: Record_, names: readonly string[]): Record_ {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
