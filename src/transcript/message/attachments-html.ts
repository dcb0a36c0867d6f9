import { html, type Child, type Html } from '../markup/html.ts';
import { linkTarget } from '../markup/link-target.ts';
import { plainName } from '../markup/plain-name.ts';
import { plainHtml } from '../markup/text-html.ts';
import type { MessageRow, RowAttachment } from '../read/message-row.ts';
import { bytesText } from '../text/bytes-text.ts';
import type { PageContext } from './page-context.ts';

/** Files, quotes and cards of a message. null: it has none. */
export function attachmentsHtml({ attachments }: MessageRow, context: PageContext): Html | null {
  if (attachments.length === 0) return null;
  return html`<div class="attachments">${attachments.map((attachment) => attachmentHtml(attachment, context))}</div>`;
}

function attachmentHtml(attachment: RowAttachment, context: PageContext): Html {
  switch (attachment.kind) {
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return fileHtml(attachment, context);
    case 'quote':
      return quoteHtml(attachment, context);
    case 'removed':
      return html`<div class="card">
        <p class="note">A file that was removed from the server. ${attachment.text}</p>
      </div>`;
    default:
      return cardHtml(attachment, context);
  }
}

function fileHtml(attachment: RowAttachment, context: PageContext): Html {
  const { kind, title, mimeType, fileId, text } = attachment;
  const file = fileId === null ? undefined : context.fileOf(fileId);
  const name = html`<bdi>${plainName(title ?? fileId ?? 'without a name')}</bdi>`;
  const sizeBytes = file?.sizeBytes ?? attachment.sizeBytes;
  const facts = [mimeType, sizeBytes === null ? null : bytesText(sizeBytes)].filter((fact) => fact !== null);
  const own = file?.link ?? null;
  const mayRun = own !== null && mayRunScripts(own, mimeType);
  // To its folder: from there nobody opens it by a slip.
  const link = mayRun ? own.slice(0, own.lastIndexOf('/') + 1) : own;
  const image =
    link !== null && own !== null && file?.isImage === true
      ? html`<a href="${link}"><img src="${own}" alt="${title ?? 'Image'}" loading="lazy" decoding="async" /></a>`
      : null;
  return html`<div class="card file">
    <p>
      <span class="kind">${kind}</span>
      ${link === null ? name : html`<a href="${link}">${name}</a>`}${facts.map((fact) => html` <span class="fact">${fact}</span>`)}
    </p>
    ${image}${text === null || text === '' ? null : plainHtml(text)}
    <p class="note">
      ${fileState(attachment, file, context)}${mayRun && html`. It may run scripts when it is opened: the link leads to its folder`}
    </p>
  </div>`;
}

/** Whether a browser would run scripts of the file if it were opened from a folder. */
function mayRunScripts(path: string, mimeType: string | null): boolean {
  return /\.(?:[xs]?html?|xht|mht(?:ml)?|svgz?|xml|xslt?)$/i.test(path) || /html|svg|xml\b/i.test(mimeType ?? '');
}

function fileState({ url }: RowAttachment, file: ReturnType<PageContext['fileOf']>, { serverUrl }: PageContext): Child {
  if (file?.sha256 != null) {
    const differs = file.status === 'differs' && html`, and its size is not what the message says`;
    return html`SHA-256 <code class="hash">${file.sha256}</code>${differs}`;
  }
  const where = url === null ? undefined : linkTarget(url, `${serverUrl}/`);
  const state = file === undefined ? 'The file itself is not in the archive' : `Not in the archive: ${file.status}`;
  return html`${state}${where && html`: <a href="${where}" rel="noreferrer">on the server</a>`}`;
}

/** The id of a quoted message, from the link that clients make. Source: packages/rest-typings getMessageLink */
const quotedId = /[?&]msg=([\w-]+)/;

function quoteHtml({ author, title, text, url }: RowAttachment, context: PageContext): Html {
  const id = url === null ? undefined : quotedId.exec(url)?.[1];
  const number = id === undefined ? null : context.numberOf(id);
  const link = id === undefined ? undefined : context.messageLink(id);
  const who = author ?? title;
  const source =
    number === null
      ? html`a message that is not in the archive`
      : link === undefined
        ? number
        : html`<a href="${link}">${number}</a>`;
  return html`<blockquote class="quote">
    <p class="note">${who === null ? 'Quote' : html`<bdi>${plainName(who)}</bdi>`} in ${source}</p>
    ${text === null || text === '' ? null : plainHtml(text)}
  </blockquote>`;
}

function cardHtml({ title, author, text, url }: RowAttachment, { serverUrl }: PageContext): Html {
  const target = url === null ? undefined : linkTarget(url, `${serverUrl}/`);
  const heading = title ?? author;
  const name = heading === null ? null : html`<bdi>${plainName(heading)}</bdi>`;
  return html`<div class="card">
    ${name && html`<p>${target === undefined ? name : html`<a href="${target}" rel="noreferrer">${name}</a>`}</p>`}${text === null || text === '' ? null : plainHtml(text)}
  </div>`;
}
