import { sha256 } from '../../archive/hash-file.ts';
import { tool } from '../../version.ts';
import { html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import type { Names } from '../read/names.ts';
import type { RsmfFile } from '../rsmf/rsmf-event.ts';
import type { RsmfUnit } from '../rsmf/rsmf-unit.ts';
import { base64Lines, fileNameParts, headerLine, mimeHeaders, textParts } from '../rsmf/mime-text.ts';
import { isContext, messageId, unitMail } from '../rsmf/unit-mail.ts';
import { entryHtml, entryText, mailEntry, type MailEntry } from './mail-entry.ts';

const style =
  'body{font-family:sans-serif}.plain{white-space:pre-wrap;overflow-wrap:anywhere}.note,time{color:#666;font-size:smaller}';

/**
 * A room and a day as a mail (RFC 5322): as plain text, as HTML, and with the files that the archive has. All mails of a room are
 * answers to one that is nowhere, so that programs show them as a thread, whichever of them they have.
 *
 * @param readFile the bytes of a file, by its path in the archive
 */
export async function* emlMessage(
  unit: RsmfUnit,
  readFile: (path: string) => AsyncIterable<Uint8Array>,
  { names, zone }: { readonly names: Names; readonly zone: string },
): AsyncGenerator<Uint8Array> {
  const { roomId, day, events, files } = unit;
  const { id, firstAt, lastAt, headers: common } = unitMail(unit, names, 'eml\n');
  const { title, type } = names.room(roomId);
  const thread = messageId(sha256(`eml\n${roomId}`));
  const [outer, inner] = [`mixed-${id.slice(0, 32)}`, `words-${id.slice(0, 32)}`];
  const headers = [
    ...common,
    headerLine('In-Reply-To', [thread]),
    headerLine('References', [thread]),
    headerLine('Thread-Topic', textParts(title)),
    headerLine('Auto-Submitted', ['auto-generated']),
    headerLine('X-Mailer', textParts(`${tool.name} ${tool.version}`)),
    headerLine('X-RocketChat-Room', textParts(roomId)),
    ...(type === '' ? [] : [headerLine('X-RocketChat-RoomType', textParts(type))]),
    headerLine('X-RocketChat-Messages', [String(events.filter((event) => !isContext(event)).length)]),
    headerLine('X-RocketChat-Begin', [firstAt]),
    headerLine('X-RocketChat-End', [lastAt]),
    headerLine('X-RocketChat-TimeZone', textParts(zone)),
    headerLine('MIME-Version', ['1.0']),
    headerLine('Content-Type', ['multipart/mixed;', `boundary="${outer}"`]),
  ];
  const known = new Map(files.map((file) => [file.name, file]));
  const entries = events.map((event) => mailEntry(event, known, names));
  yield Buffer.from(`${headers.join('')}\r\n--${outer}\r\n`);
  yield Buffer.from(`${headerLine('Content-Type', ['multipart/alternative;', `boundary="${inner}"`])}\r\n`);
  yield Buffer.from(`--${inner}\r\n${mimeHeaders(['text/plain;', 'charset=utf-8'], ['inline'])}\r\n`);
  yield* base64Lines([canonical(entries.map(entryText).join('\n'))]);
  yield Buffer.from(`--${inner}\r\n${mimeHeaders(['text/html;', 'charset=utf-8'], ['inline'])}\r\n`);
  yield* base64Lines([canonical(pageText(`${plainName(title)} ${day}`, entries))]);
  yield Buffer.from(`--${inner}--\r\n`);
  for (const file of files) {
    if (!('path' in file)) continue;
    yield Buffer.from(
      `--${outer}\r\n${mimeHeaders([contentType(file)], ['attachment;', ...fileNameParts(file.name)])}\r\n`,
    );
    yield* base64Lines(readFile(file.path));
  }
  yield Buffer.from(`--${outer}--\r\n`);
}

/** Lines of text in a mail end so, under any encoding (RFC 2046, 4.1.1). */
function canonical(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\r\n|\r|\n/g, '\r\n'));
}

function pageText(title: string, entries: readonly MailEntry[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${entries.map(entryHtml)}
      </body>
    </html> `.source;
}

/** Of other types a reader of mails makes something: parts of a mail, a page, text of a character set that nobody knows. */
function contentType({ mimeType }: Extract<RsmfFile, { readonly path: string }>): string {
  return mimeType !== null && /^(?:application|audio|image|video)\/[\w.+-]{1,60}$/.test(mimeType)
    ? mimeType
    : 'application/octet-stream';
}
