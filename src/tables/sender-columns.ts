import { storedColumns } from './stored-columns.ts';
import type { ColumnSpec } from '../model/column.ts';

const names: readonly string[] = ['user_id', 'username', 'user_name'];

/** The columns of a message's row that say who sent it. */
export const senderColumns: readonly ColumnSpec[] = (storedColumns.get('messages') ?? []).filter(({ name }) =>
  names.includes(name),
);
