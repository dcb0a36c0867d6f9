import { join } from 'node:path';
import type { FoundMessage } from '../../transcript/search-archive.ts';
import { printable } from '../report/text/printable.ts';

/**
 * A message that was found, in two or three lines: what it is, the words around what was looked for, where it stands.
 *
 * @param archive as the user named it: what is printed can be opened from where the command ran
 */
export function foundMessageText(message: FoundMessage, archive: string): string {
  const { messageId, number, roomTitle, author, username, sentAt, state, place, excerpt } = message;
  const who = username === null || username === author ? author : `${author} @${username}`;
  const marks = [state, excerpt.isEarlier ? 'in an earlier version' : ''].filter((mark) => mark !== '');
  const head = [`RC-${String(number).padStart(8, '0')}`, sentAt, who, `in "${roomTitle}"`, `(${messageId})`, ...marks];
  const text = excerpt.pieces.map((piece) => piece.text).join('');
  return [
    head.join('  '),
    `  ${text.replaceAll(/\s+/g, ' ')}`,
    ...(place === null ? [] : [`  ${join(archive, place)}`]),
    '',
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
