import { describe, expect, it } from '@jest/globals';
import { flattenRaw } from '../../support/messages/raw-message.ts';

const empty = {
  ...{ title: null, author: null, text: null, url: null, urls: [] },
  ...{ mime_type: null, size_bytes: null, file_id: null },
};

const imageUpload = {
  attachments: [
    {
      type: 'file',
      title: 'plan.png',
      description: 'the plan',
      title_link: '/file-upload/f1/plan.png',
      title_link_download: true,
      // The server made a thumbnail: address and type of the image are the thumbnail's.
      image_url: '/file-upload/thumb1/plan.png',
      image_type: 'image/jpeg',
      image_size: 90_000,
    },
  ],
  file: { _id: 'f1', name: 'plan.png', type: 'image/png', size: 90_000, format: 'png' },
  files: [
    { _id: 'f1', name: 'plan.png', type: 'image/png', size: 90_000, format: 'png' },
    { _id: 'thumb1', name: 'plan.png', type: 'image/jpeg' },
  ],
};

describe('attachments', () => {
  it('describes an upload, not its thumbnail, and counts neither `files` nor `file` again', () => {
    const flat = flattenRaw(imageUpload);
    expect(flat.attachments).toEqual([
      {
        kind: 'image',
        title: 'plan.png',
        author: null,
        text: 'the plan',
        url: '/file-upload/f1/plan.png',
        urls: ['/file-upload/f1/plan.png', '/file-upload/thumb1/plan.png'],
        mime_type: 'image/png',
        size_bytes: 90_000,
        file_id: 'f1',
      },
    ]);
    const extra = {
      attachments: [{ title_link_download: true, image_type: 'image/jpeg' }],
      files: [{ format: 'png' }, { name: 'plan.png', type: 'image/jpeg' }],
    };
    expect(flat).toMatchObject({ extra, badFields: [] });
  });

  it.each([
    [{ type: 'file', audio_url: '/file-upload/a/x.mp3', audio_type: 'audio/mpeg', audio_size: 5 }, 'audio', 'a'],
    [{ type: 'file', video_url: '/file-upload/v/x.mp4', video_type: 'video/mp4', video_size: 6 }, 'video', 'v'],
    [{ type: 'file', title_link: 'https://chat.example/file-upload/d/x.pdf?download', size: 7 }, 'file', 'd'],
    [{ type: 'file', title_link: '/ufs/GridFS:Uploads/o/old.pdf' }, 'file', 'o'],
    [{ type: 'file', fileId: 'i', image_url: '/file-upload/t/x.png' }, 'image', 'i'],
    [{ type: 'removed-file', fileId: 'r', text: 'removed' }, 'removed', 'r'],
    [{ message_link: 'https://chat.example/channel/x?msg=1', text: 'said', author_name: 'jane' }, 'quote', null],
    [{ title: 'Card', image_url: 'https://x.example/a.png' }, 'rich', null],
    [{ text: '_File removed by prune_', color: '#FD745E' }, 'rich', null],
  ])('takes %j for %s', (attachment, kind, fileId) =>
    expect(flattenRaw({ attachments: [attachment] }).attachments).toMatchObject([{ kind, file_id: fileId }]),
  );

  it('puts all that a card says into its text, a line each', () => {
    const card = {
      author_name: 'CI',
      pretext: 'Build failed',
      text: 'see log',
      title_link: 'https://ci.example/1',
      fields: [
        { title: 'branch', value: 'main', short: true },
        { title: 'tries', value: 3 },
        { title: '', value: true },
      ],
    };
    expect(flattenRaw({ attachments: [card] }).attachments).toEqual([
      {
        ...empty,
        kind: 'rich',
        author: 'CI',
        urls: ['https://ci.example/1'],
        title: 'CI',
        text: 'Build failed\nsee log\nbranch: main\ntries: 3\ntrue',
        url: 'https://ci.example/1',
      },
    ]);
  });

  it('lists quotes of quotes after the quote they are in', () => {
    const quote = (text: string, attachments: unknown[] = []) => ({ message_link: `/m/${text}`, text, attachments });
    const attachments = [quote('1', [quote('1.1', [quote('1.1.1')]), quote('1.2')]), quote('2')];
    const flat = flattenRaw({ attachments });
    expect(flat.attachments.map(({ text, url }) => `${url} ${text}`)).toEqual([
      '/m/1 1',
      '/m/1.1 1.1',
      '/m/1.1.1 1.1.1',
      '/m/1.2 1.2',
      '/m/2 2',
    ]);
  });

  it('stops at a depth no server makes, and keeps the whole in extra', () => {
    let attachment: object = { text: 'innermost' };
    for (let depth = 0; depth < 200; depth++) attachment = { text: 'quote', attachments: [attachment] };
    const flat = flattenRaw({ attachments: [attachment] });
    expect(flat.attachments).toHaveLength(33);
    expect(flat.badFields).toEqual(['attachments']);
    expect(JSON.stringify(flat.extra)).toContain('innermost');
  });

  it('adds uploads that no attachment shows, without thumbnails', () => {
    const flat = flattenRaw({
      t: 'e2e',
      files: [
        { _id: 'f1', name: 'secret.png', type: 'image/png', size: 10, typeGroup: 'image' },
        { _id: 'f2', name: 'thumb-secret.png', type: 'image/jpeg', size: 1, typeGroup: 'thumb' },
        { name: 'no id', type: 'text/plain' },
      ],
    });
    expect(flat.attachments).toEqual([
      { ...empty, kind: 'image', title: 'secret.png', mime_type: 'image/png', size_bytes: 10, file_id: 'f1' },
      { ...empty, kind: 'file', title: 'no id', mime_type: 'text/plain' },
    ]);
  });

  it('adds the single file of servers that knew no `files`', () => {
    const file = { _id: 'f1', name: 'a.mp3', type: 'audio/mpeg' };
    expect(flattenRaw({ file }).attachments).toEqual([
      { ...empty, kind: 'audio', title: 'a.mp3', mime_type: 'audio/mpeg', file_id: 'f1' },
    ]);
    expect(flattenRaw({ file, files: [file] }).attachments).toHaveLength(1);
  });

  it('reads what is good of an attachment with a wrong value, and keeps it whole in extra', () => {
    const attachments = [{ title: 5, text: 'fine', fields: [{ title: 'a', value: {} }] }, 'not one'];
    const flat = flattenRaw({ attachments });
    expect(flat.attachments).toMatchObject([{ title: null, text: 'fine\na' }]);
    expect(flat).toMatchObject({ badFields: ['attachments'], extra: { attachments } });
  });

  it('reads ten thousand attachments with as many files', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `f${i}`);
    const flat = flattenRaw({
      attachments: ids.map((id) => ({ type: 'file', title_link: `/file-upload/${id}/x` })),
      files: ids.map((_id) => ({ _id, size: 1 })),
    });
    expect(flat.attachments).toHaveLength(10_000);
    expect(flat.attachments.every(({ size_bytes: sizeBytes }) => sizeBytes === 1)).toBe(true);
  });
});
