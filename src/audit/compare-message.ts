import { stringifyExact } from '../model/json/exact-json.ts';
import { parseDateMs, type Message } from '../model/message.ts';
import type { Value } from '../model/column.ts';
import type { Room } from '../model/room.ts';
import { messageTables } from '../tables/tables.ts';
import { flatten } from '../transforms/flatten.ts';
import type { StepChain } from '../transforms/steps/step-chain.ts';
import type { SampledMessage } from './sampled-message.ts';

/** What became of a message of the archive. */
type MessageVerdict =
  | { readonly kind: 'equal' }
  | { readonly kind: 'edited'; readonly archivedMs: number; readonly nowMs: number }
  | { readonly kind: 'differs'; readonly column: string; readonly archived: string; readonly server: string }
  /** Other values, and no `updated_at` in the archive that would say whether the message was edited. */
  | { readonly kind: 'unclear' };

/**
 * Columns whose values are not the message's: of the run; of the room list, which changes without the message; and names
 * that a workspace with `UI_Use_Real_Name` looks up whenever it is asked.
 * Source: apps/meteor/app/utils/server/lib/normalizeMessagesForUser.ts
 */
const ofOthers: ReadonlySet<string> = new Set([
  ...['op', 'run', 'deleted_at', 'room_name', 'room_title', 'room_type', 'user_name'],
]);

/** Where the steps that made the rows are not the job's: what no built-in step changes. */
const untouched: ReadonlySet<string> = new Set(['message_id', 'ts', 'updated_at']);

const { messages: table } = messageTables({ md: true });

/** All that a usual job's files have; `md` only stands in those of jobs that keep it. */
export const comparedColumns: readonly string[] = table.columns
  .map(({ name }) => name)
  .filter((name) => name !== 'md' && !ofOthers.has(name));

/**
 * Compares a message of the archive with what the server has of it, column by column.
 *
 * @param room where the server has it
 * @param steps of the job that alter messages; undefined: other steps made the row, and most columns cannot be compared
 */
export function compareMessage(
  archived: SampledMessage,
  message: Message,
  room: Room,
  steps: StepChain | undefined,
): MessageVerdict {
  const { raw } = message;
  const nowMs = parseDateMs(raw['_updatedAt']) ?? null;
  const { updated_at: updatedAt } = archived.row;
  const hasTime = archived.columns.has('updated_at');
  const archivedMs = updatedAt instanceof Date ? updatedAt.getTime() : null;
  if (hasTime && archivedMs !== null && nowMs !== null && nowMs > archivedMs) {
    return { kind: 'edited', archivedMs, nowMs };
  }
  if (typeof raw['rid'] === 'string' && raw['rid'] !== room.id) {
    return { kind: 'differs', column: 'room_id', archived: room.id, server: raw['rid'] };
  }
  const { id: roomId, name: roomName, displayName: roomTitle = roomName, type: roomType } = room;
  const flat = flatten(message, { roomId, roomName, roomTitle, roomType, run: archived.run });
  const made = steps === undefined ? flat : steps.message(flat);
  if (made === null) return { kind: 'unclear' };
  const [expected = {}] = table.rows([made]);
  for (const { name } of table.columns) {
    if (!archived.columns.has(name) || ofOthers.has(name)) continue;
    if (steps === undefined && !untouched.has(name)) continue;
    const is = archived.row[name] ?? null;
    const should = expected[name] ?? null;
    if (isSame(is, should)) continue;
    if (!hasTime) return { kind: 'unclear' };
    return { kind: 'differs', column: name, archived: shown(is), server: shown(should) };
  }
  return { kind: 'equal' };
}

function isSame(archived: Value, server: Value): boolean {
  if (archived === server || wellFormed(archived) === wellFormed(server)) return true;
  // CSV with `excelSafe` has a `'` before what a spreadsheet would run.
  return typeof archived === 'string' && typeof server === 'string' && archived === `'${server}`;
}

/** Files are UTF-8, which has no halves of surrogate pairs: they were written as U+FFFD. */
function wellFormed(value: Value): string {
  return stringifyExact(value).replaceAll(/(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '\ufffd');
}

function shown(value: Value): string {
  return stringifyExact(value).slice(0, 200);
}
