import { createHash } from 'node:crypto';

/**
 * What the state keeps of what the room list shows of a room: 96 bits of its SHA-256, for it is only ever compared, and
 * the text itself would be a third of the state.
 */
export function seenMark(changeMark: string): string {
  return createHash('sha256').update(changeMark).digest('base64url').slice(0, 16);
}
