import { createHash } from 'node:crypto';

const digestChars = 16;

/**
 * What the state keeps of what the room list shows of a room: 96 bits of its SHA-256, for it is only ever compared, and
 * the text itself would be a third of the state; and behind it when the room had last changed, which shows a server that
 * was restored from a backup.
 */
export function seenMark(changeMark: string): string {
  const atMs = Date.parse(/^\["([^"]+)"/.exec(changeMark)?.[1] ?? '');
  const digest = createHash('sha256').update(changeMark).digest('base64url').slice(0, digestChars);
  return Number.isNaN(atMs) ? digest : `${digest}${atMs.toString(36)}`;
}

/** When a room had last changed that was seen so, in epoch milliseconds; null: the mark does not say. */
export function seenAtMs(mark: string): number | null {
  const atMs = Number.parseInt(mark.slice(digestChars), 36);
  return Number.isNaN(atMs) ? null : atMs;
}
