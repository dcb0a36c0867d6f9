import { isArray } from '../../model/json/is-array.ts';
import { lastMs } from '../../model/time/durations.ts';
import { messageSources } from '../../model/table-name.ts';
import type { Row } from '../../model/column.ts';
import { type MessageSource } from '../../snapshot/numbers/message-files.ts';
import { messageRow, rowColumns, type MessageRow } from './message-row.ts';

/** Between the parts of a line: sorts before whatever a part holds. */
const separator = '\u0001';

/** Where a row belongs in a transcript: room by room, oldest first, the rows of a message in the order of the runs. */
interface RowPlace {
  readonly roomId: string;
  /** Sorts as the time does. */
  readonly time: string;
  readonly messageId: string;
}

/** A row on its way through the sort. */
export interface RowLine extends RowPlace {
  readonly line: string;
  readonly userId: string;
  readonly username: string;
  readonly threadId: string;
  /** Where the JSON of the row begins. */
  readonly jsonAt: number;
  readonly source: MessageSource;
  readonly isDeleted: boolean;
  /** Whether it is that of a syntax tree, and no row. */
  readonly isTree: boolean;
  /** Sorts the rows of a message: by run, what is gone before what is there, then by table. */
  readonly order: string;
}

/** In their order, for every row. */
const columnNames = [...rowColumns];

/** The line of a row, which sorts to its place. A row without an id, room or time has none. */
export function lineOfRow(source: MessageSource, row: Row): string | undefined {
  const { message_id: messageId, room_id: roomId, ts, run, user_id: userId, username, thread_id: threadId } = row;
  if (typeof messageId !== 'string' || typeof roomId !== 'string' || !(ts instanceof Date)) return undefined;
  const picked: Record<string, unknown> = {};
  for (const name of columnNames) {
    const value = row[name];
    if (value !== null && value !== undefined && value !== false) picked[name] = value;
  }
  // Not the same as a job that dropped the column.
  if (row['is_system'] === false) picked['is_system'] = false;
  const runKey = String(typeof run === 'number' ? run : 0).padStart(9, '0');
  // Of one run what is there counts more than what is gone: see `supersedes`.
  const order = `${runKey}${row['op'] === 'delete' ? 0 : 1}${messageSources.indexOf(source)}`;
  const place = [part(roomId), sortableTime(ts.getTime()), part(messageId), order];
  const head = [...place, part(userId), part(username), part(threadId)];
  return `${head.join(separator)}${separator}${JSON.stringify(picked)}`;
}

/** In place of the digits by which the rows of a run are sorted: behind them. */
const treeOrder = '99';

/** The line of a syntax tree, which stands behind the rows of its message. */
export function lineOfTree(
  run: number,
  tree: {
    readonly messageId: string;
    readonly roomId: string;
    readonly tsMs: number;
    readonly msg: string;
    readonly md: readonly unknown[];
  },
): string {
  const order = `${String(run).padStart(9, '0')}${treeOrder}`;
  const place = [part(tree.roomId), sortableTime(tree.tsMs), part(tree.messageId), order];
  return `${[...place, '', '', ''].join(separator)}${separator}${JSON.stringify([tree.msg, tree.md])}`;
}

/** The text, and the tree that the server made of it. @param line made by lineOfTree */
export function treeOfLine({ line, jsonAt }: RowLine): readonly [msg: unknown, md: unknown] {
  const tree: unknown = JSON.parse(line.slice(jsonAt));
  if (!isArray(tree)) throw new Error('a sorted line has lost its tree');
  return [tree[0], tree[1]];
}

/** The same line among those of its thread, whose first message comes first. */
export function lineInThread({ line, roomId, time }: RowLine, rootId: string, isRoot: boolean): string {
  const rest = line.slice(roomId.length + 1 + time.length + 1);
  return [roomId, part(rootId), (isRoot ? '0' : '1') + time, rest].join(separator);
}

/** The id of the message that began the thread. @param line made by lineInThread */
export function threadOfLine({ line, roomId }: RowLine): string {
  return line.slice(roomId.length + 1, line.indexOf(separator, roomId.length + 1));
}

/** @throws Error for what `lineOfRow` did not make */
export function readLine(line: string, skip = 0): RowLine {
  const parts: string[] = [];
  let at = 0;
  for (let count = 0; count < 7 + skip; count++) {
    const end = line.indexOf(separator, at);
    if (end < 0) throw new Error('a sorted line has lost its parts');
    parts.push(line.slice(at, end));
    at = end + 1;
  }
  const roomId = parts[0] ?? '';
  const [time = '', messageId = '', order = '', userId = '', username = '', threadId = ''] = parts.slice(1 + skip);
  const source = messageSources[Number(order.slice(-1))] ?? 'messages';
  const isDeleted = order.at(-2) === '0';
  const isTree = order.endsWith(treeOrder);
  return { line, roomId, time, messageId, userId, username, threadId, jsonAt: at, source, isDeleted, isTree, order };
}

export function rowOfLine({ line, jsonAt, source }: RowLine): MessageRow {
  return messageRow(source, line.slice(jsonAt));
}

/** When a message was sent, in epoch milliseconds. @param line not one in a thread */
export function timeOfLine({ time }: RowPlace): number {
  return Number(time) - lastMs;
}

/** A time as text that sorts as it does. */
export function sortableTime(ms: number): string {
  return String(ms + lastMs).padStart(17, '0');
}

const control = /[\0-\x1f]/;

/** No server makes ids with control characters: one that came through the API must not end a line. */
function part(value: unknown): string {
  if (typeof value !== 'string') return '';
  return control.test(value) ? value.replaceAll(/[\0-\x1f]/g, '\ufffd') : value;
}
