import type { Row } from '../../../src/model/column.ts';

/** Of a row of a table of messages. @throws where it has none */
export function messageIdOf({ message_id: id }: Row): string {
  if (typeof id !== 'string') throw new Error('A row has no id');
  return id;
}
