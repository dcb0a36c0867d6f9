import type { Column } from './column.ts';
import { columnsOf } from './define-column.ts';
import type { FlatMessage } from './flat-message.ts';

/** One element of a list in a message: what a row of a side table is read from. */
export interface Element<Value> {
  readonly message: FlatMessage;
  readonly position: number;
  readonly value: Value;
}

/** One element for each value, numbered from 0 within the message. */
export function elementsOf<Value>(message: FlatMessage, values: readonly Value[]): readonly Element<Value>[] {
  return values.map((value, position) => ({ message, position, value }));
}

/** The columns of a side table: which message and place the element has, then its own, then which run wrote the row. */
export function sideColumns<Value>(own: readonly Column<Element<Value>>[]): readonly Column<Element<Value>>[] {
  const column = columnsOf<Element<Value>>();
  return [
    column('message_id', 'string', '_id', 'Id of the message it is part of.', (e) => e.message.id),
    column('room_id', 'string', 'rid', 'Id of the room of the message.', (e) => e.message.roomId),
    column('ts', 'timestamp', 'ts', 'When the message was sent.', (e) => e.message.ts),
    column('position', 'int', 'order in the message', 'Place within the message, from 0.', (e) => e.position),
    ...own,
    column(
      'op',
      'string',
      'the run',
      '`upsert`: the rows of a message in this run replace those of earlier runs, even by none; `delete`: it is gone.',
      (e) => e.message.op,
    ),
    column('run', 'int', 'the run', 'Number of the run that wrote the row.', (e) => e.message.run),
  ];
}
