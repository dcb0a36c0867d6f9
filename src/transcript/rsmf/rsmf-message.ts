import { sha256 } from '../../archive/hash-file.ts';
import { tool } from '../../version.ts';
import { nameForId } from '../layout/page-names.ts';
import type { Names } from '../read/names.ts';
import { base64Lines, headerLine, mailboxParts, textParts } from './mime-text.ts';
import { participantsOf, type RsmfUnit } from './rsmf-unit.ts';

/** No host is called so (RFC 2606, 2): people of a workspace have no address that must be known. */
const host = 'users.invalid';

/**
 * An RSMF file: an RFC 5322 message with a text to read and one attachment, `rsmf.zip`. Headers follow from the room and the
 * day alone, so that equal units of two exports are equal.
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
  const { roomId, day, part, events, files } = unit;
  const people = participantsOf(unit, names);
  // Not those that are there for the sake of others, which may be of another day.
  const first = events.find(({ custom }) => !custom.some(({ name }) => name === 'context')) ?? events[0];
  const last = events.at(-1);
  const id = sha256(`${roomId}\n${day}\n${part}`);
  const boundary = `rsmf-${id.slice(0, 32)}`;
  const subject = `${names.room(roomId).title} ${day}${part === 1 ? '' : ` (${part})`}`;
  const sender = people.find(({ id: person }) => person === first?.participant);
  const from = mailbox(sender ?? { id: 'unknown', display: 'unknown' });
  const headers = [
    headerLine('From', from),
    headerLine(
      'To',
      people.flatMap((person, at) => ended(mailbox(person), at < people.length - 1 ? ',' : '')),
    ),
    headerLine('Subject', textParts(subject)),
    headerLine('Date', [mailDate(first?.timestamp ?? '')]),
    headerLine('Message-ID', [`<${id}@${host}>`]),
    headerLine('X-RSMF-Version', ['2.0.0']),
    headerLine('X-RSMF-Generator', textParts(`${tool.name} ${tool.version}`)),
    headerLine('X-RSMF-BeginDate', [first?.timestamp ?? '']),
    headerLine('X-RSMF-EndDate', [last?.timestamp ?? '']),
    headerLine('X-RSMF-EventCount', [String(events.length)]),
    headerLine('X-RSMF-Application', ['Rocket.Chat']),
    headerLine(
      'X-RSMF-Participants',
      people.flatMap(({ display }, at) => ended(textParts(display), at < people.length - 1 ? ',' : '')),
    ),
    headerLine('X-RSMF-AttachmentCount', [String(files.length)]),
    headerLine('X-RSMF-EventCollectionID', textParts(roomId)),
    headerLine('X-RSMF-TimeZone', textParts(zone)),
    headerLine('MIME-Version', ['1.0']),
    headerLine('Content-Type', ['multipart/mixed;', `boundary="${boundary}"`]),
  ];
  yield Buffer.from(`${headers.join('')}\r\n`);
  yield Buffer.from(`--${boundary}\r\n${partHeaders(['text/plain;', 'charset=utf-8'], ['inline'])}\r\n`);
  yield* base64Lines([Buffer.from(readableText(unit, names))]);
  const disposition = ['attachment;', 'filename="rsmf.zip"'];
  yield Buffer.from(`--${boundary}\r\n${partHeaders(['application/zip;', 'name="rsmf.zip"'], disposition)}\r\n`);
  yield* base64Lines(zip);
  yield Buffer.from(`--${boundary}--\r\n`);
}

function partHeaders(type: readonly string[], disposition: readonly string[]): string {
  return [
    headerLine('Content-Type', type),
    headerLine('Content-Disposition', disposition),
    headerLine('Content-Transfer-Encoding', ['base64']),
  ].join('');
}

function mailbox({ id, display }: { readonly id: string; readonly display: string }): readonly string[] {
  const local = /^[A-Za-z0-9][\w-]*(\.[\w-]+)*$/.test(id) && id.length <= 64 ? id : nameForId(id);
  return mailboxParts(display, `${local}@${host}`);
}

function ended(parts: readonly string[], end: string): readonly string[] {
  return parts.map((part, at) => (at === parts.length - 1 ? part + end : part));
}

/** RFC 5322, 3.3: `Thu, 05 Mar 2026 09:00:00 +0000` */
function mailDate(timestamp: string): string {
  return new Date(timestamp).toUTCString().replace(/GMT$/, '+0000');
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
