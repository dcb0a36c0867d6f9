import type { MessageGroup } from '../read/message-groups.ts';
import { timeOfLine } from '../read/row-line.ts';

/** Which messages a transcript is of; what is left out asks for all. */
export interface Selection {
  /** By id. */
  readonly rooms?: ReadonlySet<string>;
  /** Sent then or later. Epoch milliseconds. */
  readonly sinceMs?: number;
  /** Sent before then. */
  readonly untilMs?: number;
  /** Ids or usernames. */
  readonly users?: ReadonlySet<string>;
  /** Messages of the room before and behind each that is asked for, to be shown with it. */
  readonly context: number;
}

export interface SelectedGroup extends MessageGroup {
  /** `hit`: asked for; `context`: shown because of one; `out`: neither. */
  readonly part: 'hit' | 'context' | 'out';
}

/** All messages in their order, and which of them the transcript shows. In memory: as many as the context. */
export async function* select(
  groups: AsyncIterable<MessageGroup>,
  selection: Selection,
): AsyncGenerator<SelectedGroup> {
  const { context } = selection;
  let before: MessageGroup[] = [];
  let behind = 0;
  let roomId: string | undefined;
  const out = (group: MessageGroup): SelectedGroup => ({ ...group, part: 'out' });
  for await (const group of groups) {
    if (group.roomId !== roomId) {
      yield* before.map(out);
      [before, behind, roomId] = [[], 0, group.roomId];
    }
    // What is only known to be gone is no message to be counted.
    const isMessage = group.lines.some(({ isDeleted }) => !isDeleted);
    if (isMessage && isHit(group, selection)) {
      for (const earlier of before) yield { ...earlier, part: isKnown(earlier) ? 'context' : 'out' };
      before = [];
      behind = context;
      yield { ...group, part: 'hit' };
    } else if (isMessage && behind > 0 && isInRooms(group, selection)) {
      behind -= 1;
      yield { ...group, part: 'context' };
    } else {
      before.push(group);
      if (before.length > (isInRooms(group, selection) ? context : 0)) yield* before.splice(0, 1).map(out);
    }
  }
  yield* before.map(out);
}

function isKnown({ lines }: MessageGroup): boolean {
  return lines.some(({ isDeleted }) => !isDeleted);
}

function isInRooms({ roomId }: MessageGroup, { rooms }: Selection): boolean {
  return rooms === undefined || rooms.has(roomId);
}

function isHit(group: MessageGroup, selection: Selection): boolean {
  const { sinceMs, untilMs, users } = selection;
  if (!isInRooms(group, selection)) return false;
  const [line] = group.lines;
  const tsMs = line === undefined ? 0 : timeOfLine(line);
  if (sinceMs !== undefined && tsMs < sinceMs) return false;
  if (untilMs !== undefined && tsMs >= untilMs) return false;
  return users === undefined || group.lines.some(({ userId, username }) => users.has(userId) || users.has(username));
}
