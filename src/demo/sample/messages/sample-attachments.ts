import type { MessageDraft } from './message-draft.ts';
import { isArray } from '../../../model/json/is-array.ts';
import { sampleFile } from '../files/sample-file.ts';
import type { Prng } from '../prng.ts';
import type { WorkspaceUpload } from '../../workspace/workspace.ts';

interface Upload {
  readonly name: string;
  readonly type: string;
  readonly typeGroup: string;
  readonly format: string;
}

const uploads: readonly Upload[] = [
  { name: 'graph.png', type: 'image/png', typeGroup: 'image', format: 'png' },
  { name: 'Foto vom Büro (2).jpeg', type: 'image/jpeg', typeGroup: 'image', format: 'jpeg' },
  { name: 'voice-note.mp3', type: 'audio/mpeg', typeGroup: 'audio', format: 'mp3' },
  { name: 'screen, "recording".mp4', type: 'video/mp4', typeGroup: 'video', format: 'mp4' },
  { name: 'offer.pdf', type: 'application/pdf', typeGroup: 'application', format: 'pdf' },
  {
    name: '費用.xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    typeGroup: 'application',
    format: 'xlsx',
  },
];

/** A file goes up with the message. Source of the fields: app/file-upload/server/methods/sendFileMessage.ts */
export function attachFile(draft: MessageDraft, prng: Prng): void {
  const { name, type, typeGroup, format } = prng.pick(uploads);
  const _id = prng.id();
  const size = sampleFile(_id, format).length;
  // Draws what was drawn here before files had a content: all later messages stay what they are.
  prng.integer(0, 1);
  const path = `/file-upload/${_id}/${encodeURIComponent(name)}`;
  const file = { _id, name, type, size, format, typeGroup };
  const base = {
    ts: '1970-01-01T00:00:00.000Z',
    title: name,
    title_link: path,
    title_link_download: true,
    type: 'file',
  };
  draft['file'] = file;
  draft['files'] = [file];
  switch (typeGroup) {
    case 'image': {
      const [width, height] = [prng.integer(300, 2400), prng.integer(200, 1600)];
      draft['files'] = [file, thumbOf(file, prng.id())];
      draft['attachments'] = [
        {
          ...base,
          image_url: path,
          image_type: type,
          image_size: size,
          image_dimensions: { width, height },
          image_preview:
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          description: prng.chance(0.5) ? 'see the *left* half' : '',
        },
      ];
      return;
    }
    case 'audio':
      draft['attachments'] = [{ ...base, audio_url: path, audio_type: type, audio_size: size }];
      return;
    case 'video':
      draft['attachments'] = [{ ...base, video_url: path, video_type: type, video_size: size }];
      return;
    default:
      draft['attachments'] = [{ ...base, format: format.toUpperCase(), size, description: '' }];
  }
}

/** What the server makes of a picture. Source: app/file-upload/server/lib/FileUpload.ts (uploadImageThumbnail) */
function thumbOf({ name, type, format }: Upload, _id: string) {
  return { _id, name: `thumb-${name}`, type, size: sampleFile(_id, format).length, format, typeGroup: 'thumb' };
}

/** The files of messages, as those who sent them have uploaded them. */
export function uploadsOf(drafts: Iterable<MessageDraft>): readonly WorkspaceUpload[] {
  const uploads: WorkspaceUpload[] = [];
  for (const { ts, ...fields } of drafts) {
    if (!Array.isArray(fields['files'])) continue;
    // `attachFile` has put them there.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    for (const { _id: id, name, type, format } of fields['files'] as readonly (Upload & { readonly _id: string })[]) {
      const content = sampleFile(id, format);
      uploads.push({ id, name, type, content, uploadedAtMs: Date.parse(ts), roomId: fields['rid'] });
    }
  }
  return uploads;
}

/** What prune leaves of a file. Source: app/lib/server/functions/cleanRoomHistory.ts */
export function removeFile(draft: MessageDraft): void {
  delete draft['file'];
  delete draft['files'];
  draft['attachments'] = [{ color: '#FD745E', text: '_File removed by prune_' }];
}

/** A reply that quotes: the quoted message as an attachment, itself with what it quoted. */
export function quote(draft: MessageDraft, quoted: MessageDraft, prng: Prng): void {
  const link = `https://chat.example.org/group/${draft.rid}?msg=${quoted._id}`;
  const inner = isArray(quoted['attachments']) ? quoted['attachments'] : [];
  draft['attachments'] = [
    {
      text: quoted['msg'],
      ...(quoted['md'] === undefined ? {} : { md: quoted['md'] }),
      author_name: quoted.u.username,
      author_icon: `/avatar/${quoted.u.username}`,
      message_link: link,
      // A client that stored the date in its own notation.
      ts: prng.chance(0.05) ? { $date: Date.parse(quoted.ts) } : quoted.ts,
      attachments: inner,
    },
  ];
  const urls = isArray(draft['urls']) ? draft['urls'] : [];
  draft['urls'] = [...urls, { url: link, ignoreParse: true }];
  draft['msg'] = `[ ](${link}) ${String(draft['msg'])}`;
}

/** What a webhook posts: fields, colours, nesting, no limit to any of it. */
export function attachReport(draft: MessageDraft, prng: Prng): void {
  draft['alias'] = 'Grafana';
  draft['emoji'] = ':bar_chart:';
  draft['parseUrls'] = false;
  draft['bot'] = { i: prng.id() };
  draft['attachments'] = [
    {
      title: '[Alerting] p99 above threshold',
      title_link: 'https://grafana.example.org/alerting/list',
      color: '#D63232',
      text: 'firing for 5 minutes',
      ts: draft.ts,
      collapsed: false,
      fields: [
        { title: 'value', value: prng.integer(200, 4000), short: true },
        { title: 'paged', value: true, short: true },
        { title: 'labels', value: 'team="platform", env=prod', short: false },
      ],
      attachments: [{ text: 'runbook: https://wiki.example.org/runbooks', attachments: [{ text: 'third level' }] }],
    },
  ];
}
