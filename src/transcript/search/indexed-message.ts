import { messageAnchor } from '../layout/page-names.ts';
import { isEdited, type ArchivedMessage } from '../read/archived-message.ts';
import { hasText } from '../read/text-versions.ts';
import type { MessageRow } from '../read/message-row.ts';
import type { IndexedMessage } from './engine/index-shape.ts';

/** Where the message stands. */
export interface MessagePlace {
  /** In the index' list of rooms. */
  readonly room: number;
  readonly page: string;
  readonly number: number;
}

/** A message as the index has it: every text that the archive knows of it. */
export function indexedMessage(message: ArchivedMessage, { room, page, number }: MessagePlace): IndexedMessage {
  const { id, row, tsMs, versions, deletion } = message;
  const anchor = messageAnchor(id);
  const { userId, username, userName, alias } = row;
  const text = textOfRow(row);
  const earlier = (hasText(row) ? versions.slice(0, -1) : versions).map((version) => version.text);
  return [
    ...([id, page, anchor === `m-${id}` ? '' : anchor, number, room] as const),
    ...([userId ?? '', username ?? '', alias ?? userName ?? username ?? userId ?? 'unknown sender', tsMs] as const),
    deletion !== null ? 'deleted' : isEdited(message) ? 'edited' : '',
    text,
    earlier.join('\n'),
  ];
}

/** What a person reads of a row, its attachments with it, line by line. */
export function textOfRow({ text, msg, attachments }: MessageRow): string {
  const lines = [text ?? msg ?? ''];
  for (const { title, text: description } of attachments) {
    for (const line of [title, description]) if (line !== null && !lines.includes(line)) lines.push(line);
  }
  return lines.filter((line) => line !== '').join('\n');
}
