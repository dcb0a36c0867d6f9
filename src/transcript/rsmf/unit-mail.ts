import { sha256 } from '../../archive/hash-file.ts';
import { nameForId } from '../layout/page-names.ts';
import type { Names } from '../read/names.ts';
import type { RsmfEvent } from './rsmf-event.ts';
import { participantsOf, type RsmfParticipant, type RsmfUnit } from './rsmf-unit.ts';
import { headerLine, mailboxParts, textParts } from './mime-text.ts';

/** No host is called so (RFC 2606, 2): people of a workspace have no address that must be known. */
const host = 'users.invalid';

/** What any mail of a unit says of it. */
interface UnitMail {
  /** Hex, the same for the same room, day and part. */
  readonly id: string;
  readonly people: readonly RsmfParticipant[];
  /** Of those that were sent on the day. ISO 8601; '': there is none. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** `From` to `Message-ID`. */
  readonly headers: readonly string[];
}

/**
 * The headers that follow from the messages, the room and the day alone, so that equal units of two exports are equal.
 *
 * @param kind '' or what sets this mail apart from others of the same unit
 */
export function unitMail(unit: RsmfUnit, names: Names, kind = ''): UnitMail {
  const { roomId, day, part, events } = unit;
  const people = participantsOf(unit, names);
  // Not those that are there for the sake of others, which may be of another day.
  const first = events.find((event) => !isContext(event)) ?? events[0];
  const firstAt = first?.timestamp ?? '';
  const id = sha256(`${kind}${roomId}\n${day}\n${part}`);
  const subject = `${names.room(roomId).title} ${day}${part === 1 ? '' : ` (${part})`}`;
  const sender = people.find(({ id: person }) => person === first?.participant);
  return {
    id,
    people,
    firstAt,
    lastAt: events.at(-1)?.timestamp ?? '',
    headers: [
      headerLine('From', mailbox(sender ?? { id: 'unknown', display: 'unknown' })),
      headerLine('To', listed(people.map(mailbox))),
      headerLine('Subject', textParts(subject)),
      headerLine('Date', [mailDate(firstAt)]),
      headerLine('Message-ID', [messageId(id)]),
    ],
  };
}

/** Whether an event is there for the sake of others. */
export function isContext({ custom }: RsmfEvent): boolean {
  return custom.some(({ name }) => name === 'context');
}

/** What a mail is called in headers. @param id hex */
export function messageId(id: string): string {
  return `<${id}@${host}>`;
}

/** The values of a header with a comma between two. @param values parts of each */
export function listed(values: readonly (readonly string[])[]): readonly string[] {
  return values.flatMap((parts, at) =>
    parts.map((part, place) => (place === parts.length - 1 && at < values.length - 1 ? `${part},` : part)),
  );
}

function mailbox({ id, display }: RsmfParticipant): readonly string[] {
  const local = /^[A-Za-z0-9][\w-]*(\.[\w-]+)*$/.test(id) && id.length <= 64 ? id : nameForId(id);
  return mailboxParts(display, `${local}@${host}`);
}

/** RFC 5322, 3.3: `Thu, 05 Mar 2026 09:00:00 +0000` */
function mailDate(timestamp: string): string {
  return new Date(timestamp).toUTCString().replace(/GMT$/, '+0000');
}
