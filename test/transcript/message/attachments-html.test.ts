import { expect, it } from '@jest/globals';
import { attachmentsHtml } from '../../../src/transcript/message/attachments-html.ts';
import type { MessageRow } from '../../../src/transcript/read/message-row.ts';

const folder = '../../../_files/one/';

/** The addresses that the page has of a saved file. */
function links(name: string, mimeType: string | null, isImage = false): readonly string[] {
  const file = {
    status: 'saved',
    sha256: 'ab',
    sizeBytes: 1,
    path: `_files/one/${name}`,
    link: `${folder}${name}`,
    isImage,
  };
  const attachment = {
    kind: 'file',
    title: name,
    author: null,
    text: null,
    url: null,
    mimeType,
    sizeBytes: 1,
    fileId: 'one',
  };
  const context = { fileOf: () => file, serverUrl: 'https://chat.example.org' };
  const page = attachmentsHtml({ attachments: [attachment] } as unknown as MessageRow, context as never);
  return [...(page?.source ?? '').matchAll(/(href|src)="([^"]*)"/g)].map(([, kind, address]) => `${kind} ${address}`);
}

it.each([
  ['page.html', 'text/html'],
  ['page.XHTML', null],
  ['drawing.svg', 'image/svg+xml'],
  ['no-ending', 'text/html; charset=utf-8'],
  ['data.xml', 'application/xml'],
])('leads to the folder of a saved file that may run scripts, not into it: %s', (name, mimeType) => {
  expect(links(name, mimeType)).toEqual([`href ${folder}`]);
});

it('leads to any other saved file, and shows a drawing where its scripts do not run', () => {
  expect(links('report.pdf', 'application/pdf')).toEqual([`href ${folder}report.pdf`]);
  expect(links('photo.png', 'image/png', true)).toEqual([
    `href ${folder}photo.png`,
    `href ${folder}photo.png`,
    `src ${folder}photo.png`,
  ]);
  expect(links('drawing.svg', 'image/svg+xml', true)).toEqual([
    `href ${folder}`,
    `href ${folder}`,
    `src ${folder}drawing.svg`,
  ]);
});
