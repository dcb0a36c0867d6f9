import type { RowLine } from './row-line.ts';
import { readLine } from './row-line.ts';

/** The lines of one message. */
export interface MessageGroup {
  readonly roomId: string;
  readonly messageId: string;
  readonly lines: readonly RowLine[];
}

/** Puts sorted lines together that are of one message. @param skip parts between the room and the time, see lineInThread */
export async function* messageGroups(lines: AsyncIterable<string>, skip = 0): AsyncGenerator<MessageGroup> {
  let group: RowLine[] = [];
  for await (const line of lines) {
    const read = readLine(line, skip);
    const [first] = group;
    if (first !== undefined && !isSame(first, read)) {
      yield { roomId: first.roomId, messageId: first.messageId, lines: group };
      group = [];
    }
    group.push(read);
  }
  const [first] = group;
  if (first !== undefined) yield { roomId: first.roomId, messageId: first.messageId, lines: group };
}

function isSame(a: RowLine, b: RowLine): boolean {
  return a.messageId === b.messageId && a.time === b.time && a.roomId === b.roomId;
}
