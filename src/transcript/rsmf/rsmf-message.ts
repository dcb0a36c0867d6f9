import { tool } from '../../version.ts';
import type { Names } from '../read/names.ts';
import { base64Lines, headerLine, mimeHeaders, textParts } from './mime-text.ts';
import { listed, unitMail } from './unit-mail.ts';
import type { RsmfUnit } from './rsmf-unit.ts';

/**
 * An RSMF file: an RFC 5322 message with a text to read and one attachment, `rsmf.zip`.
 *
 * Source: help.relativity.com, "Creating an RSMF file" and "RSMF short message fields"
 *
 * @param zip its bytes
 */
export async function* rsmfMessage(
  unit: RsmfUnit,
  zip: AsyncIterable<Uint8Array>,
  { names, zone }: { readonly names: Names; readonly zone: string },
): AsyncGenerator<Uint8Array> {
  const { roomId, events, files } = unit;
  const { id, people, firstAt, lastAt, headers: common } = unitMail(unit, names);
  const boundary = `rsmf-${id.slice(0, 32)}`;
  const headers = [
    ...common,
    headerLine('X-RSMF-Version', ['2.0.0']),
    headerLine('X-RSMF-Generator', textParts(`${tool.name} ${tool.version}`)),
    headerLine('X-RSMF-BeginDate', [firstAt]),
    headerLine('X-RSMF-EndDate', [lastAt]),
    headerLine('X-RSMF-EventCount', [String(events.length)]),
    headerLine('X-RSMF-Application', ['Rocket.Chat']),
    headerLine('X-RSMF-Participants', listed(people.map(({ display }) => textParts(display)))),
    headerLine('X-RSMF-AttachmentCount', [String(files.length)]),
    headerLine('X-RSMF-EventCollectionID', textParts(roomId)),
    headerLine('X-RSMF-TimeZone', textParts(zone)),
    headerLine('MIME-Version', ['1.0']),
    headerLine('Content-Type', ['multipart/mixed;', `boundary="${boundary}"`]),
  ];
  yield Buffer.from(`${headers.join('')}\r\n`);
  yield Buffer.from(`--${boundary}\r\n${mimeHeaders(['text/plain;', 'charset=utf-8'], ['inline'])}\r\n`);
  yield* base64Lines([Buffer.from(readableText(unit, names))]);
  const disposition = ['attachment;', 'filename="rsmf.zip"'];
  yield Buffer.from(`--${boundary}\r\n${mimeHeaders(['application/zip;', 'name="rsmf.zip"'], disposition)}\r\n`);
  yield* base64Lines(zip);
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** What review platforms take for the text of the file. */
function readableText({ events }: RsmfUnit, names: Names): string {
  return events
    .map(({ custom, timestamp, participant, body, deleted, attachments = [] }) => {
      const number = custom.find(({ name }) => name === 'number')?.value ?? '';
      const who = names.user(participant);
      const head = [
        number,
        timestamp,
        who === undefined ? participant : `${who} (${participant})`,
        deleted && '[deleted]',
      ];
      const files = attachments.map(({ display }) => `[file: ${display}]\n`).join('');
      return `${head.filter((word) => word !== undefined && word !== '').join('  ')}\n${body}\n${files}`;
    })
    .join('\n');
}
