import type { Column } from '../model/column.ts';
import { columnsOf } from './define-column.ts';
import type { FlatMessage } from '../model/flat-message.ts';

/** One element of a list in a message: what a row of a side table is read from. */
export interface Element<Value> {
  readonly message: FlatMessage;
  readonly position: number;
  readonly value: Value;
}

/** Says that a message has no element in the table any more: it lost its last one, or is gone itself. */
interface NoElement {
  readonly message: FlatMessage & { readonly op: 'delete' };
  readonly position: null;
  readonly value: null;
}

export type ElementRow<Value> = Element<Value> | NoElement;

/** One element for each value, numbered from 0 within the message; of a message with `op` delete the one that says so. */
export function elementsOf<Value>(message: FlatMessage, values: readonly Value[]): readonly ElementRow<Value>[] {
  if (isDeleted(message)) return [{ message, position: null, value: null }];
  return values.map((value, position) => ({ message, position, value }));
}

function isDeleted(message: FlatMessage): message is NoElement['message'] {
  return message.op === 'delete';
}

/** Reads a column of the table's own: null in a row that says that there is no element. */
export function own<Value, Cell>(read: (value: Value) => Cell): (row: ElementRow<Value>) => Cell | null {
  return ({ position, value }) => (position === null ? null : read(value));
}

/** The columns of a side table: which message and place the element has, then its own, then which run wrote the row. */
export function sideColumns<Value>(
  ownColumns: readonly Column<ElementRow<Value>>[],
): readonly Column<ElementRow<Value>>[] {
  const column = columnsOf<ElementRow<Value>>();
  return [
    column('message_id', 'string', '_id', 'Id of the message it is part of.', (e) => e.message.id),
    column('room_id', 'string', 'rid', 'Id of the room of the message.', (e) => e.message.roomId),
    column('ts', 'timestamp', 'ts', 'When the message was sent.', (e) => e.message.ts),
    column('user_id', 'string?', 'u._id', 'Id of the sender of the message.', (e) => ofMessage(e, e.message.userId)),
    column('thread_id', 'string?', 'tmid', 'The thread that the message replies in.', (e) =>
      ofMessage(e, e.message.threadId),
    ),
    column('position', 'int?', 'order in the message', 'Place within the message, from 0.', (e) => e.position),
    ...ownColumns,
    column(
      'op',
      'string',
      'the run',
      '`upsert`: the rows of a message in this run replace those of earlier runs; `delete`: it has none any more, or is gone, and the columns between `ts` and `op` are null.',
      (e) => e.message.op,
    ),
    column('run', 'int', 'the run', 'Number of the run that wrote the row.', (e) => e.message.run),
  ];
}

function ofMessage({ position }: ElementRow<unknown>, value: string | null): string | null {
  return position === null ? null : value;
}
