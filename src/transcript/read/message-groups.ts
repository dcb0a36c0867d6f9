import type { MessageRow } from './message-row.ts';
import { readLine, rowOfLine, treeOfLine, type RowLine } from './row-line.ts';

/** The lines of one message. */
export interface MessageGroup {
  readonly roomId: string;
  readonly messageId: string;
  /** Its rows. */
  readonly lines: readonly RowLine[];
  /** Syntax trees of its texts, where rows may lack them; those of later runs behind. */
  readonly trees: readonly RowLine[];
}

/**
 * Puts sorted lines together that are of one message.
 *
 * @param batches of lines, whose messages are handed on together, too
 * @param skip parts between the room and the time, see lineInThread
 */
export async function* messageGroups(
  batches: AsyncIterable<readonly string[]>,
  skip = 0,
): AsyncGenerator<readonly MessageGroup[]> {
  let [rows, trees]: [RowLine[], RowLine[]] = [[], []];
  let first: RowLine | undefined;
  for await (const lines of batches) {
    const groups: MessageGroup[] = [];
    for (const line of lines) {
      const read = readLine(line, skip);
      if (first !== undefined && !isSame(first, read)) {
        // Of what is in no table there is nothing to show.
        if (rows.length > 0) groups.push({ roomId: first.roomId, messageId: first.messageId, lines: rows, trees });
        [rows, trees, first] = [[], [], undefined];
      }
      first ??= read;
      (read.isTree ? trees : rows).push(read);
    }
    if (groups.length > 0) yield groups;
  }
  if (first !== undefined && rows.length > 0)
    yield [{ roomId: first.roomId, messageId: first.messageId, lines: rows, trees }];
}

/** The rows of a message, each with the tree of its text where one is known. */
export function rowsOfGroup({ lines, trees }: MessageGroup): readonly MessageRow[] {
  const rows = lines.map(rowOfLine);
  if (trees.length === 0) return rows;
  const known = new Map(trees.map(treeOfLine));
  return rows.map((row) => (row.md === null && row.msg !== null ? { ...row, md: known.get(row.msg) ?? null } : row));
}

function isSame(a: RowLine, b: RowLine): boolean {
  return a.messageId === b.messageId && a.time === b.time && a.roomId === b.roomId;
}
